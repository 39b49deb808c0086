using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Live;

/// <summary>A row of the live stream: one call, or the unanswered numbers of one delivery.</summary>
public abstract record StreamRow
{
    public required long Sequence { get; init; }

    public required long DeliveryId { get; init; }

    public required int ConnectionId { get; init; }

    /// <summary>AIRUDDER's id of the task.</summary>
    public required string TaskId { get; init; }

    public required string? TaskName { get; init; }

    public required DateTimeOffset LandedAt { get; init; }

    /// <summary>What makes it the same row again when its call arrives once more.</summary>
    public abstract (bool Batch, long Id) Same { get; }
}

/// <summary>One call.</summary>
public sealed record StreamCall : StreamRow
{
    public required long CallId { get; init; }

    public int Ordinal { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Masked before it leaves this class's query.</summary>
    public string? Callee { get; init; }

    public string? Robot { get; init; }

    public string? Label { get; init; }

    public bool Connected { get; init; }

    public int? Seconds { get; init; }

    public string? RingType { get; init; }

    public string? HangupType { get; init; }

    public string? HangupBy { get; init; }

    public DateTimeOffset? TransferRequestedAt { get; init; }

    public DateTimeOffset? TransferSucceededAt { get; init; }

    public CallFlags Flags { get; init; }

    public bool HasRecording { get; init; }

    public override (bool Batch, long Id) Same => (false, CallId);
}

/// <summary>All numbers of one delivery that nobody answered.</summary>
public sealed record StreamBatch : StreamRow
{
    public int Numbers { get; init; }

    public int Attempts { get; init; }

    public override (bool Batch, long Id) Same => (true, DeliveryId);
}

/// <summary>What landed, newest first by sequence: whoever has read up to a number has missed nothing.</summary>
public sealed class StreamQuery(IDbContextFactory<DashboardDb> contexts)
{
    public const int MostRows = 100;

    /// <param name="connections">Whose.</param>
    /// <param name="from">First local day of arrival.</param>
    /// <param name="to">Last local day of arrival; null for no end.</param>
    /// <param name="after">Only landings with a higher number; 0 for the newest.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task<IReadOnlyList<StreamRow>> ReadAsync(IReadOnlyList<Connection> connections, DateOnly from, DateOnly? to, long after, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.OpenAsync(cancel);
        var rows = new List<StreamRow>();
        foreach (var zone in connections.GroupBy(row => row.TimeZone))
        {
            var ids = zone.Select(row => row.Id).ToList();
            var days = new LocalDays(zone.Key);
            var newest = Newest(db, ids, days.StartOf(from), to is { } last ? days.StartOf(last.AddDays(1)) : DateTimeOffset.MaxValue, after);
            rows.AddRange((await Calls(db, newest).ToListAsync(cancel)).Select(row => row with { Callee = Mask.Number(row.Callee) }));
            rows.AddRange(await Batches(db, newest).ToListAsync(cancel));
        }

        return Order(rows);
    }

    /// <summary>Newest first, each call and batch once, no more than fit.</summary>
    public static IReadOnlyList<StreamRow> Order(IEnumerable<StreamRow> rows) =>
        [.. rows.OrderByDescending(row => row.Sequence).ThenBy(row => row is StreamCall call ? call.Ordinal : int.MaxValue).DistinctBy(row => row.Same).Take(MostRows)];

    public static IQueryable<Landing> Newest(DashboardDb db, List<int> connections, DateTimeOffset from, DateTimeOffset before, long after) =>
        db.Landings.AsNoTracking()
            .Where(landing => landing.Sequence > after && connections.Contains(landing.ConnectionId) && landing.LandedAt >= from && landing.LandedAt < before && landing.Calls > 0 && !landing.Again)
            .OrderByDescending(landing => landing.Sequence)
            .Take(MostRows);

    /// <summary>Connected calls, and the call of a delivery that holds no other.</summary>
    public static IQueryable<StreamCall> Calls(DashboardDb db, IQueryable<Landing> landings) =>
        (from landing in landings
         where landing.Calls == 1 || landing.Unanswered < landing.Calls
         join version in db.CallVersions on landing.DeliveryId equals version.DeliveryId
         join call in db.Calls on version.CallId equals call.Id
         join task in db.CallTasks on call.CallTaskId equals task.Id
         where call.Connected || landing.Calls == 1
         orderby landing.Sequence descending, version.Ordinal
         select new StreamCall
         {
             Sequence = landing.Sequence,
             DeliveryId = landing.DeliveryId,
             ConnectionId = landing.ConnectionId,
             TaskId = task.VendorTaskId,
             TaskName = task.Name,
             LandedAt = landing.LandedAt,
             CallId = call.Id,
             Ordinal = version.Ordinal,
             EndedAt = call.EndedAt,
             Callee = call.Callee,
             Robot = call.RobotHash,
             Label = call.Label,
             Connected = call.Connected,
             Seconds = call.DurationSeconds,
             RingType = call.RingType,
             HangupType = call.HangupType,
             HangupBy = call.HangupBy,
             TransferRequestedAt = call.TransferRequestedAt,
             TransferSucceededAt = call.TransferSucceededAt,
             Flags = call.Flags,
             HasRecording = call.HasRecording,
         }).Take(MostRows);

    public static IQueryable<StreamBatch> Batches(DashboardDb db, IQueryable<Landing> landings) =>
        from landing in landings
        where landing.Calls > 1 && landing.Unanswered > 0
        join task in db.CallTasks on landing.CallTaskId equals task.Id
        select new StreamBatch
        {
            Sequence = landing.Sequence,
            DeliveryId = landing.DeliveryId,
            ConnectionId = landing.ConnectionId,
            TaskId = task.VendorTaskId,
            TaskName = task.Name,
            LandedAt = landing.LandedAt,
            Numbers = landing.Unanswered,
            Attempts = landing.Attempts,
        };
}
