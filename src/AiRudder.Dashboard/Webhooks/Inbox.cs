using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>What a store must do for the inbox. Two stores do: SQLite and SQL Server.</summary>
public interface IInboxStore
{
    /// <summary>
    /// Writes the deliveries in one durable transaction, in order. A body that is already there (connection, URL kind, SHA-256)
    /// is counted as a copy. When this throws, none of them counts as stored, whatever the disk says later.
    /// </summary>
    Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel);

    /// <summary>Makes a durable commit that leaves no trace: returns when storing works, throws when it does not.</summary>
    Task ProveAsync(CancellationToken cancel);

    /// <summary>Makes a row of <see cref="Delivery"/> of everything that was committed. A store that commits there has nothing to do.</summary>
    Task BringInAsync(CancellationToken cancel);
}

/// <summary>
/// The only way in. Deliveries that wait share one durable commit, so that throughput grows with concurrency instead of queueing
/// on the disk's sync; each waits for its commit before it may be answered 200.
/// </summary>
public sealed partial class Inbox(IInboxStore store, IOptions<WebhookOptions> options, TimeProvider time, ILogger<Inbox> log) : BackgroundService
{
    /// <summary>A commit takes at most this many deliveries and bytes: the first must not wait for ever more.</summary>
    private const int MostPerCommit = 512;

    private const int MostBytesPerCommit = 8 * 1024 * 1024;

    /// <summary>Bytes that may wait; beyond it a store that stands still would fill the memory.</summary>
    private const long MostBytesWaiting = 256 * 1024 * 1024;

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(options.Value.QueueLength) { SingleReader = true });

    private DateTimeOffset? failingSince;
    private long bytesWaiting;

    /// <summary>Told after each commit, so that the worker looks at once.</summary>
    public event Action? Stored;

    /// <summary>Since when nothing could be stored; null while all is well.</summary>
    public DateTimeOffset? FailingSince => failingSince;

    /// <summary>Returns when the delivery is durable.</summary>
    /// <exception cref="InboxUnavailableException">It is not, and must be answered 503.</exception>
    public async Task<StoredDelivery> StoreAsync(IncomingDelivery delivery, CancellationToken cancel)
    {
        var waiting = new Waiting(delivery);
        if (Interlocked.Add(ref bytesWaiting, waiting.Bytes) > MostBytesWaiting || !queue.Writer.TryWrite(waiting))
        {
            Interlocked.Add(ref bytesWaiting, -waiting.Bytes);
            throw new InboxUnavailableException("The inbox is full or closed.");
        }

        try
        {
            return await waiting.Done.Task.WaitAsync(options.Value.StoreTimeout, time, cancel);
        }
        catch (TimeoutException error)
        {
            throw new InboxUnavailableException("The commit took too long.", error);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<Waiting>(MostPerCommit);

        // Requests in flight end in a true answer: what is in the queue when the server stops is still committed.
        while (await WaitForMoreAsync(stoppingToken))
        {
            long bytes = 0;
            while (group.Count < MostPerCommit && bytes < MostBytesPerCommit && queue.Reader.TryRead(out var waiting))
            {
                group.Add(waiting);
                bytes += waiting.Bytes;
            }

            Interlocked.Add(ref bytesWaiting, -bytes);
            await CommitAsync(group);
            group.Clear();
        }
    }

    private async Task<bool> WaitForMoreAsync(CancellationToken stopping)
    {
        try
        {
            return await queue.Reader.WaitToReadAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            queue.Writer.TryComplete();
            return await queue.Reader.WaitToReadAsync(CancellationToken.None);
        }
    }

    private async Task CommitAsync(List<Waiting> group)
    {
        try
        {
            var stored = await store.CommitAsync(group.ConvertAll(waiting => waiting.Delivery), CancellationToken.None);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Done.TrySetResult(stored[i]);
            }

            if (failingSince is { } since)
            {
                failingSince = null;
                LogRecovered(log, time.GetUtcNow() - since);
            }

        }
        catch (Exception error)
        {
            failingSince ??= time.GetUtcNow();
            LogCannotStore(log, group.Count, error);
            var unavailable = new InboxUnavailableException("The store failed.", error);
            foreach (var waiting in group)
            {
                waiting.Done.TrySetException(unavailable);
            }

            return;
        }

        try
        {
            Stored?.Invoke();
        }
        catch (Exception error)
        {
            // What is stored is stored; whoever missed the signal looks by himself.
            LogListenerFailed(log, error);
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "{Count} deliveries could not be stored and are answered 503")]
    private static partial void LogCannotStore(ILogger log, int count, Exception error);

    [LoggerMessage(1002, LogLevel.Warning, "Storing works again after {Outage}")]
    private static partial void LogRecovered(ILogger log, TimeSpan outage);

    [LoggerMessage(1003, LogLevel.Warning, "Somebody who is told of stored deliveries failed")]
    private static partial void LogListenerFailed(ILogger log, Exception error);

    private sealed record Waiting(IncomingDelivery Delivery)
    {
        public int Bytes => Delivery.Content?.Length ?? 0;

        public TaskCompletionSource<StoredDelivery> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
