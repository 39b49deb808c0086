namespace AiRudder.Simulator;

/// <summary>What traffic to make and where to send it.</summary>
public sealed record TrafficOptions
{
    /// <summary>The full address calls are posted to, token included.</summary>
    public required Uri Webhook { get; init; }

    /// <summary>The same seed at the same start instant makes the same bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>ISO codes out of ID, PH, MX, VN, IN, BR; null means all.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Base address of the recording server; null means calls without links.</summary>
    public Uri? Recordings { get; init; }

    /// <summary>Answered calls per minute of live traffic.</summary>
    public double CallsPerMinute { get; init; } = 20;

    /// <summary>How far back history reaches; zero means none.</summary>
    public TimeSpan History { get; init; }

    /// <summary>Finished numbers per full day of history, answered or not.</summary>
    public int HistoryCallsPerDay { get; init; } = 400;

    /// <summary>How many times faster than the vendor a failed body is posted again; 1 is each minute, 60 each second.</summary>
    public double RetryFactor { get; init; } = 1;

    /// <summary>Share of bodies (0 to 1) that are posted a second time, byte for byte.</summary>
    public double DuplicateShare { get; init; } = 0.02;

    /// <summary>The zone of the local times in the bodies.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Stop after this many calls, history and live together; null means no end.</summary>
    public int? MaxCalls { get; init; }
}

/// <summary>What was sent so far.</summary>
/// <param name="Posted">Bodies, duplicates included, retries not.</param>
/// <param name="Answered200">Bodies answered with 200, at once or after a retry.</param>
/// <param name="Retries">Posts after the first one of a body.</param>
/// <param name="Dropped">Bodies given up after five retries.</param>
/// <param name="Calls">Calls inside the bodies, duplicates not counted.</param>
public sealed record TrafficProgress(int Posted, int Answered200, int Retries, int Dropped, int Calls);
