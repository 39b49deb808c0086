using AiRudder.Dashboard.Connections;
using Microsoft.Extensions.Hosting;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>
/// Has rollups counted anew where they do not hold: after an upgrade, after a change of a connection's zone, or because an operator asked
/// for it and went away. Looks at start, when connections change, and now and then.
/// </summary>
public sealed partial class RollupKeeper(Recomputation recomputation, ConnectionDirectory directory, ILogger<RollupKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var signal = new SemaphoreSlim(0);
        void Wake() => signal.Release();
        directory.Changed += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(stoppingToken);
                await signal.WaitAsync(Pause, stoppingToken);
                while (signal.Wait(0, stoppingToken))
                {
                    // Several changes are one look.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It goes on from where it stands at the next start.
        }
        finally
        {
            directory.Changed -= Wake;
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        try
        {
            var due = await recomputation.DueAsync(cancel);
            if (due.Count == 0)
            {
                return;
            }

            LogBegun(log, due.Count);
            await Task.Run(() => recomputation.RunAsync(null, cancel), cancel);
            LogDone(log, due.Count);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Figures say that they are being recomputed until it has worked.
            LogFailed(log, error);
        }
    }

    [LoggerMessage(5001, LogLevel.Information, "Figures of {Count} connections are being recomputed")]
    private static partial void LogBegun(ILogger log, int count);

    [LoggerMessage(5002, LogLevel.Information, "Figures of {Count} connections have been recomputed")]
    private static partial void LogDone(ILogger log, int count);

    [LoggerMessage(5003, LogLevel.Error, "Figures could not be recomputed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception error);
}
