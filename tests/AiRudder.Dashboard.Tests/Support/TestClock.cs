namespace AiRudder.Dashboard.Tests.Support;

/// <summary>
/// A clock that stands still until told to move. It starts one minute before midnight in UTC, so that a local day taken for a UTC
/// day shows as the wrong date. Timers run on real time: tests wait for results, never for a clock.
/// </summary>
public sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 14, 23, 59, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
