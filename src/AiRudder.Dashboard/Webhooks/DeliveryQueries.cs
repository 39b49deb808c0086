using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Watch;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>A row of the deliveries list.</summary>
public sealed record DeliveryRow(
    long Id, int ConnectionId, string? Kind, DateTimeOffset ReceivedAt, long Bytes, byte[] Sha256, DeliveryOutcome Outcome, string? Reason, string? ReasonField, long? ReasonPosition, int Calls, int QuarantinedCalls, int Copies);

/// <summary>Which deliveries; null means any.</summary>
/// <param name="ConnectionId">Of one connection.</param>
/// <param name="Outcome">With this outcome; quarantined includes those with a quarantined call.</param>
/// <param name="Reason">Words of <see cref="QuarantineReason.WordsOf"/>.</param>
public sealed record DeliveryFilter(int? ConnectionId = null, DeliveryOutcome? Outcome = null, string? Reason = null);

/// <summary>Reads of deliveries for page and API.</summary>
public sealed class DeliveryQueries(IDbContextFactory<DashboardDb> contexts, IInboxStore inbox)
{
    /// <summary>Newest first from below <paramref name="before"/>, or in order of arrival from above <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<DeliveryRow>> ListAsync(DeliveryFilter filter, long? before, long? after, int limit, CancellationToken cancel)
    {
        await inbox.BringInAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Rows(db, filter, before, after, limit).ToListAsync(cancel);
    }

    public static IQueryable<DeliveryRow> Rows(DashboardDb db, DeliveryFilter filter, long? before, long? after, int limit)
    {
        var deliveries = db.Deliveries.AsNoTracking();
        deliveries = deliveries.Among(filter.ConnectionId);
        deliveries = filter.Outcome switch
        {
            null => deliveries,
            // A delivery with one bad call among good ones is found by who looks for what went wrong.
            DeliveryOutcome.Quarantined => deliveries.Where(row => row.Outcome == DeliveryOutcome.Quarantined || row.QuarantinedCalls > 0),
            { } outcome => deliveries.Where(row => row.Outcome == outcome),
        };
        deliveries = QuarantineReason.With(deliveries, filter.Reason);
        deliveries = before is { } below ? deliveries.Where(row => row.Id < below) : deliveries;
        deliveries = after is { } above ? deliveries.Where(row => row.Id > above).OrderBy(row => row.Id) : deliveries.OrderByDescending(row => row.Id);
        return deliveries.Take(limit).Select(row => new DeliveryRow(
            row.Id, row.ConnectionId, row.Kind ?? (row.UrlKind == "" ? null : row.UrlKind), row.ReceivedAt, row.Bytes, row.Sha256, row.Outcome, row.Reason, row.ReasonField, row.ReasonPosition, row.Calls, row.QuarantinedCalls, row.Copies));
    }

    public async Task<Delivery?> FindAsync(long id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel) is { } found)
        {
            return found;
        }

        // Whoever has just heard its id may be faster than the worker.
        await inbox.BringInAsync(cancel);
        return await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel);
    }

    /// <summary>Ids of the calls it made or changed, in the order of its elements.</summary>
    public async Task<IReadOnlyList<long>> CallsAsync(long id, int limit, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var ids = await CallsOf(db, id).Take(limit).ToListAsync(cancel);
        return [.. ids.Distinct()];
    }

    /// <summary>Joined with the calls, because those of a delivery that is still being stored are hidden.</summary>
    public static IQueryable<long> CallsOf(DashboardDb db, long id) =>
        from version in db.CallVersions
        join call in db.Calls on version.CallId equals call.Id
        where version.DeliveryId == id
        orderby version.Ordinal
        select call.Id;

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
}
