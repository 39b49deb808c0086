using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Metrics.Rollups;
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

    /// <summary>A figure of one slot, from what the slot's sums know.</summary>
    public double? In(Tally slot, string name) => Metrics.Figures.Definition(name).Compute(Metrics.Totals.Of(slot, Looks)).Value;

    /// <summary>The summary itself, for a page that has nothing to show without figures.</summary>
    /// <exception cref="FiguresUnknownException">Nothing can be known now.</exception>
    public Summary Known() => Totals.Unknown is { } reason ? throw new FiguresUnknownException(reason) : this;
}

/// <summary>
/// Computes every figure of <see cref="Figures"/> for a filter. Each zone's connections are asked with their own days and the
/// sums added, so nothing is ever averaged over zones. What rollups know comes from them; anything else is counted call by call, up to
/// <see cref="Scan.MostCalls"/>.
/// </summary>
public sealed class SummaryQuery(IDbContextFactory<DashboardDb> contexts, LabelTable labels)
{
    private readonly RollupNames rollups = new();
    private readonly ArrivalDays arrivalDays = new();

    /// <param name="filter">Which calls.</param>
    /// <param name="plan">How to cut the period; null for not at all.</param>
    /// <param name="until">Only what began before; for comparing half a day with half a day.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task<Summary> ReadAsync(CallFilter filter, SlotPlan? plan = null, DateTimeOffset? until = null, CancellationToken cancel = default)
    {
        await OffCircuit.Go();
        plan ??= SlotPlan.Whole;
        var looks = await labels.ReadAsync(cancel);
        looks = filter.MeaningsNow == true ? looks.AsNow() : looks;
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancel);
        var wanted = connections.Where(row => filter.Connection is null || string.Equals(row.Name, filter.Connection, StringComparison.OrdinalIgnoreCase)).ToList();
        var slots = Enumerable.Range(0, plan.Count).Select(_ => new Tally()).ToList();
        var tasks = new TaskTotals();
        var promises = 0L;
        Said? unknown = null;
        foreach (var zone in wanted.GroupBy(row => row.TimeZone))
        {
            var sameZone = zone.ToList();
            var unready = await RollupScope.UnreadyAsync(db, sameZone, cancel);
            var known = unready is null && RollupScope.Knows(filter, looks, sameZone);
            if (known && until is { } moment)
            {
                var names = await rollups.ReadAsync(db, cancel);
                promises += await new RollupsUntil(db, filter, await RollupScope.OfAsync(db, filter, sameZone, names, looks, cancel), names, looks, moment).ReadAsync(plan, slots, tasks, cancel);
            }
            else if (known)
            {
                promises += await ReadRollupsAsync(db, filter, sameZone, plan, slots, tasks, looks, cancel);
            }
            else if (await Scan.TooMuchAsync(db, filter, sameZone, unready, cancel) is { } refusal)
            {
                unknown = refusal;
                break;
            }
            else
            {
                promises += await ScanAsync(db, filter, sameZone, plan, until, slots, tasks, looks, cancel);
            }
        }

        var totals = await FinishAsync(db, filter, wanted, Tally.Sum(slots), tasks, looks, promises, until, cancel);
        totals = unknown is null ? totals : totals with { Unknown = unknown };
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

    /// <returns>Promises.</returns>
    private async Task<long> ReadRollupsAsync(DashboardDb db, CallFilter filter, List<Connection> sameZone, SlotPlan plan, List<Tally> slots, TaskTotals tasks, LabelLooks looks, CancellationToken cancel)
    {
        var names = await rollups.ReadAsync(db, cancel);
        var scope = await RollupScope.OfAsync(db, filter, sameZone, names, looks, cancel);
        await new RollupTasks(db, scope, names).AddToAsync(tasks, cancel);
        var promises = 0L;
        foreach (var (part, at) in scope.Parts(looks))
        {
            await RollupReader.AddAsync(db, part, plan, names, slots, key => looks.Since(key, at), cancel);
            var promised = RollupReader.Meaning(names, looks, Meaning.Promise, part, at);
            promises += promised.Count == 0 ? 0 : RollupReader.Having(await RollupReader.Talks(db, part).ToListAsync(cancel), names, promised, connected: true);
        }

        return promises;
    }

