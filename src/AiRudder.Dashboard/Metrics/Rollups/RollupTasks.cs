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

    public async Task<IReadOnlyList<TaskNumbers>> ReadAsync(CancellationToken cancel)
    {
        var rows = await Rows(db, scope).ToListAsync(cancel);
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

    public static IQueryable<Row> Rows(DashboardDb db, RollupScope scope)
    {
        var (ids, first, last) = (scope.Connections, scope.FirstDay, scope.LastDay);
        var tasks = db.Set<RollupTask>().AsNoTracking().Where(row => EF.Parameter(ids).Contains(row.ConnectionId) && row.LastDay >= first && row.FirstDay <= last && row.Calls > 0);
        if (scope.Tasks is { } wanted)
        {
            tasks = tasks.Where(row => EF.Parameter(wanted).Contains(row.CallTaskId));
        }

        return
            from row in tasks
            join task in db.CallTasks on row.CallTaskId equals task.Id
            select new Row(row.CallTaskId, task.VendorTaskId, task.Name, task.Status, task.ListSize, row.FirstDay, row.LastDay, row.Heard, row.Reached);
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

    public sealed record Active(int CallTaskId, int Days, int First);
}
