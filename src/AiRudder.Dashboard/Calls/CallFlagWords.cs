namespace AiRudder.Dashboard.Calls;

/// <summary>What each flag says to a person: a few words for a list, a sentence for the call.</summary>
public static class CallFlagWords
{
    /// <summary>The single flags that are set, in their order.</summary>
    public static IEnumerable<CallFlags> Each(this CallFlags flags) =>
        Enum.GetValues<CallFlags>().Where(flag => int.PopCount((int)flag) == 1 && flags.HasFlag(flag));

    public static string Words(this CallFlags flag) => flag switch
    {
        CallFlags.HangupFieldsDisagree => "hang-up fields disagree",
        CallFlags.ZeroDurationWithTranscript => "spoke for 0 seconds",
        CallFlags.TimesOutOfOrder => "times out of order",
        CallFlags.AttemptsDoNotAddUp => "attempts do not add up",
        CallFlags.ConnectSignalsDisagree => "connected or not?",
        CallFlags.TransferStatusDisagrees => "transfer status disagrees",
        CallFlags.DurationDisagreesWithTimes => "duration disagrees with times",
        CallFlags.OddField => "a field could not be read",
        CallFlags.AmbiguousTime => "ambiguous local time",
        CallFlags.NoCallId => "no call id",
        CallFlags.Contradiction => "any contradiction",
        _ => flag.ToString(),
    };

    public static string Sentence(this CallFlags flag) => flag switch
    {
        CallFlags.HangupFieldsDisagree => "hangup_type and hangup_by name different sides as the one who hung up. Both are shown as received; neither is corrected.",
        CallFlags.ZeroDurationWithTranscript => "The duration is 0 seconds although something was said and transcribed.",
        CallFlags.TimesOutOfOrder => "The times of this call do not follow one another: dialled, started, connected, robot ended, ended.",
        CallFlags.AttemptsDoNotAddUp => "call_times says another number of dials than the attempts that were sent with the call.",
        CallFlags.ConnectSignalsDisagree => "Some fields say that the call was connected and others that it was not. It counts as connected when a connect time is known or the duration is above zero.",
        CallFlags.TransferStatusDisagrees => "TransferStatus does not fit the transfer times. A transfer counts as successful when its success time is known.",
        CallFlags.DurationDisagreesWithTimes => "The duration differs from the time between connect and end.",
        CallFlags.OddField => "At least one field could not be read as what it should be; the reading notes say which. The original is kept.",
        CallFlags.AmbiguousTime => "A local time falls into the hour that daylight saving skips or repeats, so its instant is a guess.",
        CallFlags.NoCallId => "AIRUDDER sent no call id. Task, number and attempt count identify this call instead.",
        _ => flag.ToString(),
    };
}
