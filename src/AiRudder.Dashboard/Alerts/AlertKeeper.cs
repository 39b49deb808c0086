namespace AiRudder.Dashboard.Alerts;

/// <summary>Follows the calls, evaluates the rules once a minute and sends what is due, on one node at a time.</summary>
public sealed partial class AlertKeeper(AlertClaim claim, CallFollower calls, AlertEvaluation evaluation, AlertSender sender, TimeProvider time, ILogger<AlertKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pass = TimeSpan.FromMinutes(1);

    private long? evaluatedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Beat, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    // SQLite's methods work synchronously.
                    await Task.Run(() => WorkAsync(stoppingToken), stoppingToken);
                }
                catch (AlertClaimLostException)
                {
                    LogLost(log);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(log, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is due is in the database.
        }
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        if (!await claim.TakeAsync(cancel))
        {
            return;
        }

        while (await calls.FollowAsync(cancel))
        {
            // One transaction after the other, so that others can write in between.
        }

        if (evaluatedAt is not { } mark || time.GetElapsedTime(mark) >= Pass)
        {
            evaluatedAt = time.GetTimestamp();
            await evaluation.RunAsync(cancel);
        }

        await sender.SendDueAsync(cancel);
    }

    [LoggerMessage(7020, LogLevel.Information, "Another node evaluates the alerts now")]
    private static partial void LogLost(ILogger log);

    [LoggerMessage(7021, LogLevel.Error, "Alerts could not be worked on; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception error);
}
