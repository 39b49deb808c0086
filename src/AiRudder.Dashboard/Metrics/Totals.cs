using AiRudder.Dashboard.Intentions;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Sums that can be added up over slots, labels, tasks and zones.</summary>
public sealed class Tally
{
    private readonly Dictionary<LabelKey, long> connectedByLabel = [];

    public long Calls { get; private set; }

    public long Connected { get; private set; }

    public long DurationSeconds { get; private set; }

    public long DurationKnown { get; private set; }

    public long RobotTalkSeconds { get; private set; }

    public long RobotTalkKnown { get; private set; }

    public long ShortCalls { get; private set; }

    public long SilentCalls { get; private set; }

    public long Turns { get; private set; }

    public long TurnsKnown { get; private set; }

    public long TransferRequests { get; private set; }

    public long TransferSuccesses { get; private set; }

    public long Contradictions { get; private set; }

    public long Attempts { get; private set; }

    public long ConnectedAttempts { get; private set; }

    public long RingSeconds { get; private set; }

    public long RingKnown { get; private set; }

    /// <summary>Connected calls by connection, robot and label: letters are comparable within one robot only.</summary>
    public IReadOnlyDictionary<LabelKey, long> ConnectedByLabel => connectedByLabel;

    public void Add(CallSums sums)
    {
        Calls += sums.Calls;
        Connected += sums.Connected;
        DurationSeconds += sums.DurationSeconds;
        DurationKnown += sums.DurationKnown;
        RobotTalkSeconds += sums.RobotTalkSeconds;
        RobotTalkKnown += sums.RobotTalkKnown;
        ShortCalls += sums.ShortCalls;
        SilentCalls += sums.SilentCalls;
        Turns += sums.Turns;
        TurnsKnown += sums.TurnsKnown;
        TransferRequests += sums.TransferRequests;
        TransferSuccesses += sums.TransferSuccesses;
        Contradictions += sums.Contradictions;
        if (sums.Connected > 0)
        {
            AddLabel(new(sums.Key.ConnectionId, sums.Key.Robot, sums.Key.Label), sums.Connected);
        }
    }

    public void Add(DialSums sums)
    {
        Attempts += sums.Attempts;
        ConnectedAttempts += sums.Connected;
        RingSeconds += sums.RingSeconds;
        RingKnown += sums.RingKnown;
    }

    public void Add(Tally other)
    {
        Calls += other.Calls;
        Connected += other.Connected;
        DurationSeconds += other.DurationSeconds;
        DurationKnown += other.DurationKnown;
        RobotTalkSeconds += other.RobotTalkSeconds;
        RobotTalkKnown += other.RobotTalkKnown;
        ShortCalls += other.ShortCalls;
        SilentCalls += other.SilentCalls;
        Turns += other.Turns;
        TurnsKnown += other.TurnsKnown;
        TransferRequests += other.TransferRequests;
        TransferSuccesses += other.TransferSuccesses;
        Contradictions += other.Contradictions;
        Attempts += other.Attempts;
        ConnectedAttempts += other.ConnectedAttempts;
        RingSeconds += other.RingSeconds;
        RingKnown += other.RingKnown;
        foreach (var (key, count) in other.connectedByLabel)
        {
            AddLabel(key, count);
        }
    }

    public static Tally Sum(IEnumerable<Tally> parts)
    {
        var sum = new Tally();
        foreach (var part in parts)
        {
            sum.Add(part);
        }

        return sum;
    }

    public long Having(LabelLooks looks, Meaning meaning) =>
        connectedByLabel.Where(pair => (looks.Of(pair.Key).Meanings & meaning) != 0).Sum(pair => pair.Value);

    public long WithoutMeaning(LabelLooks looks) =>
        connectedByLabel.Where(pair => !looks.Of(pair.Key).Mapped).Sum(pair => pair.Value);

    private void AddLabel(LabelKey key, long count) => connectedByLabel[key] = connectedByLabel.GetValueOrDefault(key) + count;
}

/// <summary>All that the figures of one scope are computed from.</summary>
public sealed record Totals
{
    public required Tally Calls { get; init; }

    public long Attempts => Calls.Attempts;

    public long ConnectedAttempts => Calls.ConnectedAttempts;

    public long RingSeconds => Calls.RingSeconds;

    public long RingKnown => Calls.RingKnown;

    public long? Deliveries { get; init; }

    public string? DeliveriesUnknown { get; init; }

    /// <summary>Distinct numbers within their task, in the period.</summary>
    public long Heard { get; init; }

    /// <summary>The same over all days of the tasks.</summary>
    public long HeardInAll { get; init; }

    public long Reached { get; init; }

    /// <summary>Numbers on the lists of all tasks in scope; null when one of them is unknown.</summary>
    public long? ListSize { get; init; }

    public string? ListSizeUnknown { get; init; }

    public long RightParty { get; init; }

    /// <summary>Why right parties cannot be counted; null when they can.</summary>
    public string? RightPartyUnknown { get; init; }

    public long Promises { get; init; }

    public string? PromiseUnknown { get; init; }

    public long Unmapped { get; init; }

    /// <summary>Why figures will still move: a sentence about tasks that are not complete; null when all are.</summary>
    public string? Incomplete { get; init; }
}
