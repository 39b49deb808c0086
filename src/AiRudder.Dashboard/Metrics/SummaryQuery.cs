using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics;

/// <summary>The figures of one scope, whole and by slot.</summary>
public sealed record Summary
{
    public required CallFilter Filter { get; init; }

    /// <summary>IANA ids of the zones whose days were used.</summary>
    public required IReadOnlyList<string> Zones { get; init; }

    public required Totals Totals { get; init; }

    public required IReadOnlyDictionary<string, Figure> Figures { get; init; }

    public required SlotPlan Plan { get; init; }

    /// <summary>One per slot of the plan; a single one when there is no plan.</summary>
    public required IReadOnlyList<Tally> Slots { get; init; }

    public required LabelLooks Looks { get; init; }

    public Figure this[string name] => Figures[name];
}

/// <summary>
/// Computes every figure of <see cref="Figures"/> for a filter. Each zone's connections are asked with their own days and the
/// sums added, so nothing is ever averaged over zones.
/// </summary>
public sealed class SummaryQuery(IDbContextFactory<DashboardDb> contexts, LabelTable labels)
{
    /// <param name="filter">Which calls.</param>
    /// <param name="plan">How to cut the period; null for not at all.</param>
    /// <param name="until">Only what began before; for comparing half a day with half a day.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task<Summary> ReadAsync(CallFilter filter, SlotPlan? plan = null, DateTimeOffset? until = null, CancellationToken cancel = default)
    {
        await OffCircuit.Go();
        plan ??= SlotPlan.Whole;
        var looks = await labels.ReadAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var connections = await db.Connections.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancel);
        var wanted = connections.Where(row => filter.Connection is null || string.Equals(row.Name, filter.Connection, StringComparison.OrdinalIgnoreCase)).ToList();
        var slots = Enumerable.Range(0, plan.Count).Select(_ => new Tally()).ToList();
        var whole = new Tally();
        var tasks = new TaskTotals();
        var promises = 0L;
        foreach (var zone in wanted.GroupBy(row => row.TimeZone))
        {
            var sameZone = zone.ToList();
            var days = new LocalDays(zone.Key);
            var starts = plan.In(days);
            var calls = CallsOf(db, filter, sameZone, until);
            foreach (var row in await BySlotAndLabel(calls, starts).ToListAsync(cancel))
            {
                slots[row.Key.Slot].Add(row);
                whole.Add(row);
            }

            foreach (var row in await BySlot(DialsOf(db, filter, sameZone, until), starts).ToListAsync(cancel))
            {
                slots[row.Key.Slot].Add(row);
                whole.Add(row);
            }

            await tasks.AddAsync(db, calls, cancel);
            if (whole.Having(looks, Meaning.Promise) > 0)
            {
                var daily = filter is { From: { } from, To: { } to } ? DayStarts(days, from, to) : [];
                promises += await Promises(CallsOf(db, filter, sameZone, until), db, daily).CountAsync(cancel);
            }
        }

