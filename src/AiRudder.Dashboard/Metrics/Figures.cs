using AiRudder.Dashboard.Intentions;
using static AiRudder.Dashboard.Metrics.FigureSection;
using static AiRudder.Dashboard.Metrics.FigureUnit;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Every figure of the product, defined once.</summary>
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
    public const string TransferWait = "transferWait";
    public const string RightPartyOfConnects = "rightPartyOfConnects";
    public const string PromiseOfRightParty = "promiseOfRightParty";
    public const string UnmappedShare = "unmappedShare";
    public const string Contradictions = "contradictions";
    public const string ContradictionRate = "contradictionRate";
    public const string Coverage = "coverage";

    /// <summary>Anchor of the shares of single meanings in the glossary; not in the API.</summary>
    public const string Meanings = "meanings";

    private static readonly string NoListSize = Noted("The size of a task's list is not in the webhook; while that of one task is unknown, so is this.");
    private static readonly string NoMeaning = Noted("No label has been given this meaning on the Intentions page.");

    public static readonly IReadOnlyList<FigureDefinition> All =
    [
        new()
        {
            Name = Deliveries, Words = Noted("Deliveries"), Section = Volume, Unit = Count, MovesWithTasks = false,
            Formula = Noted("webhook bodies received in the period; repeats of the same bytes are not counted"),
            Numerator = Noted("deliveries"),
            UnknownWhen = Noted("The filter asks for more than days, connection and task: one delivery carries many calls."),
            Read = t => new(t.Deliveries, Reason: t.DeliveriesUnknown),
        },
        new()
        {
            Name = Calls, Words = Noted("Calls finished"), Section = Volume, Unit = Count,
            Formula = Noted("finished numbers whose last dial began in the period"),
            Numerator = Noted("calls"),
            Read = t => new(t.Calls.Calls),
        },
        new()
        {
            Name = Attempts, Words = Noted("Attempts"), Section = Volume, Unit = Count,
            Formula = Noted("distinct dials, redials included, each by its own start"),
            Numerator = Noted("attempts"),
            Caution = Noted("Dials of numbers that are still being tried arrive only when the number is finished."),
            Read = t => new(t.Attempts),
        },
        new()
        {
            Name = Connected, Words = Noted("Connected attempts"), Section = Volume, Unit = Count,
            Formula = Noted("attempts with a connect time or a duration above zero"),
            Numerator = Noted("connected attempts"),
            Caution = Noted("Answering machines and wrong people are connected too."),
            Read = t => new(t.ConnectedAttempts),
        },
        new()
        {
            Name = NumbersHeard, Words = Noted("Numbers heard of"), Section = Volume, Unit = Count,
            Formula = Noted("distinct numbers, each within its task"),
            Numerator = Noted("numbers"),
            Read = t => new(t.Heard),
        },
        new()
        {
            Name = AttemptsPerNumber, Words = Noted("Attempts per number"), Section = Volume, Unit = Ratio,
            Formula = Noted("attempts ÷ numbers heard of"),
            Numerator = Noted("attempts"), Denominator = Noted("numbers"),
            Read = t => new(t.Attempts, t.Heard),
        },
        new()
        {
            Name = NumbersReached, Words = Noted("Numbers reached"), Brief = Noted("Reached"), Section = FigureSection.Reach, Unit = Count,
            Formula = Noted("distinct numbers with a connected call, each within its task"),
            Numerator = Noted("numbers"),
            Read = t => new(t.Reached),
        },
        new()
        {
            Name = AnswerRate, Words = Noted("Answer rate (per attempt)"), Brief = Noted("Answer rate"), Section = FigureSection.Reach, Unit = Fraction,
            Formula = Noted("connected attempts ÷ attempts"),
            Numerator = Noted("connected"), Denominator = Noted("attempts"),
            Caution = Noted("Answered calls arrive at once, unanswered ones later: while a task runs it starts close to 100 %."),
            Read = t => new(t.ConnectedAttempts, t.Attempts),
        },
        new()
        {
            Name = Reach, Words = Noted("Reach (per number)"), Brief = Noted("Reach"), Section = FigureSection.Reach, Unit = Fraction,
            Formula = Noted("numbers with a connected call ÷ numbers on the tasks' lists"),
            Numerator = Noted("reached"), Denominator = Noted("listed"),
            UnknownWhen = NoListSize,
            Read = t => t.ListSize is { } n ? new(t.Reached, n) : new(t.Reached, null, t.ListSizeUnknown),
        },
        new()
        {
            Name = Coverage, Words = Noted("Coverage"), Section = FigureSection.Reach, Unit = Fraction,
            Formula = Noted("numbers heard of so far, on all days, ÷ numbers on the tasks' lists"),
            Numerator = Noted("heard of"), Denominator = Noted("listed"),
            UnknownWhen = NoListSize,
            Caution = Noted("Below 100 % every rate of the task is provisional."),
            Read = t => t.ListSize is { } n ? new(t.HeardInAll, n) : new(null, null, t.ListSizeUnknown),
        },
        new()
        {
            Name = AverageRingTime, Words = Noted("Average ring time"), Section = FigureSection.Reach, Unit = Seconds,
            Formula = Noted("seconds of ringing ÷ attempts of known ring time"),
            Numerator = Noted("seconds"), Denominator = Noted("attempts"),
            Read = t => new(t.RingSeconds, t.RingKnown),
        },
        new()
        {
            Name = RightPartyOfConnects, Words = Noted("Right party of connects"), Brief = Noted("Right party"), Section = Outcomes, Unit = Fraction, RestsOnMeanings = true,
            Formula = Noted("connected calls whose label means 'right party' ÷ connected calls"),
            Numerator = Noted("right party"), Denominator = Noted("connects"),
            UnknownWhen = NoMeaning,
            Read = t => new(t.RightParty, t.Calls.Connected, t.RightPartyUnknown),
        },
        new()
        {
            Name = PromiseOfRightParty, Words = Noted("Promises of right party"), Brief = Noted("Promises of RPC"), Section = Outcomes, Unit = Fraction, RestsOnMeanings = true,
            Formula = Noted("promises, one per number and local day, ÷ right-party calls"),
            Numerator = Noted("promises"), Denominator = Noted("right party"),
            UnknownWhen = NoMeaning,
            Caution = Noted("A promise said twice on one day is one. Whether it was kept is not in the webhook."),
            Read = t => new(t.Promises, t.RightParty, t.RightPartyUnknown ?? t.PromiseUnknown),
        },
        new()
        {
            Name = UnmappedShare, Words = Noted("Without a meaning"), Section = Outcomes, Unit = Fraction,
            Formula = Noted("connected calls whose label has no meaning ÷ connected calls"),
            Numerator = Noted("without a meaning"), Denominator = Noted("connects"),
            Caution = Noted("Stands beside every figure that rests on meanings; above 5 % those are grey."),
            Read = t => new(t.Unmapped, t.Calls.Connected),
        },
        new()
        {
            Name = NoResponseRate, Words = Noted("No response"), Section = Talk, Unit = Fraction,
            Formula = Noted("connected calls in which the callee said nothing that was transcribed ÷ connected calls"),
            Numerator = Noted("silent"), Denominator = Noted("connects"),
            Read = t => new(t.Calls.SilentCalls, t.Calls.Connected),
        },
        new()
        {
            Name = AverageCallDuration, Words = Noted("Average call"), Section = Talk, Unit = Seconds,
            Formula = Noted("seconds of connected calls ÷ connected calls of known duration"),
            Numerator = Noted("seconds"), Denominator = Noted("calls"),
            Caution = Noted("Whether it includes a person's talk after a transfer is not documented."),
            Read = t => new(t.Calls.DurationSeconds, t.Calls.DurationKnown),
        },
        new()
        {
            Name = AverageRobotTalk, Words = Noted("Average robot talk"), Section = Talk, Unit = Seconds,
            Formula = Noted("seconds from connect to the robot's end ÷ connected calls where both are known"),
            Numerator = Noted("seconds"), Denominator = Noted("calls"),
            Caution = Noted("Not a handle time: the robot neither holds nor works after a call."),
            Read = t => new(t.Calls.RobotTalkSeconds, t.Calls.RobotTalkKnown),
        },
        new()
        {
            Name = ShortCallShare, Words = Noted("Short calls"), Section = Talk, Unit = Fraction,
            Formula = Noted("connected calls of 6 s or less ÷ connected calls of known duration"),
            Numerator = Noted("short"), Denominator = Noted("calls"),
            Read = t => new(t.Calls.ShortCalls, t.Calls.DurationKnown),
        },
        new()
        {
            Name = TurnsPerCall, Words = Noted("Turns per call"), Section = Talk, Unit = Ratio,
            Formula = Noted("rounds of talk ÷ connected calls where they are known"),
            Numerator = Noted("rounds"), Denominator = Noted("calls"),
            Read = t => new(t.Calls.Turns, t.Calls.TurnsKnown),
        },
        new()
        {
            Name = TransferRequests, Words = Noted("Transfers asked"), Section = Transfers, Unit = Count,
            Formula = Noted("calls with a transfer request"),
            Numerator = Noted("transfers"),
            Read = t => new(t.Calls.TransferRequests),
        },
        new()
        {
            Name = TransferRate, Words = Noted("Transfer rate"), Section = Transfers, Unit = Fraction,
            Formula = Noted("calls with a transfer request ÷ connected calls"),
            Numerator = Noted("asked"), Denominator = Noted("connects"),
            Read = t => new(t.Calls.TransferRequests, t.Calls.Connected),
        },
        new()
        {
            Name = TransferSuccess, Words = Noted("Transfers taken"), Section = Transfers, Unit = Fraction,
            Formula = Noted("transfers with a success time ÷ transfer requests"),
            Numerator = Noted("taken"), Denominator = Noted("asked"),
            Read = t => new(t.Calls.TransferSuccesses, t.Calls.TransferRequests),
        },
        new()
        {
            Name = TransferWait, Words = Noted("Transfer wait"), Section = Transfers, Unit = Seconds,
            Formula = Noted("seconds from the request to the success of a transfer ÷ transfers where both are known and in order"),
            Numerator = Noted("seconds"), Denominator = Noted("transfers"),
            Read = t => new(t.Calls.TransferWaitSeconds, t.Calls.TransferWaitKnown),
        },
        new()
        {
            Name = Contradictions, Words = Noted("To check"), Section = Quality, Unit = Count,
            Formula = Noted("calls whose record contradicts itself"),
            Numerator = Noted("calls"),
            Read = t => new(t.Calls.Contradictions),
        },
        new()
        {
            Name = ContradictionRate, Words = Noted("Contradictions"), Section = Quality, Unit = Fraction,
            Formula = Noted("calls whose record contradicts itself ÷ calls"),
            Numerator = Noted("to check"), Denominator = Noted("calls"),
            Read = t => new(t.Calls.Contradictions, t.Calls.Calls),
        },
    ];

    /// <summary>Figures people look for that the webhook cannot give, and why: a guess would be worse than none.</summary>
    public static readonly IReadOnlyList<(string Words, string Why)> NotShown =
    [
        (Noted("Average handle time"), Noted("A robot neither holds nor works after a call; see average robot talk.")),
        (Noted("Promise kept, recovery, cost"), Noted("Payments and prices are not in the webhook.")),
        (Noted("Abandonment"), Noted("There is no queue in what AIRUDDER sends: a robot speaks at once.")),
        (Noted("Robot response latency, silence, talking over each other"), Noted("Whole seconds per turn say nothing of them; they would have to be measured in the recording.")),
        (Noted("Spam label of a caller number"), Noted("Only an outside look-up knows it.")),
    ];

    private static readonly Dictionary<string, FigureDefinition> ByName = All.ToDictionary(definition => definition.Name);

    public static FigureDefinition Definition(string name) => ByName[name];

    public static IReadOnlyDictionary<string, Figure> Compute(Totals totals) => All.ToDictionary(definition => definition.Name, definition => definition.Compute(totals));

    /// <summary>The share of one meaning.</summary>
    public static FigureDefinition OfMeaning(Meaning meaning) => new()
    {
        Name = Meanings,
        Words = char.ToUpperInvariant(MeaningWords.Of(meaning)[0]) + MeaningWords.Of(meaning)[1..],
        Section = Outcomes,
        Unit = Fraction,
        RestsOnMeanings = true,
        Formula = T("connected calls whose label means '{0}' ÷ connected calls", MeaningWords.Of(meaning)),
        Numerator = MeaningWords.Of(meaning),
        Denominator = Noted("connects"),
        UnknownWhen = NoMeaning,
        Read = t => new(t.Calls.Having(t.Looks, meaning), t.Calls.Connected),
    };
}
