namespace AiRudder.Dashboard.Reviews;

public enum ReviewItemState
{
    Open,

    /// <summary>Somebody works on it, until <see cref="ReviewItem.ClaimedUntil"/>.</summary>
    Claimed,

    Done,
    Skipped,
}

/// <summary>Why a call first came into the queue.</summary>
public enum ReviewSource
{
    HandPicked,
    Rule,
    RandomSample,
}

/// <summary>
/// A call that waits for a reviewer. A call stands in the queue once, however many samples and rules want it; a second time, with
/// <see cref="Slot"/> 2, only when two people are to judge it without knowing of each other's scores.
/// </summary>
public sealed class ReviewItem
{
    public long Id { get; set; }

    public long CallId { get; set; }

    /// <summary>1, or 2 for the second reviewer.</summary>
    public int Slot { get; set; } = 1;

    public ReviewSource Source { get; set; }

    public int? SampleId { get; set; }

    public int? RuleId { get; set; }

    public ReviewItemState State { get; set; }

    /// <summary>The only account that may take it; null for anybody.</summary>
    public string? AssignedTo { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public string? ClaimedBy { get; set; }

    /// <summary>After it anybody may take over.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    public string? SkipReason { get; set; }

    /// <summary>Account that reviewed or skipped it.</summary>
    public string? ClosedBy { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The review that closed it.</summary>
    public long? ReviewId { get; set; }

    /// <summary>Account that put it in; null for a rule.</summary>
    public string? CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
