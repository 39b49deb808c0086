using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Novelties;
using AiRudder.Dashboard.Webhooks.Uploads;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>What changes from minute to minute, and costs more to read.</summary>
/// <param name="UsualPause">Between the last deliveries of dialling hours; null when there are too few.</param>
/// <param name="Lag">From the end of calls to their arrival.</param>
/// <param name="Repeats">Copies of the last hour.</param>
/// <param name="Uninterpreted">Of kinds that are only kept; counted up to <see cref="MostCounted"/>.</param>
/// <param name="Quarantine">By reason, most first.</param>
/// <param name="Gaps">Newest first, with the tasks then running.</param>
/// <param name="Novelties">Not looked at first.</param>
/// <param name="Receivers">What the receiving nodes told within a day.</param>
public sealed record FeedPicture(
    Spread? UsualPause, Lag Lag, Repeats Repeats, int Uninterpreted, IReadOnlyList<QuarantineGroup> Quarantine, IReadOnlyList<GapView> Gaps, IReadOnlyList<SchemaNovelty> Novelties, Receivers Receivers)
{
    public const int MostCounted = 10_000;

    /// <summary>A longer pause is a time in which nobody dialled.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30);

    private const int Arrivals = 2000;

    private const int FewestPauses = 20;

    private const int Calls = 2000;

    private const int MostCopies = 5000;

    private const int MostGaps = 50;

    public static async Task<FeedPicture> ReadAsync(DashboardDb db, GapQueries gaps, NoveltyQueries novelties, int? connectionId, DateTimeOffset now, CancellationToken cancel)
    {
        var deliveries = db.Deliveries.AsNoTracking().Of(connectionId);
        return new FeedPicture(
            await UsualPauseAsync(deliveries, now, cancel),
            await LagAsync(db, connectionId, cancel),
            await RepeatsAsync(db, deliveries, connectionId, now, cancel),
            await db.Deliveries.Where(row => row.Outcome == DeliveryOutcome.Uninterpreted).Among(connectionId).Take(MostCounted + 1).CountAsync(cancel),
            await QuarantineReason.GroupsAsync(db, connectionId, cancel),
            await GapsAsync(gaps, connectionId, cancel),
            await novelties.ListAsync(connectionId, cancel),
            Receivers.Of(await gaps.SpansAsync(now.AddDays(-1), cancel), now));
    }

    private static async Task<Spread?> UsualPauseAsync(IQueryable<Delivery> deliveries, DateTimeOffset now, CancellationToken cancel)
    {
        var weekAgo = now.AddDays(-7);
        var arrivals = await deliveries.OrderByDescending(row => row.ReceivedAt).Select(row => new { row.ReceivedAt, row.Source }).Take(Arrivals).ToListAsync(cancel);
        var posted = arrivals.Where(row => row.Source != FileUpload.Source && row.ReceivedAt > weekAgo).Select(row => row.ReceivedAt).Order().ToList();
        var spread = Spread.Of(posted.Zip(posted.Skip(1), (one, next) => next - one).Where(pause => pause <= LongestPause));
        return spread?.Count >= FewestPauses ? spread : null;
    }

    private static async Task<Lag> LagAsync(DashboardDb db, int? connectionId, CancellationToken cancel)
    {
        var calls = db.Calls.AsNoTracking().Where(call => call.EndedAt != null);
        calls = connectionId is { } id ? calls.Where(call => call.ConnectionId == id) : calls;
        var newest = await calls.OrderByDescending(call => call.OccurredAt).Take(Calls)
            .Where(call => !db.CallVersions.Any(version => version.CallId == call.Id && db.Deliveries.Any(delivery => delivery.Id == version.DeliveryId && delivery.Source == FileUpload.Source)))
            .Select(call => new { call.ConnectionId, call.Connected, call.ReceivedAt, call.EndedAt })
            .ToListAsync(cancel);
        return Lag.Of([.. newest.Select(call => (call.ConnectionId, call.Connected, call.ReceivedAt - call.EndedAt!.Value))]);
    }

    private static async Task<Repeats> RepeatsAsync(DashboardDb db, IQueryable<Delivery> deliveries, int? connectionId, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now.AddHours(-1);
        var before = since.AddMinutes(-2);
        var copies = await (
            from copy in db.DeliveryCopies.AsNoTracking()
            where copy.ReceivedAt > before && copy.Source != FileUpload.Source
            join delivery in db.Deliveries on copy.DeliveryId equals delivery.Id
            where connectionId == null || delivery.ConnectionId + 0 == connectionId
            orderby copy.ReceivedAt descending
            select new { copy.DeliveryId, FirstAt = delivery.ReceivedAt, CopyAt = copy.ReceivedAt }).Take(MostCopies).ToListAsync(cancel);
        return Repeats.Of(await deliveries.CountAsync(row => row.ReceivedAt > since, cancel), since, copies.Select(copy => (copy.DeliveryId, copy.FirstAt, copy.CopyAt)));
    }

    private static async Task<IReadOnlyList<GapView>> GapsAsync(GapQueries gaps, int? connectionId, CancellationToken cancel)
    {
        var views = new List<GapView>();
        foreach (var gap in await gaps.ListAsync(MostGaps, cancel))
        {
            views.Add(new GapView(gap, gap.MayHaveLost ? await gaps.RunningAsync(gap, connectionId, cancel) : []));
        }

        return views;
    }
}

/// <summary>A gap with the tasks that were running when it began.</summary>
public sealed record GapView(ReceivingGap Gap, IReadOnlyList<GapTask> Tasks);
