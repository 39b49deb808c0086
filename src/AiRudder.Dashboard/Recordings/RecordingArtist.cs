namespace AiRudder.Dashboard.Recordings;

/// <summary>Draws kept recordings, one at a time.</summary>
public sealed partial class RecordingArtist(WaveformStore waveforms, TimeProvider time, ILogger<RecordingArtist> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                var more = false;
                try
                {
                    more = await waveforms.DrawNextAsync(stoppingToken);
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFailed(log, error);
                }

                await Task.Delay(more ? TimeSpan.Zero : Poll, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; what is not drawn is found again.
        }
    }

    [LoggerMessage(6050, LogLevel.Error, "Recordings cannot be drawn now")]
    private static partial void LogFailed(ILogger log, Exception error);
}
