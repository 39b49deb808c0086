using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
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

    /// <summary>Numbers heard of per minute, over the last ten.</summary>
    public double Pace { get; init; }

    /// <summary>Safe to look at: the name is the vendor's text.</summary>
    public string Title => VisibleText.Of(Task.Name ?? (Task.VendorTaskId.Length > 0 ? Task.VendorTaskId : "Calls without a task"));

    public double? Coverage => Task.ListSize is > 0 and { } size ? Math.Min(1, (double)State.HeardInAll / size) : null;
}

/// <summary>Connected calls with one label, as it is shown.</summary>
/// <param name="Look">Letter, words and colour.</param>
/// <param name="Robot">The robot whose label it is; null when several share letter and words.</param>
/// <param name="Count">Connected calls.</param>
public sealed record LabelCount(LabelLook Look, string? Robot, long Count)
{
    /// <summary>Folds robots that mean the same by the same letter; biggest first.</summary>
    public static IReadOnlyList<LabelCount> From(IEnumerable<KeyValuePair<LabelKey, long>> counts, LabelLooks looks) =>
        [.. counts
            .GroupBy(pair => looks.Of(pair.Key) is var look && look.Label is null ? (null, null, 0) : (look.Label, look.Words, look.Color))
            .Select(group => new LabelCount(
                looks.Of(group.First().Key),
                group.Select(pair => pair.Key.Robot).Distinct().Skip(1).Any() ? null : group.First().Key.Robot,
                group.Sum(pair => pair.Value)))
            .OrderBy(count => count.Look.Label is null)
            .ThenByDescending(count => count.Count)
            .ThenBy(count => count.Look.Label, StringComparer.Ordinal)];

    /// <summary>The calls behind it.</summary>
    public CallFilter Narrow(CallFilter filter) =>
        filter with { Label = Look.Label ?? CallFilter.NoLabel, Robot = filter.Robot ?? (Look.Label is null ? null : Robot), Connected = true };
}

/// <summary>Tasks and their figures.</summary>
public sealed class TaskQuery(IDbContextFactory<DashboardDb> contexts, LabelTable labels, TimeProvider time)
{
    private static readonly TimeSpan PaceWindow = TimeSpan.FromMinutes(10);

    /// <summary>Tasks that have calls within the filter, the one heard of last first. Without a period: all tasks.</summary>
    /// <param name="filter">Which calls.</param>
    /// <param name="most">No more tasks than this.</param>
    /// <param name="before">Only tasks with a smaller id of ours; for paging, then ordered by that id.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task<IReadOnlyList<TaskRow>> ReadAsync(CallFilter filter, int most = 500, int? before = null, CancellationToken cancel = default)
    {
        await OffCircuit.Go();
        var looks = await labels.ReadAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
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
        var wanted = Tasks(db, filter, sameZone, before);
        wanted = before is null ? wanted.OrderByDescending(task => task.LastHeardAt) : wanted.OrderByDescending(task => task.Id);
        var tasks = await wanted.Take(most).ToListAsync(cancel);
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

        var numbers = await calls.Numbers().ToDictionaryAsync(row => row.CallTaskId, cancel);
        var states = await TaskTotals.ReadStatesAsync(db, ids, cancel);
        var heard = await HeardSince(db, ids, time.GetUtcNow() - PaceWindow).ToDictionaryAsync(row => row.CallTaskId, row => row.Calls, cancel);
        return tasks.Select(task => new TaskRow
        {
            Task = task,
            Connection = sameZone.First(row => row.Id == task.ConnectionId).Name,
            State = states[task.Id],
            Heard = numbers.TryGetValue(task.Id, out var number) ? number.Heard : 0,
            Reached = number?.Reached ?? 0,
            Sums = sums[task.Id],
            Labels = LabelCount.From(sums[task.Id].ConnectedByLabel, looks),
            Pace = heard.GetValueOrDefault(task.Id) / PaceWindow.TotalMinutes,
        });
    }
}

public sealed record TaskCalls(int CallTaskId, int Calls);
