namespace AiRudder.Dashboard.Webhooks.Novelties;

/// <summary>
/// Collects what is new in the bodies that are read, in memory, until it is written. It holds a bounded number of novelties, and
/// nothing it meets can fail a delivery.
/// </summary>
public sealed partial class SchemaWatch(ILogger<SchemaWatch> log)
{
    private const int MostWaiting = 2000;

    private readonly Lock sync = new();
    private Dictionary<NoveltyKey, Tally> waiting = [];

    /// <summary>How often something was seen since it was last written.</summary>
    public sealed record Tally(long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt, long DeliveryId);

    /// <summary>A pair of eyes for one delivery.</summary>
    public Sighting Begin(Delivery delivery) => new(delivery);

    /// <summary>Takes over what was new in a delivery. One that was read before, for a replay or after a failure, is not counted again.</summary>
    public void Learn(Sighting sighting)
    {
        var delivery = sighting.Delivery;
        if (sighting.Failure is { } error)
        {
            LogNotLooked(log, delivery.Id, error.GetType().Name);
        }

        if (sighting.Seen.Count == 0 || delivery.ProcessedAt is not null || delivery.FailedAttempts > 0)
        {
            return;
        }

        lock (sync)
        {
            foreach (var (key, count) in sighting.Seen)
            {
                Add(key, new Tally(count, delivery.ReceivedAt, delivery.ReceivedAt, delivery.Id));
            }
        }
    }

    /// <summary>Hands over what waits to be written.</summary>
    public IReadOnlyDictionary<NoveltyKey, Tally> Take()
    {
        lock (sync)
        {
            var taken = waiting;
            waiting = [];
            return taken;
        }
    }

    /// <summary>Takes back what could not be written.</summary>
    public void Return(IReadOnlyDictionary<NoveltyKey, Tally> taken)
    {
        lock (sync)
        {
            foreach (var (key, tally) in taken)
            {
                Add(key, tally);
            }
        }
    }

    private void Add(NoveltyKey key, Tally more)
    {
        if (waiting.Count >= MostWaiting && !waiting.ContainsKey(key))
        {
            key = new NoveltyKey(key.ConnectionId, SchemaNovelty.Others, "", "", NoveltyKind.Field);
        }

        waiting[key] = waiting.TryGetValue(key, out var known)
            ? known with
            {
                Count = known.Count + more.Count,
                FirstAt = known.FirstAt < more.FirstAt ? known.FirstAt : more.FirstAt,
                LastAt = known.LastAt > more.LastAt ? known.LastAt : more.LastAt,
            }
            : more;
    }

    [LoggerMessage(1501, LogLevel.Information, "Delivery {DeliveryId} could not be looked through for what is new ({Error})")]
    private static partial void LogNotLooked(ILogger log, long deliveryId, string error);
}
