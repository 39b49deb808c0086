using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Calls;

/// <summary>One call from its versions: the newer arrival wins field by field, and nothing never replaces something.</summary>
public static class CallMerge
{
    /// <param name="versions">In order of arrival, at least one.</param>
    public static CallElement Merge(IEnumerable<CallElement> versions) => versions.Aggregate((older, newer) => Over(newer, older));

    private static CallElement Over(CallElement newer, CallElement older) => new()
    {
        Id = newer.Id ?? older.Id,
        CallId = newer.CallId ?? older.CallId,
        Callee = newer.Callee ?? older.Callee,
        Result = newer.Result ?? older.Result,
        ResultLabel = newer.ResultLabel ?? older.ResultLabel,
        Duration = FilledNumber(newer.Duration, older.Duration),
        HangupType = newer.HangupType ?? older.HangupType,
        HangupBy = newer.HangupBy ?? older.HangupBy,
        RingType = newer.RingType ?? older.RingType,
        QuestionAnswers = Filled(newer.QuestionAnswers, older.QuestionAnswers),
        EventLabels = Union(newer.EventLabels, older.EventLabels),
        MultiIntention = newer.MultiIntention ?? older.MultiIntention,
        Slots = newer.Slots ?? older.Slots,
        NerSlots = Union(newer.NerSlots, older.NerSlots),
        Variables = Union(newer.Variables, older.Variables),
        RobotHash = newer.RobotHash ?? older.RobotHash,
        CallTimes = FilledNumber(newer.CallTimes, older.CallTimes),
        CallDialTime = FilledTime(newer.CallDialTime, older.CallDialTime),
        CallStartTime = FilledTime(newer.CallStartTime, older.CallStartTime),
        CallConnectTime = FilledTime(newer.CallConnectTime, older.CallConnectTime),
        RobotEndTime = FilledTime(newer.RobotEndTime, older.RobotEndTime),
        CallEndTime = FilledTime(newer.CallEndTime, older.CallEndTime),
        RingTime = FilledNumber(newer.RingTime, older.RingTime),
        TalkRound = FilledNumber(newer.TalkRound, older.TalkRound),
        Redials = Filled(newer.Redials, older.Redials),
        IntentionDescription = newer.IntentionDescription ?? older.IntentionDescription,
        CallerNumber = newer.CallerNumber ?? older.CallerNumber,
        Turns = Filled(newer.Turns, older.Turns),
        Summary = newer.Summary ?? older.Summary,
        Emotion = newer.Emotion ?? older.Emotion,
        RecordingLink = newer.RecordingLink ?? older.RecordingLink,
        Transfer = new TransferElement
        {
            Status = FilledNumber(newer.Transfer.Status, older.Transfer.Status),
            Reason = newer.Transfer.Reason ?? older.Transfer.Reason,
            FailureReason = newer.Transfer.FailureReason ?? older.Transfer.FailureReason,
            Time = FilledTime(newer.Transfer.Time, older.Transfer.Time),
            RingTime = FilledTime(newer.Transfer.RingTime, older.Transfer.RingTime),
            SuccessTime = FilledTime(newer.Transfer.SuccessTime, older.Transfer.SuccessTime),
            CallId = newer.Transfer.CallId ?? older.Transfer.CallId,
        },
        ReasonCode = newer.ReasonCode ?? older.ReasonCode,
        Workflow = newer.Workflow.Over(older.Workflow),
        Unknown = newer.Unknown ?? older.Unknown,
        Notes = [.. older.Notes.Union(newer.Notes)],
    };

    private static IReadOnlyList<T> Filled<T>(IReadOnlyList<T> newer, IReadOnlyList<T> older) => newer.Count > 0 ? newer : older;

    /// <summary>A zero is what a version that does not know yet says; it must not undo a number.</summary>
    private static int? FilledNumber(int? newer, int? older) => newer is null or 0 ? older ?? newer : newer;

    /// <summary>A row of zeros is a spelling of no time, and what is no time must not undo one.</summary>
    private static string? FilledTime(string? newer, string? older) => Worth(newer) >= Worth(older) ? newer ?? older : older;

    private static int Worth(string? time) => time is null ? 0 : VendorTime.Read(time, TimeZoneInfo.Utc) switch { null => 1, { Instant: null } => 2, _ => 3 };

    private static IReadOnlyDictionary<string, string> Union(IReadOnlyDictionary<string, string> newer, IReadOnlyDictionary<string, string> older)
    {
        if (newer.Count == 0 || older.Count == 0)
        {
            return newer.Count == 0 ? older : newer;
        }

        var union = new Dictionary<string, string>(older);
        foreach (var (key, value) in newer)
        {
            if (value.Length > 0 || !union.ContainsKey(key))
            {
                union[key] = value;
            }
        }

        return union;
    }
}
