namespace AiRudder.Dashboard.Reviews;

/// <summary>How samples are divided, in words.</summary>
internal static class SampleWords
{
    public static readonly IReadOnlyList<StratifyBy> Parts = [StratifyBy.Robot, StratifyBy.Label, StratifyBy.Hangup, StratifyBy.Attempt];

    public static string Of(StratifyBy by) => by == StratifyBy.None
        ? T("nothing")
        : string.Join(" × ", Parts.Where(part => by.HasFlag(part)).Select(part => part switch
        {
            StratifyBy.Robot => T("robot"),
            StratifyBy.Label => T("label"),
            StratifyBy.Hangup => T("hang-up"),
            _ => T("attempt"),
        }));
}