    /// <returns>Promises.</returns>
    private static async Task<long> ScanAsync(DashboardDb db, CallFilter filter, List<Connection> sameZone, SlotPlan plan, DateTimeOffset? until, List<Tally> slots, TaskTotals tasks, LabelLooks looks, CancellationToken cancel)
    {
        var days = new LocalDays(sameZone[0].TimeZone);
        var starts = plan.In(days);
        var calls = CallsOf(db, filter, sameZone, until);
        var whole = new Tally();
        var changes = RollupScope.Changes(filter, looks, sameZone);
        IReadOnlyList<DateTimeOffset> fine = changes.Count == 0 ? starts : [DateTimeOffset.MinValue, .. starts.Concat(changes).Distinct().Order()];
        var first = filter.From is { } day ? days.StartOf(day) : DateTimeOffset.MinValue;
        foreach (var row in await BySlotAndLabel(calls, fine).ToListAsync(cancel))
        {
            var at = changes.Count == 0 || fine[row.Key.Slot] < first ? first : fine[row.Key.Slot];
            var slot = changes.Count == 0 ? row.Key.Slot : Math.Max(0, starts.Count(start => start <= fine[row.Key.Slot]) - 1);
            var since = looks.Since(new(row.Key.ConnectionId, row.Key.Robot, row.Key.Label), at);
            slots[slot].Add(row, since);
            whole.Add(row, since);
        }

        foreach (var row in await BySlot(DialsOf(db, filter, sameZone, until), starts).ToListAsync(cancel))
        {
            slots[row.Key.Slot].Add(row);
        }

        foreach (var row in await Waits(calls).WithSlots(starts).ToListAsync(cancel))
        {
            slots[row.Slot].AddTransferWait(row.Taken - row.Asked);
        }

        await tasks.AddAsync(db, calls, cancel);
        if (whole.Having(looks, Meaning.Promise) == 0)
        {
            return 0;
        }

        // A promise counts once a day: of an open period the days are those that have calls.
        var begin = filter.From ?? await DayAsync(days, calls.OrderBy(call => call.OccurredAt), cancel);
        var end = filter.To ?? await DayAsync(days, calls.OrderByDescending(call => call.OccurredAt), cancel);
        var daily = begin <= end ? DayStarts(days, begin.Value, end.Value) : [];
        return await Promises(CallsOf(db, filter, sameZone, until), db, daily, filter.MeaningsNow == true).CountAsync(cancel);
    }

    /// <summary>Transfers that were taken: no provider-neutral query subtracts instants.</summary>
    public static IQueryable<TransferWait> Waits(IQueryable<Call> calls) =>
        calls.Where(call => call.TransferSucceededAt >= call.TransferRequestedAt)
            .Select(call => new TransferWait { Slot = Slots.Of(call.OccurredAt), Asked = call.TransferRequestedAt!.Value, Taken = call.TransferSucceededAt!.Value });

    public static IQueryable<CallSums> BySlotAndLabel(IQueryable<Call> calls, IReadOnlyList<DateTimeOffset> starts) =>
        calls.Sum(call => new CallKey { Slot = Slots.Of(call.OccurredAt), ConnectionId = call.ConnectionId, Robot = call.RobotHash, Label = call.Label }).WithSlots(starts);

    public static IQueryable<DialSums> BySlot(IQueryable<Dial> dials, IReadOnlyList<DateTimeOffset> starts) =>
        dials.Sum(dial => new DialKey { Slot = Slots.Of(dial.At) }).WithSlots(starts);

    /// <summary>One row per number and local day that made a promise: said twice it is still one.</summary>
    public static IQueryable<NumberAndDay> Promises(IQueryable<Call> calls, DashboardDb db, IReadOnlyList<DateTimeOffset> days, bool meaningsNow = false) =>
        calls.WithMeaning(db, Meaning.Promise, meaningsNow)
            .Where(call => call.Connected && call.Callee != null)
            .Select(call => new NumberAndDay { ConnectionId = call.ConnectionId, Callee = call.Callee, Day = Slots.Of(call.OccurredAt) })
            .WithSlots(days)
            .Distinct();

    private static async Task<DateOnly?> DayAsync(LocalDays days, IQueryable<Call> inOrder, CancellationToken cancel) =>
        await inOrder.Select(call => (DateTimeOffset?)call.OccurredAt).FirstOrDefaultAsync(cancel) is { } at ? days.DayOf(at) : null;

