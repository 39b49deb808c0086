namespace AiRudder.Dashboard.Live;

/// <summary>
/// Folds a burst of landings into few refreshes: the first runs at once, what comes while it runs or rests becomes one more.
/// One per page; the page's refresh is awaited, so a slow browser only slows itself.
/// </summary>
public sealed class LiveRefresh : IDisposable
{
    private readonly Func<Task> refresh;
    private readonly TimeProvider time;
    private readonly TimeSpan rest;
    private readonly Languages.Reader reader = new();
    private readonly IDisposable subscription;
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationToken stopped;
    private int wanted;

    /// <param name="feed">What to listen to.</param>
    /// <param name="filter">Which landings concern the page.</param>
    /// <param name="refresh">Reads the page's data again; sends its own errors to its own circuit.</param>
    /// <param name="time">Clock of the rest.</param>
    /// <param name="rest">Least time between two refreshes; a quarter of a second when null.</param>
    public LiveRefresh(LiveFeed feed, Func<Landed, bool> filter, Func<Task> refresh, TimeProvider time, TimeSpan? rest = null)
    {
        this.refresh = refresh;
        this.time = time;
        this.rest = rest ?? TimeSpan.FromMilliseconds(250);
        stopped = stop.Token;
        subscription = feed.Subscribe(landed => filter(landed) ? RequestAsync() : Task.CompletedTask);
    }

    /// <summary>Asks for a refresh as if something had landed.</summary>
    public async Task RequestAsync()
    {
        // 0 idle, 1 running, 2 running and wanted again.
        if (Interlocked.Exchange(ref wanted, 2) != 0)
        {
            return;
        }

        try
        {
            while (!stopped.IsCancellationRequested)
            {
                Volatile.Write(ref wanted, 1);
                await reader.RunAsync(refresh);
                await Task.Delay(rest, time, stopped);
                if (Interlocked.CompareExchange(ref wanted, 0, 1) == 1)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The page is gone.
        }
        catch
        {
            Volatile.Write(ref wanted, 0);
            throw;
        }
    }

    public void Dispose()
    {
        subscription.Dispose();
        if (!stopped.IsCancellationRequested)
        {
            stop.Cancel();
            stop.Dispose();
        }
    }
}
