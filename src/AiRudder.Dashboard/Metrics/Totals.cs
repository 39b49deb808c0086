using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Metrics.Rollups;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Sums that can be added up over slots, labels, tasks and zones.</summary>
public sealed class Tally
{
    /// <summary>A label and when its meaning of that day had begun.</summary>
    private readonly Dictionary<(LabelKey Label, DateTimeOffset? Since), long> connectedByLabel = [];

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

    /// <summary>Those of connected calls.</summary>
    public long ConnectedTransfers { get; private set; }

    /// <summary>From the request to the success of a transfer.</summary>
    public long TransferWaitSeconds { get; private set; }

    public long TransferWaitKnown { get; private set; }

    public long Contradictions { get; private set; }

    public long Attempts { get; private set; }

    public long ConnectedAttempts { get; private set; }

    public long RingSeconds { get; private set; }

    public long RingKnown { get; private set; }

    /// <summary>Connected calls by connection, robot and label: letters are comparable within one robot only.</summary>
    public IReadOnlyDictionary<LabelKey, long> ConnectedByLabel => connectedByLabel.GroupBy(pair => pair.Key.Label).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));

    /// <param name="sums">Of one label.</param>
    /// <param name="since">See <see cref="LabelLooks.Since"/>; null for what the label means now.</param>
    public void Add(CallSums sums, DateTimeOffset? since = null)
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
        ConnectedTransfers += sums.ConnectedTransfers;
        Contradictions += sums.Contradictions;
        if (sums.Connected > 0)
        {
            AddLabel(new(sums.Key.ConnectionId, sums.Key.Robot, sums.Key.Label), since, sums.Connected);
        }
    }

    public void Add(DialSums sums)
    {
        Attempts += sums.Attempts;
        ConnectedAttempts += sums.Connected;
        RingSeconds += sums.RingSeconds;
        RingKnown += sums.RingKnown;
    }

    public void Add(Dial dial)
    {
        Attempts++;
        ConnectedAttempts += dial.Connected ? 1 : 0;
        if (dial.RingSeconds is { } ring)
        {
            RingSeconds += ring;
            RingKnown++;
        }
    }

    /// <summary>Sums kept ready, whatever the label: <see cref="AddConnected"/> tells those.</summary>
    public void Add(RollupValues sums)
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
        ConnectedTransfers += sums.ConnectedTransfers;
        TransferWaitSeconds += sums.TransferWaitSeconds;
        TransferWaitKnown += sums.TransferWaitKnown;
        Contradictions += sums.Contradictions;
        Attempts += sums.Attempts;
        ConnectedAttempts += sums.ConnectedAttempts;
        RingSeconds += sums.RingSeconds;
        RingKnown += sums.RingKnown;
    }

    /// <summary>How many of the connected calls have a label.</summary>
    public void AddConnected(LabelKey label, DateTimeOffset? since, long connected)
    {
        if (connected > 0)
        {
            AddLabel(label, since, connected);
        }
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
        ConnectedTransfers += other.ConnectedTransfers;
        TransferWaitSeconds += other.TransferWaitSeconds;
        TransferWaitKnown += other.TransferWaitKnown;
        Contradictions += other.Contradictions;
        Attempts += other.Attempts;
        ConnectedAttempts += other.ConnectedAttempts;
        RingSeconds += other.RingSeconds;
        RingKnown += other.RingKnown;
        foreach (var (key, count) in other.connectedByLabel)
        {
            AddLabel(key.Label, key.Since, count);
        }
    }

    public void AddTransferWait(TimeSpan wait)
    {
        TransferWaitKnown++;
        TransferWaitSeconds += RollupValues.WholeSeconds(wait);
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

    /// <summary>Connected calls whose label meant this when they were.</summary>
    public long Having(LabelLooks looks, Meaning meaning) =>
        connectedByLabel.Where(pair => (looks.Of(pair.Key.Label, pair.Key.Since).Meanings & meaning) != 0).Sum(pair => pair.Value);

    public long WithoutMeaning(LabelLooks looks) =>
        connectedByLabel.Where(pair => !looks.Of(pair.Key.Label, pair.Key.Since).Mapped).Sum(pair => pair.Value);

    private void AddLabel(LabelKey key, DateTimeOffset? since, long count) => connectedByLabel[(key, since)] = connectedByLabel.GetValueOrDefault((key, since)) + count;
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

    public Said? DeliveriesUnknown { get; init; }

    /// <summary>Distinct numbers within their task, in the period.</summary>
    public long Heard { get; init; }

    /// <summary>The same over all days of the tasks.</summary>
    public long HeardInAll { get; init; }

    public long Reached { get; init; }

    /// <summary>Numbers on the lists of all tasks in scope; null when one of them is unknown.</summary>
    public long? ListSize { get; init; }

    public Said? ListSizeUnknown { get; init; }

    public long RightParty { get; init; }

    /// <summary>Why right parties cannot be counted; null when they can.</summary>
    public Said? RightPartyUnknown { get; init; }

    public long Promises { get; init; }

    public Said? PromiseUnknown { get; init; }

    public long Unmapped { get; init; }

    /// <summary>What the labels mean.</summary>
    public LabelLooks Looks { get; init; } = LabelLooks.Empty;

    /// <summary>Why nothing of this can be known now; null when it can.</summary>
    public Said? Unknown { get; init; }

    /// <summary>Why figures will still move: a sentence about tasks that are not complete; null when all are.</summary>
    public Said? Incomplete { get; init; }

    /// <summary>
    /// Of one slot or one task, from its sums alone. Distinct numbers are not in them: numbers stay zero, and a promise said twice counts
    /// twice, which is good enough for a line behind a figure.
    /// </summary>
    public static Totals Of(Tally sums, LabelLooks looks) => new()
    {
        Calls = sums,
        Looks = looks,
        RightParty = sums.Having(looks, Meaning.RightParty),
        Promises = sums.Having(looks, Meaning.Promise),
        Unmapped = sums.WithoutMeaning(looks),
    };
}
