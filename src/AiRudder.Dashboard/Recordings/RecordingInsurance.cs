namespace AiRudder.Dashboard.Recordings;

/// <summary>Keeps at it: follows the landings, and has a few recordings fetched at a time, so that each is in our own store while its link lives.</summary>
public sealed partial class RecordingInsurance(RecordingFollower follower, RecordingQueue queue, RecordingKeeper keeper, TimeProvider time, ILogger<RecordingInsurance> log) : BackgroundService
{
    /// <summary>At once from one host: enough to keep up, too few to be a burden.</summary>
    public const int PerHost = 3;

    private const int Most = 8;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Task, string> running = [];
    private bool newest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var takenUp = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Poll;
            try
            {
                if (!takenUp)
                {
                    await queue.TakeUpAsync(stoppingToken);
                    takenUp = true;
                }

                if (await follower.FollowAsync(stoppingToken))
                {
                    pause = TimeSpan.Zero;
                }

                await ClaimAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(log, error);
                pause = Trouble;
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await RestAsync(pause, stoppingToken);
        }

        await Task.WhenAll(running.Keys);
    }

    private async Task ClaimAsync(CancellationToken stopping)
    {
        while (running.Count < Most && await queue.ClaimAsync(BusyHosts(), newest = !newest, stopping) is { } row)
        {
            running.Add(Task.Run(() => keeper.TryAsync(row, stopping), CancellationToken.None), row.Host);
        }
    }

    private List<string> BusyHosts() => [.. running.Values.CountBy(host => host).Where(count => count.Value >= PerHost).Select(count => count.Key)];

    /// <summary>Until something has ended, or it is time to look again.</summary>
    private async Task RestAsync(TimeSpan pause, CancellationToken stopping)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny([Task.Delay(pause, time, rest.Token), .. running.Keys]);
        await rest.CancelAsync();
        foreach (var ended in running.Keys.Where(task => task.IsCompleted).ToList())
        {
            running.Remove(ended);
        }
    }

    [LoggerMessage(6030, LogLevel.Error, "Recordings cannot be fetched now")]
    private static partial void LogFailed(ILogger log, Exception error);
}
