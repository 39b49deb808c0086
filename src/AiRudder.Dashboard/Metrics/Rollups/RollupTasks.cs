using System.Linq.Expressions;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>A task with calls in the scope, and its distinct numbers there.</summary>
public sealed record TaskNumbers(int CallTaskId, TaskTotals.State State, long Heard, long Reached);

/// <summary>
/// Distinct numbers per task. A task whose days all lie in the scope has them counted already, and so has a single day; only a task that
/// reaches beyond a scope of several days is counted number by number.
/// </summary>
public sealed class RollupTasks(DashboardDb db, RollupScope scope, RollupNames.Held names)
{
    private readonly HashSet<int>? labels = scope.Labels?.ToHashSet();

    public Task<IReadOnlyList<TaskNumbers>> ReadAsync(CancellationToken cancel) => ReadAsync(Rows(db, scope), cancel);

    /// <summary>Adds all of them to the totals; of a year most are over, and those come as one sum.</summary>
    public async Task AddToAsync(TaskTotals totals, CancellationToken cancel)
    {
        if (labels is not null)
        {
            // How many numbers have the labels is not in a task's row.
            totals.Add(await ReadAsync(cancel));
            return;
        }

        if (await Over(db, scope).FirstOrDefaultAsync(cancel) is { } over)
        {
            totals.Add(over);
        }

        totals.Add(await ReadAsync(NotOver(db, scope), cancel));
    }

    private async Task<IReadOnlyList<TaskNumbers>> ReadAsync(IQueryable<Row> wanted, CancellationToken cancel)
    {
        var rows = await wanted.ToListAsync(cancel);
        var beyond = rows.Where(row => row.FirstDay < scope.FirstDay || row.LastDay > scope.LastDay).Select(row => row.Id).ToList();
        var counted = new Dictionary<int, (long Heard, long Reached)>();
        if (beyond.Count > 0)
        {
            await CountBeyondAsync(beyond, counted, cancel);
        }

        var inside = rows.Where(row => row.FirstDay >= scope.FirstDay && row.LastDay <= scope.LastDay).ToList();
        if (scope.Labels is null)
        {
            inside.ForEach(row => counted[row.Id] = (row.Heard, row.Reached));
        }
        else
        {
            await CountInsideAsync(inside.ConvertAll(row => row.Id), counted, cancel);
        }

        return [.. rows.Where(row => counted.ContainsKey(row.Id)).Select(row => new TaskNumbers(row.Id, row.State, counted[row.Id].Heard, counted[row.Id].Reached))];
    }

    public static IQueryable<Row> Rows(DashboardDb db, RollupScope scope) => Joined(db, scope).Select(AsRow);

    /// <summary>Those that are complete and have all their calls in the scope, as one sum; no row when there is none.</summary>
    public static IQueryable<Sum> Over(DashboardDb db, RollupScope scope) => Joined(db, scope).Where(IsOver(scope))
        .GroupBy(_ => 1)
        .Select(group => new Sum(
            group.Sum(it => it.Counts.Heard),
            group.Sum(it => it.Counts.Reached),
            group.Count(),
            group.Count(it => it.Task.ListSize != null),
            group.Sum(it => (long?)it.Task.ListSize) ?? 0,
            group.Sum(it => it.Task.ListSize != null ? it.Counts.Heard : 0)));

    /// <summary>The others.</summary>
    public static IQueryable<Row> NotOver(DashboardDb db, RollupScope scope)
    {
        var over = IsOver(scope);
        return Joined(db, scope).Where(Expression.Lambda<Func<Pair, bool>>(Expression.Not(over.Body), over.Parameters)).Select(AsRow);
    }

    private static IQueryable<Pair> Joined(DashboardDb db, RollupScope scope)
    {
        var (ids, first, last) = (scope.Connections, scope.FirstDay, scope.LastDay);
        var tasks = db.Set<RollupTask>().AsNoTracking().Where(row => EF.Parameter(ids).Contains(row.ConnectionId) && row.LastDay >= first && row.FirstDay <= last && row.Calls > 0);
        if (scope.Tasks is { } wanted)
        {
            tasks = tasks.Where(row => EF.Parameter(wanted).Contains(row.CallTaskId));
        }

        return tasks.Join(db.CallTasks, row => row.CallTaskId, task => task.Id, (row, task) => new Pair { Counts = row, Task = task });
    }

    private static Expression<Func<Pair, Row>> AsRow =>
        it => new Row(it.Counts.CallTaskId, it.Task.VendorTaskId, it.Task.Name, it.Task.Status, it.Task.ListSize, it.Counts.FirstDay, it.Counts.LastDay, it.Counts.Heard, it.Counts.Reached);

    private static Expression<Func<Pair, bool>> IsOver(RollupScope scope)
    {
        var (first, last) = (scope.FirstDay, scope.LastDay);
        return it => it.Counts.FirstDay >= first && it.Counts.LastDay <= last && it.Task.VendorTaskId != "" && it.Task.Status != null && it.Task.Status == TaskState.Finished &&
            (it.Task.ListSize == null || it.Counts.Heard >= it.Task.ListSize);
    }

