namespace AiRudder.Dashboard.Reviews;

/// <summary>A remark at a second of a call, plain text.</summary>
public sealed class CallNote
{
    public const int LongestText = 2000;

    public long Id { get; set; }

    public long CallId { get; set; }

    /// <summary>Seconds from the beginning of the recording; null when it is about the whole call.</summary>
    public double? Second { get; set; }

    public required string Text { get; set; }

    /// <summary>Account id.</summary>
    public required string AuthorId { get; set; }

    public DateTimeOffset WrittenAt { get; set; }

    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }

    public string? ResolvedBy { get; set; }
}

/// <summary>A person named in a note with an @ sign.</summary>
public sealed class NoteMention
{
    public long NoteId { get; set; }

    /// <summary>Account id.</summary>
    public required string AccountId { get; set; }
}
