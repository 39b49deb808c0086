namespace AiRudder.Dashboard.Reviews;

/// <summary>What a reviewer says of the robot's label.</summary>
public enum LabelVerdict
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is right.</summary>
    Agrees,

    /// <summary>It should be <see cref="Review.ReviewLabel"/>.</summary>
    Differs,
}

/// <summary>
/// One person's judgement of one call. While it is written only <see cref="Draft"/> grows; what counts is set when it is handed in.
/// The call's own label is never touched: the reviewer's stands beside it.
/// </summary>
public sealed class Review
{
    public long Id { get; set; }

    public long CallId { get; set; }

    public int VersionId { get; set; }

    /// <summary>Account id.</summary>
    public required string ReviewerId { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Of the draft.</summary>
    public DateTimeOffset SavedAt { get; set; }

    /// <summary>What is being written, as JSON of a <see cref="ReviewDraft"/>; null when all of it is handed in.</summary>
    public string? Draft { get; set; }

    /// <summary>Null until it is handed in for the first time.</summary>
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>0 to 100; null when no item counted.</summary>
    public double? Score { get; set; }

    /// <summary>A fatal item got no point.</summary>
    public bool FatalFailed { get; set; }

    /// <summary>A fatal item failed, or the score is below the version's pass mark.</summary>
    public bool Defect { get; set; }

    /// <summary>The label the robot had given when the reviewer judged it.</summary>
    public string? RobotLabel { get; set; }

    public LabelVerdict LabelVerdict { get; set; }

    /// <summary>The reviewer's label; null for none. Equal to <see cref="RobotLabel"/> when they agree.</summary>
    public string? ReviewLabel { get; set; }

    public string? Comment { get; set; }

    /// <summary>How often it was changed after it was handed in.</summary>
    public int Edits { get; set; }
}

/// <summary>The points of one item, handed in.</summary>
public sealed class ReviewAnswer
{
    public long ReviewId { get; set; }

    public int ItemId { get; set; }

    /// <summary>Null: does not apply.</summary>
    public int? Points { get; set; }
}

/// <summary>What a review said before it was changed.</summary>
public sealed class ReviewEdit
{
    public long Id { get; set; }

    public long ReviewId { get; set; }

    public DateTimeOffset At { get; set; }

    public double? Score { get; set; }

    /// <summary>JSON of the <see cref="ReviewDraft"/> that was replaced.</summary>
    public required string Before { get; set; }
}

/// <summary>What a reviewer has filled in so far.</summary>
public sealed record ReviewDraft
{
    public static readonly ReviewDraft Empty = new();

    /// <summary>By item; null points: does not apply.</summary>
    public IReadOnlyDictionary<int, int?> Points { get; init; } = new Dictionary<int, int?>();

    public LabelVerdict LabelVerdict { get; init; }

    public string? ReviewLabel { get; init; }

    public string? Comment { get; init; }

    public ReviewDraft With(int item, int? points) => this with { Points = new Dictionary<int, int?>(Points) { [item] = points } };
}
