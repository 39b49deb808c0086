namespace AiRudder.Dashboard.Calls;

/// <summary>What each flag says to a person: a few words for a list, a sentence for the call.</summary>
public static class CallFlagWords
{
    /// <summary>The single flags that are set, in their order.</summary>
    public static IEnumerable<CallFlags> Each(this CallFlags flags) =>
        Enum.GetValues<CallFlags>().Where(flag => int.PopCount((int)flag) == 1 && flags.HasFlag(flag));

    public static string Words(this CallFlags flag) => flag switch
    {
        CallFlags.HangupFieldsDisagree => T("hang-up fields disagree"),
        CallFlags.ZeroDurationWithTranscript => T("spoke for 0 seconds"),
        CallFlags.TimesOutOfOrder => T("times out of order"),
        CallFlags.AttemptsDoNotAddUp => T("attempts do not add up"),
        CallFlags.ConnectSignalsDisagree => T("connected or not?"),
        CallFlags.TransferStatusDisagrees => T("transfer status disagrees"),
        CallFlags.DurationDisagreesWithTimes => T("duration disagrees with times"),
        CallFlags.OddField => T("a field could not be read"),
        CallFlags.AmbiguousTime => T("ambiguous local time"),
        CallFlags.NoCallId => T("no call id"),
        CallFlags.TurnsDoNotAddUp => T("turns do not add up"),
        CallFlags.TransferTimesIncomplete => T("transfer without a request"),
        CallFlags.RecordingWithoutConnect => T("recording of no talk"),
        CallFlags.Contradiction => T("any contradiction"),
        _ => flag.ToString(),
    };

    public static string Sentence(this CallFlags flag) => flag switch
    {
        CallFlags.HangupFieldsDisagree => T("hangup_type and hangup_by name different sides as the one who hung up. Both are shown as received; neither is corrected."),
        CallFlags.ZeroDurationWithTranscript => T("The duration is 0 seconds although something was said and transcribed."),
        CallFlags.TimesOutOfOrder => T("The times of this call do not follow one another: dialled, started, connected, robot ended, ended."),
        CallFlags.AttemptsDoNotAddUp => T("call_times says another number of dials than the attempts that were sent with the call."),
        CallFlags.ConnectSignalsDisagree => T("Some fields say that the call was connected and others that it was not. It counts as connected when a connect time is known or the duration is above zero."),
        CallFlags.TransferStatusDisagrees => T("TransferStatus or the failure reason does not fit the transfer times. A transfer counts as successful when its success time is known."),
        CallFlags.DurationDisagreesWithTimes => T("The duration differs from the time between connect and end."),
        CallFlags.OddField => T("At least one field could not be read as what it should be; the reading notes say which. The original is kept."),
        CallFlags.AmbiguousTime => T("A local time falls into the hour that daylight saving skips or repeats, so its instant is a guess."),
        CallFlags.NoCallId => T("AIRUDDER sent no call id. Task, number and attempt count identify this call instead."),
        CallFlags.TurnsDoNotAddUp => T("talk_round says another number of turns than the transcript has."),
        CallFlags.TransferTimesIncomplete => T("A transfer rang or succeeded although no time says that it was asked for."),
        CallFlags.RecordingWithoutConnect => T("There is a recording although nothing says that the call was connected."),
        _ => flag.ToString(),
    };
}
