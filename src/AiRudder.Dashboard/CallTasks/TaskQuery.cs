using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>One task with its figures within a filter.</summary>
public sealed record TaskRow
{
    public required CallTask Task { get; init; }

    public required string Connection { get; init; }

    public required TaskTotals.State State { get; init; }

    /// <summary>Distinct numbers heard of, within the filter.</summary>
    public int Heard { get; init; }

    public int Reached { get; init; }

    public required Tally Sums { get; init; }

    public required IReadOnlyList<LabelCount> Labels { get; init; }

    /// <summary>All that its figures are computed from.</summary>
    public required Totals Totals { get; init; }

    /// <summary>Numbers heard of per minute, over the last ten.</summary>
    public double Pace { get; init; }

    /// <summary>Safe to look at: the name is the vendor's text.</summary>
    public string Title => VisibleText.Of(Task.Name ?? (Task.VendorTaskId.Length > 0 ? Task.VendorTaskId : T("Calls without a task")));

    /// <summary>A figure of the task alone.</summary>
    public Figure Figure(string name) => Figures.Definition(name).Compute(Totals);

    /// <summary>Of a list that is longer than was told all was heard of.</summary>
    public Figure Coverage => Figure(Figures.Coverage) is { Value: > 1 } whole ? whole with { Value = 1, Numerator = whole.Denominator } : Figure(Figures.Coverage);

    /// <summary>One per number and day; null while no label means one.</summary>
    public long? Promises => Totals.PromiseUnknown is null ? Totals.Promises : null;
}

/// <summary>Tasks and their figures.</summary>
public sealed class TaskQuery(IDbContextFactory<DashboardDb> contexts, LabelTable labels, TimeProvider time)
{
    private static readonly TimeSpan PaceWindow = TimeSpan.FromMinutes(10);

    private readonly RollupNames rollups = new();

    /// <summary>Tasks that have calls within the filter, the one heard of last first. Without a period: all tasks.</summary>
    /// <param name="filter">Which calls.</param>
    /// <param name="most">No more tasks than this.</param>
    /// <param name="before">Only tasks with a smaller id of ours; for paging, then ordered by that id.</param>
    /// <param name="cancel">Stops the queries.</param>
    /// <exception cref="FiguresUnknownException">They cannot be known now.</exception>
    public async Task<IReadOnlyList<TaskRow>> ReadAsync(CallFilter filter, int most = 500, int? before = null, CancellationToken cancel = default)
    {
        await OffCircuit.Go();
        var looks = await labels.ReadAsync(cancel);
        looks = filter.MeaningsNow == true ? looks.AsNow() : looks;
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var rows = new List<TaskRow>();
        foreach (var zone in connections.Where(row => filter.Connection is null || string.Equals(row.Name, filter.Connection, StringComparison.OrdinalIgnoreCase)).GroupBy(row => row.TimeZone))
        {
            rows.AddRange(await ReadZoneAsync(db, filter, [.. zone], looks, most, before, cancel));
        }

        return [.. (before is null ? rows.OrderByDescending(row => row.Task.LastHeardAt) : rows.OrderByDescending(row => row.Task.Id)).Take(most)];
    }

    public static IQueryable<CallTask> Tasks(DashboardDb db, CallFilter filter, List<Connection> sameZone, int? before)
    {
        var ids = sameZone.Select(row => row.Id).ToList();
        var tasks = db.CallTasks.AsNoTracking().Where(task => ids.Contains(task.ConnectionId));
        tasks = filter.Task is { } wanted ? tasks.Where(task => task.VendorTaskId == wanted) : tasks;
        tasks = before is { } id ? tasks.Where(task => task.Id < id) : tasks;
        if (filter with { Connection = null, Task = null } == new CallFilter())
        {
            return tasks;
        }

        var calls = Sums.Calls(db, filter, sameZone);
        return tasks.Where(task => calls.Any(call => call.CallTaskId == task.Id));
    }

    public static IQueryable<CallSums> ByTaskAndLabel(IQueryable<Call> calls) =>
        calls.Sum(call => new CallKey { CallTaskId = call.CallTaskId, ConnectionId = call.ConnectionId, Robot = call.RobotHash, Label = call.Label });

