namespace AiRudder.Dashboard.Reviews;

public enum QueueRuleKind
{
    /// <summary>A transfer was asked for and did not succeed.</summary>
    TransferFailed,

    /// <summary>The callee hung up within so many turns (<see cref="QueueRule.Value"/>, 1 when empty).</summary>
    CalleeHungUpEarly,

    /// <summary>Two fields of the record cannot both be true; <see cref="QueueRule.Value"/> names one flag, or any.</summary>
    Contradiction,

    /// <summary>The robot's label is <see cref="QueueRule.Value"/>.</summary>
    LabelIs,

    /// <summary>Transcript or summary holds <see cref="QueueRule.Value"/>.</summary>
    WordSaid,
}

/// <summary>What puts calls into the queue when they land. Calls that landed before the rule was made are none of its business.</summary>
public sealed class QueueRule
{
    public int Id { get; set; }

    public required string Name { get; set; }

    public QueueRuleKind Kind { get; set; }

    public string? Value { get; set; }

    public bool Enabled { get; set; }

    /// <summary>Of the calls that fit, so many in a hundred are queued; which ones is decided by the call's id.</summary>
    public int SharePercent { get; set; } = 100;

    /// <summary>Calls it may queue on one day of their connection.</summary>
    public int DailyCap { get; set; } = 20;

    /// <summary>Days until a queued call is due; null for never.</summary>
    public int? DueDays { get; set; }

    /// <summary>Of the queued calls, so many in a hundred get two reviewers.</summary>
    public int DoublePercent { get; set; }

    /// <summary>The newest landing when it was made or switched on.</summary>
    public long SinceLanding { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Account id.</summary>
    public required string CreatedBy { get; set; }
}

public enum RuleOutcome
{
    Queued,

    /// <summary>It fits but its share did not fall on it.</summary>
    NotInShare,

    /// <summary>The day's cap was reached.</summary>
    OverCap,

    /// <summary>It stands in the queue, or has been reviewed.</summary>
    Known,
}

/// <summary>A call met a rule. Met again, in a later version or after a crash, nothing happens.</summary>
public sealed class RuleMatch
{
    public int RuleId { get; set; }

    public long CallId { get; set; }

    public RuleOutcome Outcome { get; set; }

    public DateTimeOffset At { get; set; }
}
