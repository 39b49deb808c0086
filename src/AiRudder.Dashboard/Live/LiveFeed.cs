using System.Collections.Concurrent;

namespace AiRudder.Dashboard.Live;

/// <summary>What subscribers hear after a commit: identities, never data.</summary>
/// <param name="Sequence">Grows in commit order.</param>
/// <param name="DeliveryId">The delivery that landed.</param>
/// <param name="ConnectionId">Whose.</param>
/// <param name="Connection">Name of that connection.</param>
/// <param name="TaskIds">AIRUDDER's ids of the tasks touched.</param>
/// <param name="CallIds">Our ids of the calls touched, at most 100.</param>
/// <param name="Calls">How many calls were touched in all.</param>
public sealed record Landed(long Sequence, long DeliveryId, int ConnectionId, string Connection, IReadOnlyList<string> TaskIds, IReadOnlyList<long> CallIds, int Calls);

/// <summary>
/// "Something landed", told to whoever listens on this node. Losing a message loses nothing: the store is the truth and
/// pages read it again. Subscribe first, load second.
/// </summary>
public sealed partial class LiveFeed(ILogger<LiveFeed> log)
{
    private readonly ConcurrentDictionary<Subscription, bool> subscribers = new();

    /// <summary>
    /// The callback runs outside the worker; it must not block and its exceptions stay with it. It is called in the order of landings,
    /// but what it awaits is not waited for.
    /// </summary>
    public IDisposable Subscribe(Func<Landed, Task> callback)
    {
        var subscription = new Subscription(this, callback);
        subscribers[subscription] = true;
        return subscription;
    }

    public int Subscribers => subscribers.Count;

    public void Publish(Landed landed)
    {
        foreach (var (subscription, _) in subscribers)
        {
            subscription.Tell(landed);
        }
    }

    private async Task TellAsync(Func<Landed, Task> callback, Landed landed)
    {
        try
        {
            await callback(landed);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // One subscriber's trouble is nobody else's, and must not pass unseen either.
            LogSubscriberFailed(log, error);
        }
    }

    [LoggerMessage(3001, LogLevel.Warning, "A subscriber of the live feed failed")]
    private static partial void LogSubscriberFailed(ILogger log, Exception error);

    private sealed class Subscription(LiveFeed feed, Func<Landed, Task> callback) : IDisposable
    {
        private readonly Lock sync = new();
        private Task last = Task.CompletedTask;

        /// <summary>Each call begins after the one before it has begun, so that a subscriber hears in order and delays nobody else.</summary>
        public void Tell(Landed landed)
        {
            lock (sync)
            {
                last = last.ContinueWith(_ => { Begin(landed); }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }

        private void Begin(Landed landed) => _ = feed.TellAsync(callback, landed);

        public void Dispose() => feed.subscribers.TryRemove(this, out _);
    }
}
