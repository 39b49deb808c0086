using System.Collections.Concurrent;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Novelties;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>All that the deliveries page says about the feed, at one moment.</summary>
/// <param name="AbsentSince">Since when this node cannot receive; null while it can, or when it is not its work.</param>
public sealed record FeedReading(FeedPulse Pulse, FeedPicture Picture, DateTimeOffset? AbsentSince);

/// <summary>
/// Reads the feed for all open pages together: the pulse at most every two seconds, the picture every ten, and per connection only
/// while somebody looks.
/// </summary>
public sealed class FeedWatch(IDbContextFactory<DashboardDb> contexts, GapQueries gaps, NoveltyQueries novelties, ReceivingLog receiving, TimeProvider time)
{
    private static readonly TimeSpan PulseRest = TimeSpan.FromMilliseconds(1900);

    private static readonly TimeSpan PictureRest = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, Held<FeedPulse>> pulses = new();
    private readonly ConcurrentDictionary<int, Held<FeedPicture>> pictures = new();
    private readonly ArrivalSlots slots = new();

    /// <param name="connectionId">One connection, or null for all.</param>
    /// <param name="cancel">The caller's wish; a reading shared with others goes on.</param>
    public async Task<FeedReading> ReadAsync(int? connectionId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var picture = Latest(pictures, connectionId, PictureRest, db => FeedPicture.ReadAsync(db, gaps, novelties, connectionId, now, CancellationToken.None));
        var pulse = Latest(pulses, connectionId, PulseRest, db => FeedPulse.ReadAsync(db, connectionId, now, slots, CancellationToken.None));
        return new FeedReading(await pulse.WaitAsync(cancel), await picture.WaitAsync(cancel), receiving.AbsentSince);
    }

    /// <summary>Something was done that must be seen at once.</summary>
    public void Forget()
    {
        pulses.Clear();
        pictures.Clear();
    }

    private Task<T> Latest<T>(ConcurrentDictionary<int, Held<T>> held, int? connectionId, TimeSpan rest, Func<DashboardDb, Task<T>> read)
    {
        var mark = time.GetTimestamp();
        return held.AddOrUpdate(
            connectionId ?? 0,
            _ => new Held<T>(mark, LoadAsync(read)),
            (_, old) => !old.Reading.IsCompleted || (time.GetElapsedTime(old.Mark) < rest && old.Reading.IsCompletedSuccessfully) ? old : new Held<T>(mark, LoadAsync(read))).Reading;
    }

    private async Task<T> LoadAsync<T>(Func<DashboardDb, Task<T>> read)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync();
        return await read(db);
    }

    private sealed record Held<T>(long Mark, Task<T> Reading);
}
