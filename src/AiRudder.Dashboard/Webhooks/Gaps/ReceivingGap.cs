namespace AiRudder.Dashboard.Webhooks.Gaps;

/// <summary>
/// A time in which one node was able to receive, told by the wall clock. Extended every few seconds while that is so; what no
/// node's spans cover was an absence.
/// </summary>
public sealed class ReceivingSpan
{
    public long Id { get; set; }

    /// <summary>Name of the machine.</summary>
    public required string Node { get; set; }

    public DateTimeOffset From { get; set; }

    /// <summary>The last moment at which it was proved; a process that was killed lived a few seconds longer.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>A <see cref="ReceiverFacts"/> as JSON: what other nodes' pages should know of this one.</summary>
    public required string Facts { get; set; }
}

public enum GapCause : byte
{
    /// <summary>No process was there to receive.</summary>
    Absent = 0,

    /// <summary>A process was there and could not store.</summary>
    NotStored = 1,

    /// <summary>The wall clock was set while a process ran and received: no absence, but times around it do not add up.</summary>
    ClockMoved = 2,

    /// <summary>The clock stands before the last moment known: how long nobody received cannot be told.</summary>
    ClockUnsure = 3,
}

public enum GapState : byte
{
    Open = 0,
    Filled = 1,
    Dismissed = 2,
}

/// <summary>A time in which no node was able to receive.</summary>
public sealed class ReceivingGap
{
    /// <summary>AIRUDDER's first try and five more, a minute apart.</summary>
    public static readonly TimeSpan RetryWindow = TimeSpan.FromMinutes(5);

    public int Id { get; set; }

    public DateTimeOffset From { get; set; }

    public DateTimeOffset Until { get; set; }

    public GapCause Cause { get; set; }

    /// <summary>As long as the sender tries, or longer.</summary>
    public bool MayHaveLost { get; set; }

    public GapState State { get; set; }

    /// <summary>Who filled or dismissed it.</summary>
    public string? SettledBy { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>What was done about it, in words.</summary>
    public string? Note { get; set; }
}

/// <summary>What a receiving node tells the others with every beat.</summary>
/// <param name="Refused">By name of <see cref="Refusal"/>: how many since the span began.</param>
/// <param name="RetiredTokenAt">When a retired address was last used.</param>
/// <param name="Answers">How fast it answers.</param>
/// <param name="DiskFree">Bytes free where it keeps its data; null when that cannot be asked.</param>
/// <param name="DiskTotal">Bytes of that disk.</param>
public sealed record ReceiverFacts(IReadOnlyDictionary<string, long> Refused, DateTimeOffset? RetiredTokenAt, AnswerTimes Answers, long? DiskFree, long? DiskTotal)
{
    public static readonly ReceiverFacts None = new(new Dictionary<string, long>(), null, AnswerTimes.None, null, null);

    /// <summary>Share of the disk that is free.</summary>
    public double? DiskShare => DiskFree is { } free && DiskTotal is > 0 and { } total ? (double)free / total : null;
}
