namespace AiRudder.Dashboard.Reviews;

/// <summary>A form by which calls are judged. What it asks is in its versions; what a call was judged by never changes afterwards.</summary>
public sealed class Scorecard
{
    public int Id { get; set; }

    public required string Name { get; set; }

    /// <summary>The robot whose calls it is for; null for any.</summary>
    public string? RobotHash { get; set; }

    /// <summary>Only for calls that asked questions (Info Check).</summary>
    public bool InfoCheck { get; set; }

    /// <summary>No longer offered for new reviews.</summary>
    public bool Retired { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>One wording of a scorecard. A draft can be changed; once published it is as it is, and a change makes the next number.</summary>
public sealed class ScorecardVersion
{
    public int Id { get; set; }

    public int ScorecardId { get; set; }

    /// <summary>From 1.</summary>
    public int Number { get; set; }

    /// <summary>Null while it is a draft.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Account that published it.</summary>
    public string? PublishedBy { get; set; }

    /// <summary>A score below it is a defect, 1 to 100; null when only fatal items make one.</summary>
    public int? PassMark { get; set; }
}

/// <summary>One question of a scorecard.</summary>
public sealed class ScorecardItem
{
    public const int MostPoints = 9;

    public int Id { get; set; }

    public int VersionId { get; set; }

    /// <summary>From 1, the order on the form.</summary>
    public int Ordinal { get; set; }

    public required string Text { get; set; }

    public string? Help { get; set; }

    /// <summary>1 to 100.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>1 to <see cref="MostPoints"/>: one key each. With 1 it is a question of yes and no.</summary>
    public int MaxPoints { get; set; } = 1;

    /// <summary>Without a single point the whole call scores nothing.</summary>
    public bool Fatal { get; set; }

    /// <summary>"Does not apply" may be answered.</summary>
    public bool AllowsNotApplicable { get; set; }
}
