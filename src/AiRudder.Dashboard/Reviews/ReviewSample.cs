namespace AiRudder.Dashboard.Reviews;

public enum Allocation
{
    /// <summary>Every stratum by its share of the frame.</summary>
    Proportional,

    /// <summary>The same number from every stratum.</summary>
    Equal,
}

/// <summary>By what the frame is divided.</summary>
[Flags]
public enum StratifyBy
{
    None = 0,
    Robot = 1,
    Label = 2,
    Hangup = 4,
    Attempt = 8,
}

/// <summary>
/// A random sample that can be drawn again: the frame is kept as the ids it had, so calls and versions that arrive later change
/// nothing about who was drawn and why.
/// </summary>
public sealed class ReviewSample
{
    public int Id { get; set; }

    public required string Name { get; set; }

    /// <summary>Query string of the <see cref="Calls.CallFilter"/>.</summary>
    public required string Filter { get; set; }

    public StratifyBy By { get; set; }

    public Allocation Allocation { get; set; }

    /// <summary>Calls asked for.</summary>
    public int Wanted { get; set; }

    public required string Seed { get; set; }

    /// <summary>The newest landing when the frame was read.</summary>
    public long AsOfLanding { get; set; }

    /// <summary>The newest call then.</summary>
    public long AsOfCall { get; set; }

    public bool WithoutReviewed { get; set; }

    public bool WithoutRecording { get; set; }

    /// <summary>Shorter calls were left out, seconds.</summary>
    public int? ShortestSeconds { get; set; }

    /// <summary>Calls that fitted the filter, before anything was left out.</summary>
    public int Fitting { get; set; }

    public int ExcludedReviewed { get; set; }

    public int ExcludedWithoutRecording { get; set; }

    public int ExcludedShort { get; set; }

    /// <summary>What was left: the calls that could be drawn.</summary>
    public int FrameSize { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Account id.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>One stratum of a sample, with the whole of its frame.</summary>
public sealed class SampleStratum
{
    public int SampleId { get; set; }

    public int Ordinal { get; set; }

    /// <summary>JSON array of its values in the order of <see cref="StratifyBy"/>'s flags; null for nothing said.</summary>
    public required string Key { get; set; }

    public int FrameSize { get; set; }

    /// <summary>What the allocation asked for; more than the frame holds means that all of it was taken.</summary>
    public int Wanted { get; set; }

    public int Drawn { get; set; }

    /// <summary>The ids of its frame in order, see <see cref="FrameIds"/>.</summary>
    public required byte[] Frame { get; set; }
}

/// <summary>A call that was drawn.</summary>
public sealed class SampleCall
{
    public int SampleId { get; set; }

    public long CallId { get; set; }

    public int Stratum { get; set; }
}
