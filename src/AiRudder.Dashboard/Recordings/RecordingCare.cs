namespace AiRudder.Dashboard.Recordings;

/// <summary>Once an hour: retention and left-over files.</summary>
public sealed partial class RecordingCare(RecordingRetention retention, TimeProvider time, ILogger<RecordingCare> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                try
                {
                    var ended = await retention.EndAsync(stoppingToken);
                    var removed = await retention.SweepAsync(stoppingToken);
                    if (ended + removed > 0)
                    {
                        LogDone(log, ended, removed);
                    }
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(log, error);
                }

                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is over stays over.
        }
    }

    [LoggerMessage(6040, LogLevel.Information, "{Ended} kept recordings were deleted because their retention has ended, and {Removed} files that belonged to no call")]
    private static partial void LogDone(ILogger log, int ended, int removed);

    [LoggerMessage(6041, LogLevel.Error, "The retention of recordings could not be carried out now")]
    private static partial void LogFailed(ILogger log, Exception error);
}