    /// <summary>On how many days of the scope these tasks have calls, and the first of them.</summary>
    public static IQueryable<Active> ActiveDays(DashboardDb db, RollupScope scope, List<int> tasks) =>
        RollupReader.Rows(db, scope with { Tasks = tasks }, RollupGrain.TaskDay)
            .Where(row => row.Calls > 0)
            .GroupBy(row => row.Scope)
            .Select(group => new Active(group.Key, group.Select(row => row.Slot).Distinct().Count(), group.Min(row => row.Slot)));

    public static IQueryable<SetRow> Sets(DashboardDb db, RollupGrain grain, List<int> tasks, int first, int last) =>
        db.Set<RollupSet>().AsNoTracking()
            .Where(row => row.Grain == grain && EF.Parameter(tasks).Contains(row.Scope) && row.Slot >= first && row.Slot <= last && row.Numbers != 0)
            .Select(row => new SetRow(row.Scope, row.Slot, row.SetId, row.Numbers));

    /// <summary>Distinct numbers of tasks between two quarters, counted number by number.</summary>
    public static IQueryable<NumberSums> Distinct(DashboardDb db, List<int> tasks, List<int>? labels, int first, int last)
    {
        var rows = db.Set<RollupNumber>().AsNoTracking().Where(row => EF.Parameter(tasks).Contains(row.CallTaskId) && row.Quarter >= first && row.Quarter <= last && row.Calls > 0);
        rows = labels is null ? rows : rows.Where(row => EF.Parameter(labels).Contains(row.LabelId));
        return rows.GroupBy(row => row.CallTaskId).Select(group => new NumberSums(
            group.Key,
            group.Select(row => row.Number).Distinct().Count(),
            group.Where(row => row.Connected > 0).Select(row => row.Number).Distinct().Count()));
    }

    private async Task CountBeyondAsync(List<int> tasks, Dictionary<int, (long Heard, long Reached)> counted, CancellationToken cancel)
    {
        var active = await ActiveDays(db, scope, tasks).ToDictionaryAsync(row => row.CallTaskId, cancel);
        foreach (var id in active.Keys)
        {
            // Its calls may all be without a number.
            counted[id] = default;
        }

        var single = active.Values.Where(row => row.Days == 1).Select(row => row.CallTaskId).ToList();
        if (single.Count > 0)
        {
            var sets = await Sets(db, RollupGrain.TaskDay, single, scope.FirstDay, scope.LastDay).ToListAsync(cancel);
            foreach (var group in sets.Where(row => row.Slot == active[row.Task].First).GroupBy(row => row.Task))
            {
                counted[group.Key] = (Having(group, connected: false), Having(group, connected: true));
            }
        }

        var several = active.Values.Where(row => row.Days > 1).Select(row => row.CallTaskId).ToList();
        if (several.Count > 0)
        {
            foreach (var row in await Distinct(db, several, scope.Labels, scope.FirstQuarter, scope.EndQuarter - 1).ToListAsync(cancel))
            {
                counted[row.CallTaskId] = (row.Heard, row.Reached);
            }
        }
    }

    private async Task CountInsideAsync(List<int> tasks, Dictionary<int, (long Heard, long Reached)> counted, CancellationToken cancel)
    {
        foreach (var row in await ActiveDays(db, scope, tasks).ToListAsync(cancel))
        {
            counted[row.CallTaskId] = default;
        }

        foreach (var group in (await Sets(db, RollupGrain.Task, tasks, 0, 0).ToListAsync(cancel)).GroupBy(row => row.Task).Where(group => counted.ContainsKey(group.Key)))
        {
            counted[group.Key] = (Having(group, connected: false), Having(group, connected: true));
        }
    }

    private long Having(IEnumerable<SetRow> sets, bool connected) => RollupReader.Having(sets, names, labels, connected);

    public sealed record Row(int Id, string VendorTaskId, string? Name, string? Status, int? ListSize, int FirstDay, int LastDay, long Heard, long Reached)
    {
        public TaskTotals.State State => new(VendorTaskId, Name ?? VendorTaskId, Status, ListSize, (int)Heard);
    }

    /// <summary>What is summed of tasks that are over.</summary>
    /// <param name="Heard">Distinct numbers of each.</param>
    /// <param name="Reached">Of them with a connected call.</param>
    /// <param name="Tasks">How many.</param>
    /// <param name="Sized">Of them with a list of known size.</param>
    /// <param name="ListSize">Numbers on these lists.</param>
    /// <param name="HeardOfLists">Distinct numbers of the tasks with lists.</param>
    public sealed record Sum(long Heard, long Reached, int Tasks, int Sized, long ListSize, long HeardOfLists);

    public sealed record Active(int CallTaskId, int Days, int First);

    private sealed class Pair
    {
        public required RollupTask Counts { get; init; }

        public required CallTask Task { get; init; }
    }
}
