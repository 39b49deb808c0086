namespace AiRudder.Simulator;

/// <summary>A number of a task that is done: one element of <c>details</c>.</summary>
/// <param name="Row">Its row in the task's list.</param>
/// <param name="Dial">Local times, like the others.</param>
/// <param name="Connect">Null when nobody answered; then <paramref name="Talk"/> is null too.</param>
/// <param name="RingTime">Seconds.</param>
internal sealed record FinishedCall(
    int Row,
    string CallId,
    string Callee,
    string Caller,
    string Letter,
    string HangupType,
    string HangupBy,
    string RingType,
    int RingTime,
    DateTime Dial,
    DateTime Start,
    DateTime? Connect,
    DateTime End,
    int CallTimes,
    IReadOnlyList<EarlierAttempt> Earlier,
    IReadOnlyDictionary<string, string> Variables,
    string AgentLegId,
    string RecordingLink,
    bool BareTransfer,
    Conversation? Talk);

/// <param name="RingTime">Seconds.</param>
internal sealed record EarlierAttempt(string CallId, DateTime Start, string RingType, int RingTime, string Letter, string Caller);
