namespace AiRudder.Dashboard.Webhooks.Gaps;

/// <summary>Beats while the server takes requests: from the moment it listens, not before.</summary>
public sealed class Heartbeat(ReceivingLog receiving, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ListensAsync(stoppingToken);
            using var timer = new PeriodicTimer(ReceivingLog.Beat, time);
            do
            {
                await receiving.BeatAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; the last beat says until when it received.
        }
    }

    private async Task ListensAsync(CancellationToken stopping)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(() => listens.TrySetResult());
        await listens.Task.WaitAsync(stopping);
    }
}
