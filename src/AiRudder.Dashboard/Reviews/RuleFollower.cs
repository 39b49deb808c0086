using AiRudder.Dashboard.Live;

namespace AiRudder.Dashboard.Reviews;

/// <summary>
/// Follows the landings and lets the rules look at them. The landings are read from the store, from a position kept there; what the
/// live feed says only makes it look sooner.
/// </summary>
public sealed partial class RuleFollower(QueueRules rules, LiveFeed feed, TimeProvider time, ILogger<RuleFollower> log) : BackgroundService
{
    /// <summary>For what other nodes stored, and what a hint was lost for.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    /// <summary>Nobody waits for a sample within the second: calls that land one after the other are looked at together.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim signal = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hints = feed.Subscribe(_ => Look());
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var more = false;
                try
                {
                    more = await rules.FollowAsync(stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // Nothing is lost: the position has not moved.
                    LogFailed(log, error);
                    await Task.Delay(AfterTrouble, time, stoppingToken);
                }

                if (!more)
                {
                    await signal.WaitAsync(Poll, stoppingToken);
                    await Task.Delay(Rest, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next start goes on from the kept position.
        }
    }

    public override void Dispose()
    {
        signal.Dispose();
        base.Dispose();
    }

    private Task Look()
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is looking already.
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(7001, LogLevel.Error, "The review rules could not look at the newest landings; they will again")]
    private static partial void LogFailed(ILogger log, Exception error);
}
