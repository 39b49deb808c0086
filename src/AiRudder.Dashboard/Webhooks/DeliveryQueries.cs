using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>A row of the deliveries list.</summary>
public sealed record DeliveryRow(
    long Id, int ConnectionId, string? Kind, DateTimeOffset ReceivedAt, long Bytes, byte[] Sha256, DeliveryOutcome Outcome, string? Reason, string? ReasonField, long? ReasonPosition, int Calls, int QuarantinedCalls, int Copies);

/// <summary>Which deliveries; null means any.</summary>
public sealed record DeliveryFilter(int? ConnectionId = null, DeliveryOutcome? Outcome = null);

/// <summary>Reads of deliveries for page and API.</summary>
public sealed class DeliveryQueries(IDbContextFactory<DashboardDb> contexts)
{
    /// <summary>Newest first from below <paramref name="before"/>, or in order of arrival from above <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<DeliveryRow>> ListAsync(DeliveryFilter filter, long? before, long? after, int limit, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Rows(db, filter, before, after, limit).ToListAsync(cancel);
    }

    public static IQueryable<DeliveryRow> Rows(DashboardDb db, DeliveryFilter filter, long? before, long? after, int limit)
    {
        var deliveries = db.Deliveries.AsNoTracking();
        deliveries = filter.ConnectionId is { } connection ? deliveries.Where(row => row.ConnectionId == connection) : deliveries;
        deliveries = filter.Outcome switch
        {
            null => deliveries,
            // A delivery with one bad call among good ones is found by who looks for what went wrong.
            DeliveryOutcome.Quarantined => deliveries.Where(row => row.Outcome == DeliveryOutcome.Quarantined || row.QuarantinedCalls > 0),
            { } outcome => deliveries.Where(row => row.Outcome == outcome),
        };
        deliveries = before is { } below ? deliveries.Where(row => row.Id < below) : deliveries;
        deliveries = after is { } above ? deliveries.Where(row => row.Id > above).OrderBy(row => row.Id) : deliveries.OrderByDescending(row => row.Id);
        return deliveries.Take(limit).Select(row => new DeliveryRow(
            row.Id, row.ConnectionId, row.Kind ?? (row.UrlKind == "" ? null : row.UrlKind), row.ReceivedAt, row.Bytes, row.Sha256, row.Outcome, row.Reason, row.ReasonField, row.ReasonPosition, row.Calls, row.QuarantinedCalls, row.Copies));
    }

    public async Task<Delivery?> FindAsync(long id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel);
    }

    /// <summary>Ids of the calls it made or changed, in the order of its elements.</summary>
    public async Task<IReadOnlyList<long>> CallsAsync(long id, int limit, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var ids = await db.CallVersions.Where(version => version.DeliveryId == id).OrderBy(version => version.Ordinal).Select(version => version.CallId).Take(limit).ToListAsync(cancel);
        return [.. ids.Distinct()];
    }

    public async Task<IReadOnlyList<QuarantinedElement>> QuarantinedAsync(long id, int limit, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.QuarantinedElements.AsNoTracking().Where(row => row.DeliveryId == id).OrderBy(row => row.Ordinal).Take(limit).ToListAsync(cancel);
    }

    public async Task<IReadOnlyList<DeliveryCopy>> CopiesAsync(long id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.DeliveryCopies.AsNoTracking().Where(row => row.DeliveryId == id).OrderBy(row => row.Id).Take(100).ToListAsync(cancel);
    }

    /// <summary>The state of the feed as of now.</summary>
    public async Task<FeedHealth> HealthAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var minuteAgo = now.AddMinutes(-1);
        var hourAgo = now.AddHours(-1);
        return new FeedHealth(
            await db.Deliveries.MaxAsync(row => (DateTimeOffset?)row.ReceivedAt, cancel),
            await db.Deliveries.CountAsync(row => row.ReceivedAt > minuteAgo, cancel),
            await db.Deliveries.CountAsync(row => row.ReceivedAt > hourAgo, cancel),
            await db.DeliveryCopies.CountAsync(row => row.ReceivedAt > hourAgo, cancel),
            await db.Deliveries.CountAsync(row => row.Outcome == DeliveryOutcome.Pending, cancel),
            await db.Deliveries.Where(row => row.Outcome == DeliveryOutcome.Pending).MinAsync(row => (DateTimeOffset?)row.ReceivedAt, cancel),
            await db.Deliveries.CountAsync(row => row.Outcome == DeliveryOutcome.Quarantined || row.QuarantinedCalls > 0, cancel),
            await db.Deliveries.CountAsync(row => row.Outcome == DeliveryOutcome.Uninterpreted, cancel));
    }
}

/// <summary>What the deliveries page says at its top.</summary>
/// <param name="LastReceivedAt">Arrival of the newest delivery; null when there was none.</param>
/// <param name="LastMinute">Deliveries of the last minute.</param>
/// <param name="LastHour">Deliveries of the last hour.</param>
/// <param name="CopiesLastHour">Further arrivals of bytes that were already stored.</param>
/// <param name="Pending">Stored, not understood yet.</param>
/// <param name="OldestPendingAt">Arrival of the oldest of these.</param>
/// <param name="Quarantined">With something that could not be understood.</param>
/// <param name="Uninterpreted">Of kinds that are only kept.</param>
public sealed record FeedHealth(
    DateTimeOffset? LastReceivedAt, int LastMinute, int LastHour, int CopiesLastHour, int Pending, DateTimeOffset? OldestPendingAt, int Quarantined, int Uninterpreted);