    public static IQueryable<DialSums> ByTask(IQueryable<Dial> dials) => dials.Sum(dial => new DialKey { CallTaskId = dial.CallTaskId });

    public static IQueryable<TaskCalls> HeardSince(DashboardDb db, List<int> tasks, DateTimeOffset since) =>
        db.Landings.AsNoTracking()
            .Where(landing => tasks.Contains(landing.CallTaskId) && landing.LandedAt > since && !landing.Again)
            .GroupBy(landing => landing.CallTaskId)
            .Select(group => new TaskCalls(group.Key, group.Sum(landing => landing.Calls)));

    private async Task<IEnumerable<TaskRow>> ReadZoneAsync(DashboardDb db, CallFilter filter, List<Connection> sameZone, LabelLooks looks, int most, int? before, CancellationToken cancel)
    {
        var unready = await RollupScope.UnreadyAsync(db, sameZone, cancel);
        if (unready is null && RollupScope.Knows(filter, looks, sameZone))
        {
            return await ReadRollupsAsync(db, filter, sameZone, looks, most, before, cancel);
        }

        if (await Scan.TooMuchAsync(db, filter, sameZone, unready, cancel) is { } refusal)
        {
            throw new FiguresUnknownException(refusal);
        }

        var tasks = await Newest(Tasks(db, filter, sameZone, before), before, most).ToListAsync(cancel);
        var ids = tasks.ConvertAll(task => task.Id);
        var calls = Sums.Calls(db, filter, sameZone).Where(call => ids.Contains(call.CallTaskId));
        var sums = tasks.ToDictionary(task => task.Id, _ => new Tally());
        foreach (var row in await ByTaskAndLabel(calls).ToListAsync(cancel))
        {
            sums[row.Key.CallTaskId].Add(row);
        }

        foreach (var row in await ByTask(Sums.Dials(db, filter, sameZone).Where(dial => ids.Contains(dial.CallTaskId))).ToListAsync(cancel))
        {
            sums[row.Key.CallTaskId].Add(row);
        }

        var numbers = await calls.Numbers().ToDictionaryAsync(row => row.CallTaskId, row => ((long)row.Heard, (long)row.Reached), cancel);
        var days = new LocalDays(sameZone[0].TimeZone);
        var promises = (await Promised(calls, db).ToListAsync(cancel)).Select(row => (row.CallTaskId, row.Callee, Day: days.DayOf(row.At))).Distinct().GroupBy(row => row.CallTaskId).ToDictionary(group => group.Key, group => (long)group.Count());
        return await RowsAsync(db, sameZone, tasks, sums, numbers, await TaskTotals.ReadStatesAsync(db, ids, cancel), promises, looks, cancel);
    }

    private async Task<IEnumerable<TaskRow>> ReadRollupsAsync(DashboardDb db, CallFilter filter, List<Connection> sameZone, LabelLooks looks, int most, int? before, CancellationToken cancel)
    {
        var names = await rollups.ReadAsync(db, cancel);
        var scope = await RollupScope.OfAsync(db, filter, sameZone, names, looks, cancel);
        var counted = (await new RollupTasks(db, scope, names).ReadAsync(cancel)).ToDictionary(task => task.CallTaskId);
        var all = Tasks(db, new CallFilter { Connection = filter.Connection, Task = filter.Task }, sameZone, before);
        if (filter with { Connection = null, Task = null } != new CallFilter())
        {
            var having = counted.Keys.ToList();
            all = all.Where(task => EF.Parameter(having).Contains(task.Id));
        }

        var tasks = await Newest(all, before, most).ToListAsync(cancel);
        var ids = tasks.ConvertAll(task => task.Id);
        var sums = tasks.ToDictionary(task => task.Id, _ => new Tally());
        if (ids.Count > 0)
        {
            foreach (var (part, at) in scope.Parts(looks))
            {
                foreach (var row in await RollupReader.ConnectedByTask(db, part, ids).ToListAsync(cancel))
                {
                    sums[row.Key.Task].AddConnected(names.Labels[row.Key.LabelId], looks.Since(names.Labels[row.Key.LabelId], at), row.Connected);
                }

                foreach (var row in await RollupReader.ByTask(db, part, ids).ToListAsync(cancel))
                {
                    sums[row.Key.Task].Add(row);
                }
            }
        }

        var numbers = counted.ToDictionary(pair => pair.Key, pair => (pair.Value.Heard, pair.Value.Reached));
        var states = tasks.ToDictionary(task => task.Id, task => counted.GetValueOrDefault(task.Id)?.State ?? new TaskTotals.State(task.VendorTaskId, task.Name ?? task.VendorTaskId, task.Status, task.ListSize, 0));
        var promises = new Dictionary<int, long>();
        foreach (var (part, at) in ids.Count == 0 ? [] : scope.Parts(looks))
        {
            var promised = RollupReader.Meaning(names, looks, Meaning.Promise, part, at);
            foreach (var group in promised.Count == 0 ? [] : (await RollupReader.TalksByTask(db, part with { Tasks = ids }).ToListAsync(cancel)).GroupBy(row => row.Task))
            {
                promises[group.Key] = promises.GetValueOrDefault(group.Key) + RollupReader.Having(group, names, promised, connected: true);
            }
        }

        return await RowsAsync(db, sameZone, tasks, sums, numbers, states, promises, looks, cancel);
    }