        var totals = await FinishAsync(db, filter, wanted, whole, tasks, looks, promises, until, cancel);
        return new Summary
        {
            Filter = filter,
            Zones = [.. wanted.Select(row => row.TimeZone).Distinct()],
            Totals = totals,
            Figures = Figures.Compute(totals),
            Plan = plan,
            Slots = slots,
            Looks = looks,
        };
    }

    public static IQueryable<CallSums> BySlotAndLabel(IQueryable<Call> calls, IReadOnlyList<DateTimeOffset> starts) =>
        calls.Sum(call => new CallKey { Slot = Slots.Of(call.OccurredAt), ConnectionId = call.ConnectionId, Robot = call.RobotHash, Label = call.Label }).WithSlots(starts);

    public static IQueryable<DialSums> BySlot(IQueryable<Dial> dials, IReadOnlyList<DateTimeOffset> starts) =>
        dials.Sum(dial => new DialKey { Slot = Slots.Of(dial.At) }).WithSlots(starts);

    /// <summary>One row per number and local day that made a promise: said twice it is still one.</summary>
    public static IQueryable<NumberAndDay> Promises(IQueryable<Call> calls, DashboardDb db, IReadOnlyList<DateTimeOffset> days) =>
        new CallFilter { Meaning = Meaning.Promise }.Narrow(calls, db)
            .Where(call => call.Connected)
            .Select(call => new NumberAndDay { Callee = call.Callee, Day = Slots.Of(call.OccurredAt) })
            .WithSlots(days)
            .Distinct();

    private static IReadOnlyList<DateTimeOffset> DayStarts(LocalDays days, DateOnly from, DateOnly to) =>
        [.. Enumerable.Range(0, Math.Min(366, to.DayNumber - from.DayNumber + 1)).Select(i => days.StartOf(from.AddDays(i)))];

    private static IQueryable<Call> CallsOf(DashboardDb db, CallFilter filter, List<Connection> sameZone, DateTimeOffset? until)
    {
        var calls = Sums.Calls(db, filter, sameZone);
        return until is { } end ? calls.Where(call => call.OccurredAt < end) : calls;
    }

    private static IQueryable<Dial> DialsOf(DashboardDb db, CallFilter filter, List<Connection> sameZone, DateTimeOffset? until)
    {
        var dials = Sums.Dials(db, filter, sameZone);
        return until is { } end ? dials.Where(dial => dial.At < end) : dials;
    }

    private static async Task<Totals> FinishAsync(
        DashboardDb db, CallFilter filter, List<Connection> wanted, Tally whole, TaskTotals tasks, LabelLooks looks, long promises, DateTimeOffset? until, CancellationToken cancel)
    {
        var (deliveries, deliveriesUnknown) = await DeliveriesAsync(db, filter, wanted, until, cancel);
        var ids = wanted.Select(row => row.Id).ToHashSet();
        var given = looks.Rows.Where(row => ids.Contains(row.ConnectionId)).Aggregate(Meaning.None, (all, row) => all | row.Meanings);
        return new Totals
        {
            Calls = whole,
            Deliveries = deliveries,
            DeliveriesUnknown = deliveriesUnknown,
            Heard = tasks.Heard,
            Reached = tasks.Reached,
            HeardInAll = tasks.HeardInAll,
            ListSize = tasks.ListSize,
            ListSizeUnknown = tasks.ListSizeUnknown,
            Incomplete = tasks.Incomplete,
            RightParty = whole.Having(looks, Meaning.RightParty),
            RightPartyUnknown = (given & Meaning.RightParty) != 0 ? null : "No label is said to mean 'right party': give labels their meaning on the Intentions page.",
            Promises = promises,
            PromiseUnknown = (given & Meaning.Promise) != 0 ? null : "No label is said to mean 'promise': give labels their meaning on the Intentions page.",
            Unmapped = whole.WithoutMeaning(looks),
        };
    }

    /// <summary>Deliveries belong to a period by arrival; of what a call says, they know only the task.</summary>
    private static async Task<(long? Count, string? Unknown)> DeliveriesAsync(DashboardDb db, CallFilter filter, List<Connection> wanted, DateTimeOffset? until, CancellationToken cancel)
    {
        if (filter with { From = null, To = null, Connection = null, Task = null } != new CallFilter())
        {
            return (null, "One delivery carries many calls: deliveries are counted for days, connections and tasks only.");
        }

        var count = 0L;
        foreach (var zone in wanted.GroupBy(row => row.TimeZone))
        {
            var ids = zone.Select(row => row.Id).ToList();
            var days = new LocalDays(zone.Key);
            var arrivals = Arrivals(db, ids, filter.Task);
            if (filter.From is { } from)
            {
                var start = days.StartOf(from);
                arrivals = arrivals.Where(arrival => arrival.At >= start);
            }

            var end = filter.To is { } to ? days.StartOf(to.AddDays(1)) : until;
            end = until < end ? until : end;
            if (end is { } before)
            {
                arrivals = arrivals.Where(arrival => arrival.At < before);
            }

            count += await arrivals.Select(arrival => arrival.DeliveryId).Distinct().CountAsync(cancel);
        }

        return (count, null);
    }

    public static IQueryable<Arrival> Arrivals(DashboardDb db, List<int> connections, string? task) => task is null
        ? db.Deliveries.AsNoTracking().Where(row => connections.Contains(row.ConnectionId)).Select(row => new Arrival { DeliveryId = row.Id, At = row.ReceivedAt })
        : db.Landings.AsNoTracking()
            .Where(row => connections.Contains(row.ConnectionId) && db.CallTasks.Any(known => known.Id == row.CallTaskId && known.VendorTaskId == task))
            .Select(row => new Arrival { DeliveryId = row.DeliveryId, At = row.LandedAt });
}

/// <summary>A number on one day of the plan.</summary>
public sealed record NumberAndDay
{
    public string? Callee { get; init; }

    public int Day { get; init; }
}

/// <summary>A delivery and when it came.</summary>
public sealed class Arrival
{
    public long DeliveryId { get; init; }

    public DateTimeOffset At { get; init; }
}
