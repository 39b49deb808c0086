namespace AiRudder.Dashboard.Calls;

/// <summary>Runs the index after what lands. Receiving always goes before it: it rests after every few texts.</summary>
public sealed partial class TranscriptIndexer(TranscriptIndex index, TimeProvider time, ILogger<TranscriptIndexer> log) : BackgroundService
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    while (await index.StepAsync(stoppingToken))
                    {
                        await Task.Delay(Rest, time, stoppingToken);
                    }

                    await Task.Delay(Idle, time, stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(log, error);
                    await Task.Delay(AfterTrouble, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; the place reached is in the store.
        }
    }

    [LoggerMessage(4101, LogLevel.Error, "What was said in new calls cannot be indexed now")]
    private static partial void LogFailed(ILogger log, Exception error);
}