    /// <summary>Calls in which something was promised: said twice on a day it is one promise.</summary>
    public static IQueryable<PromiseMade> Promised(IQueryable<Call> calls, DashboardDb db) =>
        new CallFilter { Meaning = Meaning.Promise }.Narrow(calls, db).Where(call => call.Connected && call.Callee != null).Select(call => new PromiseMade(call.CallTaskId, call.Callee!, call.OccurredAt));

    private static Said? Missing(LabelLooks looks, int connection, Meaning meaning) =>
        looks.Rows.Any(row => row.ConnectionId == connection && (row.Meanings & meaning) != 0) ? null : Noted("No label is said to mean it: give labels their meaning on the Intentions page.");

    private static IQueryable<CallTask> Newest(IQueryable<CallTask> tasks, int? before, int most) =>
        (before is null ? tasks.OrderByDescending(task => task.LastHeardAt) : tasks.OrderByDescending(task => task.Id)).Take(most);

    private async Task<IEnumerable<TaskRow>> RowsAsync(
        DashboardDb db, List<Connection> sameZone, List<CallTask> tasks, Dictionary<int, Tally> sums, Dictionary<int, (long Heard, long Reached)> numbers, Dictionary<int, TaskTotals.State> states, Dictionary<int, long> promises, LabelLooks looks, CancellationToken cancel)
    {
        var heard = await HeardSince(db, tasks.ConvertAll(task => task.Id), time.GetUtcNow() - PaceWindow).ToDictionaryAsync(row => row.CallTaskId, row => row.Calls, cancel);
        return tasks.Select(task => new TaskRow
        {
            Task = task,
            Connection = sameZone.First(row => row.Id == task.ConnectionId).Name,
            State = states[task.Id],
            Heard = (int)numbers.GetValueOrDefault(task.Id).Heard,
            Reached = (int)numbers.GetValueOrDefault(task.Id).Reached,
            Sums = sums[task.Id],
            Labels = LabelCount.From(sums[task.Id].ConnectedByLabel, looks),
            Totals = Totals.Of(sums[task.Id], looks) with
            {
                Heard = numbers.GetValueOrDefault(task.Id).Heard,
                Reached = numbers.GetValueOrDefault(task.Id).Reached,
                HeardInAll = states[task.Id].HeardInAll,
                ListSize = task.ListSize,
                ListSizeUnknown = task.ListSize is null ? Noted("The list size of the task is unknown: the webhook does not carry it.") : null,
                Incomplete = states[task.Id].Why,
                RightPartyUnknown = Missing(looks, task.ConnectionId, Meaning.RightParty),
                Promises = promises.GetValueOrDefault(task.Id),
                PromiseUnknown = Missing(looks, task.ConnectionId, Meaning.Promise),
            },
            Pace = heard.GetValueOrDefault(task.Id) / PaceWindow.TotalMinutes,
        });
    }
}

public sealed record PromiseMade(int CallTaskId, string Callee, DateTimeOffset At);

public sealed record TaskCalls(int CallTaskId, int Calls);