    private static IReadOnlyList<DateTimeOffset> DayStarts(LocalDays days, DateOnly from, DateOnly to) =>
        [.. Enumerable.Range(0, Math.Min(1000, to.DayNumber - from.DayNumber + 1)).Select(i => days.StartOf(from.AddDays(i)))];

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

    private async Task<Totals> FinishAsync(
        DashboardDb db, CallFilter filter, List<Connection> wanted, Tally whole, TaskTotals tasks, LabelLooks looks, long promises, DateTimeOffset? until, CancellationToken cancel)
    {
        var (deliveries, deliveriesUnknown) = await DeliveriesAsync(db, filter, wanted, until, cancel);
        var ids = wanted.Select(row => row.Id).ToHashSet();
        var given = looks.All.Where(row => ids.Contains(row.ConnectionId)).Aggregate(Meaning.None, (all, row) => all | row.Meanings);
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
            RightPartyUnknown = (given & Meaning.RightParty) != 0 ? null : Noted("No label is said to mean 'right party': give labels their meaning on the Intentions page."),
            Promises = promises,
            PromiseUnknown = (given & Meaning.Promise) != 0 ? null : Noted("No label is said to mean 'promise': give labels their meaning on the Intentions page."),
            Unmapped = whole.WithoutMeaning(looks),
            Looks = looks,
        };
    }

    /// <summary>Deliveries belong to a period by arrival; of what a call says, they know only the task.</summary>
    private async Task<(long? Count, Said? Unknown)> DeliveriesAsync(DashboardDb db, CallFilter filter, List<Connection> wanted, DateTimeOffset? until, CancellationToken cancel)
    {
        if (filter with { From = null, To = null, Connection = null, Task = null, MeaningsNow = null } != new CallFilter())
        {
            return (null, Noted("One delivery carries many calls: deliveries are counted for days, connections and tasks only."));
        }

        var count = 0L;
        foreach (var zone in wanted.GroupBy(row => row.TimeZone))
        {
            var ids = zone.Select(row => row.Id).ToList();
            var days = new LocalDays(zone.Key);
            var from = filter.From is { } first ? days.StartOf(first) : (DateTimeOffset?)null;
            var end = filter.To is { } last ? days.StartOf(last.AddDays(1)) : until;
            end = until < end ? until : end;
            if (filter.Task is not { } name)
            {
                count += await arrivalDays.CountAsync(db, ids, from, end, cancel);
                continue;
            }

            // Of a task a delivery may have landed more than once.
            var landed = Arrivals(db, ids, await RollupScope.TasksNamed(db, ids, name).ToListAsync(cancel));
            count += await ArrivalDays.Between(landed, from, end).Select(arrival => arrival.DeliveryId).Distinct().CountAsync(cancel);
        }

        return (count, null);
    }

    /// <summary>Deliveries of connections, or landings of tasks: an index has either in order, where a condition by the task's name reads all.</summary>
    public static IQueryable<Arrival> Arrivals(DashboardDb db, List<int> connections, List<int>? tasks) => tasks is null
        ? db.Deliveries.AsNoTracking().Where(row => connections.Contains(row.ConnectionId)).Select(row => new Arrival { DeliveryId = row.Id, At = row.ReceivedAt })
        : db.Landings.AsNoTracking().Where(row => tasks.Contains(row.CallTaskId)).Select(row => new Arrival { DeliveryId = row.DeliveryId, At = row.LandedAt });
}

/// <summary>A number on one day of the plan.</summary>
public sealed record NumberAndDay
{
    /// <summary>Two accounts are two creditors: a promise to one is none to the other.</summary>
    public int ConnectionId { get; init; }

    public string? Callee { get; init; }

    public int Day { get; init; }
}

/// <summary>How long a transfer rang.</summary>
public sealed record TransferWait
{
    public int Slot { get; init; }

    public DateTimeOffset Asked { get; init; }

    public DateTimeOffset Taken { get; init; }
}

/// <summary>A delivery and when it came.</summary>
public sealed class Arrival
{
    public long DeliveryId { get; init; }

    public DateTimeOffset At { get; init; }
}
