using static AiRudder.Dashboard.Metrics.FigureUnit;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Every figure of the product, defined once. |A| attempts, |C| connected, |H| numbers heard of, N list size, RPC right-party contacts.</summary>
public static class Figures
{
    public const string Deliveries = "deliveries";
    public const string NumbersHeard = "numbersHeard";
    public const string NumbersReached = "numbersReached";
    public const string Calls = "calls";
    public const string Attempts = "attempts";
    public const string Connected = "connected";
    public const string AnswerRate = "answerRate";
    public const string Reach = "reach";
    public const string AttemptsPerNumber = "attemptsPerNumber";
    public const string AverageCallDuration = "averageCallDuration";
    public const string AverageRobotTalk = "averageRobotTalk";
    public const string AverageRingTime = "averageRingTime";
    public const string ShortCallShare = "shortCallShare";
    public const string NoResponseRate = "noResponseRate";
    public const string TurnsPerCall = "turnsPerCall";
    public const string TransferRequests = "transferRequests";
    public const string TransferRate = "transferRate";
    public const string TransferSuccess = "transferSuccess";
    public const string RightPartyOfConnects = "rightPartyOfConnects";
    public const string PromiseOfRightParty = "promiseOfRightParty";
    public const string UnmappedShare = "unmappedShare";
    public const string ContradictionRate = "contradictionRate";
    public const string Coverage = "coverage";

    public static readonly IReadOnlyList<FigureDefinition> All =
    [
        new(Deliveries, "Deliveries", "webhook bodies received in the period, repeats of the same bytes not counted", Count, false, t => new(t.Deliveries, Reason: t.DeliveriesUnknown)),
        new(NumbersHeard, "Numbers heard of", "|H|: distinct numbers within their task", Count, true, t => new(t.Heard)),
        new(NumbersReached, "Numbers reached", "distinct numbers with a connected call, within their task", Count, true, t => new(t.Reached)),
        new(Calls, "Calls finished", "finished numbers whose last dial began in the period", Count, true, t => new(t.Calls.Calls)),
        new(Attempts, "Attempts", "|A|: distinct dials, redials included, by their own start", Count, true, t => new(t.Attempts)),
        new(Connected, "Connected attempts", "|C|: attempts with a connect time or a duration above zero", Count, true, t => new(t.ConnectedAttempts)),
        new(AnswerRate, "Answer rate (per attempt)", "|C| ÷ |A|", Fraction, true, t => new(t.ConnectedAttempts, t.Attempts)),
        new(Reach, "Reach (per number)", "numbers with a connected call ÷ N", Fraction, true, t => t.ListSize is { } n ? new(t.Reached, n) : new(t.Reached, null, t.ListSizeUnknown)),
        new(AttemptsPerNumber, "Attempts per number", "|A| ÷ |H|", Ratio, true, t => new(t.Attempts, t.Heard)),
        new(AverageCallDuration, "Average call", "seconds of connected calls ÷ connected calls of known duration", Seconds, true, t => new(t.Calls.DurationSeconds, t.Calls.DurationKnown)),
        new(AverageRobotTalk, "Average robot talk", "seconds from connect to the robot's end ÷ connected calls where both are known", Seconds, true, t => new(t.Calls.RobotTalkSeconds, t.Calls.RobotTalkKnown)),
        new(AverageRingTime, "Average ring time", "seconds of ringing ÷ attempts of known ring time", Seconds, true, t => new(t.RingSeconds, t.RingKnown)),
        new(ShortCallShare, "Short calls", "connected calls of 6 s or less ÷ connected calls of known duration", Fraction, true, t => new(t.Calls.ShortCalls, t.Calls.DurationKnown)),
        new(NoResponseRate, "No response", "connected calls in which the callee said nothing ÷ connected calls", Fraction, true, t => new(t.Calls.SilentCalls, t.Calls.Connected)),
        new(TurnsPerCall, "Turns per call", "rounds of talk ÷ connected calls where they are known", Ratio, true, t => new(t.Calls.Turns, t.Calls.TurnsKnown)),
        new(TransferRequests, "Transfers asked", "calls with a transfer request", Count, true, t => new(t.Calls.TransferRequests)),
        new(TransferRate, "Transfer rate", "calls with a transfer request ÷ connected calls", Fraction, true, t => new(t.Calls.TransferRequests, t.Calls.Connected)),
        new(TransferSuccess, "Transfers taken", "transfers with a success time ÷ transfer requests", Fraction, true, t => new(t.Calls.TransferSuccesses, t.Calls.TransferRequests)),
        new(RightPartyOfConnects, "Right party of connects", "RPC ÷ connected calls", Fraction, true, t => new(t.RightParty, t.Calls.Connected, t.RightPartyUnknown)),
        new(PromiseOfRightParty, "Promises of right party", "promises (one per number and day) ÷ RPC", Fraction, true, t => new(t.Promises, t.RightParty, t.RightPartyUnknown ?? t.PromiseUnknown)),
        new(UnmappedShare, "Without a meaning", "connected calls whose label has no meaning ÷ connected calls", Fraction, true, t => new(t.Unmapped, t.Calls.Connected)),
        new(ContradictionRate, "Contradictions", "calls whose record contradicts itself ÷ calls", Fraction, true, t => new(t.Calls.Contradictions, t.Calls.Calls)),
        new(Coverage, "Coverage", "|H| ÷ N over all days of the tasks", Fraction, true, t => t.ListSize is { } n ? new(t.HeardInAll, n) : new(null, null, t.ListSizeUnknown)),
    ];

    private static readonly Dictionary<string, FigureDefinition> ByName = All.ToDictionary(definition => definition.Name);

    public static FigureDefinition Definition(string name) => ByName[name];

    public static IReadOnlyDictionary<string, Figure> Compute(Totals totals) => All.ToDictionary(definition => definition.Name, definition => definition.Compute(totals));
}
