using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Finds what disagrees inside one record. The vendor's own example contradicts itself, so a contradiction is something to look
/// at and never a reason to drop or mend a call.
/// </summary>
public static class Contradictions
{
    /// <summary>Seconds by which rounding may part a duration from its times.</summary>
    private const int Rounding = 2;

    public static CallFlags Find(CallElement element, Call call, CallTimes times)
    {
        var flags = CallFlags.None;

        void Raise(bool found, CallFlags flag) => flags |= found ? flag : CallFlags.None;

        Raise(
            element is { HangupType: { } type, HangupBy: { } by } && !type.Equals(by, StringComparison.OrdinalIgnoreCase),
            CallFlags.HangupFieldsDisagree);
        Raise(element.Duration is null or 0 && call.CalleeSpoke, CallFlags.ZeroDurationWithTranscript);
        Raise(OutOfOrder(times), CallFlags.TimesOutOfOrder);
        Raise(element.CallTimes is { } dials && dials != call.AttemptCount, CallFlags.AttemptsDoNotAddUp);
        Raise(element.Duration is { } duration && (times.Connected is not null) != (duration > 0), CallFlags.ConnectSignalsDisagree);
        Raise(
            (element.Transfer.Status == 2 && times.TransferSucceeded is null) || (element.Transfer.FailureReason is not null && times.TransferSucceeded is not null),
            CallFlags.TransferStatusDisagrees);
        Raise(times.TransferRequested is null && (times.TransferRang is not null || times.TransferSucceeded is not null), CallFlags.TransferTimesIncomplete);
        Raise(element is { TalkRound: { } rounds, Turns.Count: > 0 } && rounds != element.Turns.Count, CallFlags.TurnsDoNotAddUp);
        Raise(call.HasRecording && !call.Connected, CallFlags.RecordingWithoutConnect);
        Raise(
            element.Duration is { } length and > 0 && times is { Connected: { } connected, Ended: { } ended } &&
            Math.Abs((ended - connected).TotalSeconds - length) > Rounding &&
            Math.Abs((ended - (times.Started ?? connected)).TotalSeconds - length) > Rounding,
            CallFlags.DurationDisagreesWithTimes);
        Raise(times.Ambiguous, CallFlags.AmbiguousTime);
        Raise(element.CallId is null, CallFlags.NoCallId);
        return flags;
    }

    private static bool OutOfOrder(CallTimes times)
    {
        DateTimeOffset?[] order = [times.Dialed, times.Started, times.Connected, times.RobotEnded, times.Ended];
        var known = order.OfType<DateTimeOffset>().ToList();
        var transfer = new[] { times.TransferRequested, times.TransferRang, times.TransferSucceeded }.OfType<DateTimeOffset>().ToList();
        return !Ascending(known) || !Ascending(transfer) || (transfer.Count > 0 && times.Connected is { } connected && transfer[0] < connected);
    }

    private static bool Ascending(List<DateTimeOffset> times) => times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second);
}
