using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Uploads;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>What changes from second to second.</summary>
/// <param name="At">When it was read.</param>
/// <param name="LastAt">Arrival of the newest delivery that somebody posted; null when there was none.</param>
/// <param name="LastMinute">Deliveries of the last minute.</param>
/// <param name="LastHour">Deliveries of the last hour.</param>
/// <param name="Pending">Stored, not understood yet.</param>
/// <param name="OldestPendingAt">Arrival of the oldest of these.</param>
/// <param name="Quarantined">With something that could not be understood.</param>
/// <param name="QuarantinedLastHour">Of these, what arrived in the last hour.</param>
/// <param name="RunningTasks">Tasks heard of in the last hour that AIRUDDER has not called finished.</param>
/// <param name="Slots">Deliveries by <see cref="ArrivalSlots.Length"/>, oldest first; the last one is not over.</param>
public sealed record FeedPulse(
    DateTimeOffset At, DateTimeOffset? LastAt, int LastMinute, int LastHour, int Pending, DateTimeOffset? OldestPendingAt, int Quarantined, int QuarantinedLastHour, int RunningTasks,
    IReadOnlyList<ArrivalSlot> Slots)
{
    public static async Task<FeedPulse> ReadAsync(DashboardDb db, int? connectionId, DateTimeOffset now, ArrivalSlots slots, CancellationToken cancel)
    {
        var deliveries = db.Deliveries.AsNoTracking().Of(connectionId);
        var pending = db.Deliveries.Where(row => row.Outcome == DeliveryOutcome.Pending).Among(connectionId);
        var tasks = db.CallTasks.AsNoTracking();
        tasks = connectionId is { } id ? tasks.Where(row => row.ConnectionId == id) : tasks;
        var minuteAgo = now.AddMinutes(-1);
        var hourAgo = now.AddHours(-1);
        var firstOfHour = await db.Deliveries.Where(row => row.ReceivedAt > hourAgo).OrderBy(row => row.ReceivedAt).Select(row => (long?)row.Id).FirstOrDefaultAsync(cancel) ?? long.MaxValue;
        var bad = db.Deliveries.Where(row => row.Outcome == DeliveryOutcome.Quarantined || row.QuarantinedCalls > 0).Among(connectionId);
        return new FeedPulse(
            now,
            await deliveries.Where(row => row.Source != FileUpload.Source).OrderByDescending(row => row.ReceivedAt).Select(row => (DateTimeOffset?)row.ReceivedAt).FirstOrDefaultAsync(cancel),
            await deliveries.CountAsync(row => row.ReceivedAt > minuteAgo, cancel),
            await deliveries.CountAsync(row => row.ReceivedAt > hourAgo, cancel),
            await pending.CountAsync(cancel),
            await pending.OrderBy(row => row.Id).Select(row => (DateTimeOffset?)row.ReceivedAt).FirstOrDefaultAsync(cancel),
            await bad.CountAsync(cancel),
            await bad.CountAsync(row => row.Id >= firstOfHour, cancel),
            await tasks.CountAsync(row => row.LastHeardAt > hourAgo && row.Status != CallTasks.TaskState.Finished, cancel),
            await slots.ReadAsync(db, connectionId, now, cancel));
    }
}

/// <summary>Deliveries that arrived from <paramref name="From"/> on.</summary>
public readonly record struct ArrivalSlot(DateTimeOffset From, int Deliveries);

/// <summary>Counts arrivals by slots of time; what is over is counted once and remembered.</summary>
public sealed class ArrivalSlots
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    /// <summary>Three hours.</summary>
    public const int Count = 36;

    /// <summary>A delivery's row may come this long after its arrival.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(int Connection, long Slot), int> over = [];
    private readonly Lock sync = new();

    public async Task<IReadOnlyList<ArrivalSlot>> ReadAsync(DashboardDb db, int? connectionId, DateTimeOffset now, CancellationToken cancel)
    {
        var last = now.UtcTicks / Length.Ticks;
        var slots = new List<ArrivalSlot>(Count);
        for (var slot = last - Count + 1; slot <= last; slot++)
        {
            var from = new DateTimeOffset(slot * Length.Ticks, TimeSpan.Zero);
            slots.Add(new ArrivalSlot(from, await CountAsync(db, connectionId, slot, from, now, cancel)));
        }

        lock (sync)
        {
            foreach (var old in over.Keys.Where(key => key.Slot < last - Count || key.Slot > last).ToList())
            {
                over.Remove(old);
            }
        }

        return slots;
    }

    private async Task<int> CountAsync(DashboardDb db, int? connectionId, long slot, DateTimeOffset from, DateTimeOffset now, CancellationToken cancel)
    {
        var key = (connectionId ?? 0, slot);
        lock (sync)
        {
            if (over.TryGetValue(key, out var known))
            {
                return known;
            }
        }

        var until = from + Length;
        var count = await db.Deliveries.Of(connectionId).CountAsync(row => row.ReceivedAt >= from && row.ReceivedAt < until, cancel);
        if (now > until + Late)
        {
            lock (sync)
            {
                over[key] = count;
            }
        }

        return count;
    }
}
