using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>
/// Figures of a scope up to an instant: whole quarters from the rollups, and call by call only what began in the quarter the instant
/// lies in. Distinct numbers are counted over both.
/// </summary>
public sealed class RollupsUntil
{
    /// <summary>Calls asked for at a time.</summary>
    private const int Chunk = 2_000;

    /// <summary>Pairs of task and number looked up at a time. Most of what a few of them cost is the query itself.</summary>
    private const int Pairs = 5_000;

    private readonly DashboardDb db;
    private readonly RollupNames.Held names;
    private readonly LabelLooks looks;
    private readonly DateTimeOffset until;

    /// <summary>The scope without the last, begun quarter.</summary>
    private readonly RollupScope whole;

    /// <summary>Where the begun quarter starts.</summary>
    private readonly DateTimeOffset begun;

    /// <summary>Calls of the scope that began in the begun quarter.</summary>
    private readonly IQueryable<Call> calls;

    /// <summary>The begun quarter is one of the scope.</summary>
    private readonly bool isWithin;

    public RollupsUntil(DashboardDb db, CallFilter filter, RollupScope scope, RollupNames.Held names, LabelLooks looks, DateTimeOffset until)
    {
        (this.db, this.names, this.looks, this.until) = (db, names, looks, until);
        var quarter = RollupDeltas.QuarterOf(until);
        isWithin = quarter >= scope.FirstQuarter && quarter < scope.EndQuarter;
        whole = scope with { Before = quarter };
        begun = RollupDeltas.StartOf(quarter);
        calls = Begun(db, filter, scope, begun, until);
    }

    /// <returns>Promises.</returns>
    public async Task<long> ReadAsync(SlotPlan plan, IReadOnlyList<Tally> slots, TaskTotals tasks, CancellationToken cancel)
    {
        var starts = plan.In(whole.Days);
        foreach (var (part, at) in whole.Parts(looks))
        {
            await RollupReader.AddAsync(db, part, plan, names, slots, key => looks.Since(key, at), cancel);
        }

        var rest = await Rest(calls).ToListAsync(cancel);
        AddRest(rest, starts, slots);
        if (isWithin)
        {
            await AddDialsAsync(rest, starts, slots, cancel);
        }

        tasks.Add(await TasksAsync(rest, cancel));
        return await PromisesAsync(rest, cancel);
    }

    /// <summary>
    /// Calls of a scope that began between two instants. The days of the filter are not asked for beside them: of two lower bounds SQLite
    /// begins with the first, and would read the day up to the second.
    /// </summary>
    public static IQueryable<Call> Begun(DashboardDb db, CallFilter filter, RollupScope scope, DateTimeOffset from, DateTimeOffset until)
    {
        var connections = scope.Connections;
        var start = scope.From is { } first && scope.Days.StartOf(first) is var day && day > from ? day : from;
        var end = scope.To is { } last && scope.Days.StartOf(last.AddDays(1)) is var next && next < until ? next : until;
        return filter.Narrow(db.Calls.AsNoTracking().Where(call => connections.Contains(call.ConnectionId) && call.OccurredAt >= start && call.OccurredAt < end), db);
    }

    /// <summary>What of each call is summed, and counted by number.</summary>
    public static IQueryable<Call> Rest(IQueryable<Call> calls) => calls.Select(call => new Call
    {
        Id = call.Id,
        ConnectionId = call.ConnectionId,
        CallTaskId = call.CallTaskId,
        Identity = Array.Empty<byte>(),
        Callee = call.Callee,
        RobotHash = call.RobotHash,
        Label = call.Label,
        Connected = call.Connected,
        OccurredAt = call.OccurredAt,
        AttemptCount = call.AttemptCount,
        DurationSeconds = call.DurationSeconds,
        RobotTalkSeconds = call.RobotTalkSeconds,
        TalkRounds = call.TalkRounds,
        CalleeSpoke = call.CalleeSpoke,
        Flags = call.Flags,
        TransferRequestedAt = call.TransferRequestedAt,
        TransferSucceededAt = call.TransferSucceededAt,
    });

    /// <summary>Tasks with calls in the whole quarters.</summary>
    public static IQueryable<int> Calling(DashboardDb db, RollupScope scope, List<int> tasks) =>
        RollupReader.Rows(db, scope with { Tasks = tasks }, RollupGrain.TaskQuarter).Where(row => row.Calls > 0).Select(row => row.Scope).Distinct();

    /// <summary>Of these numbers, those with calls of these tasks in the whole quarters, and whether one of them was connected.</summary>
    public static IQueryable<KnownNumber> Known(DashboardDb db, RollupScope scope, List<int> tasks, List<long> numbers) =>
        Counted(db, scope)
            .Where(row => EF.Parameter(tasks).Contains(row.CallTaskId) && EF.Parameter(numbers).Contains(row.Number))
            .GroupBy(row => new { row.CallTaskId, row.Number })
            .Select(group => new KnownNumber(group.Key.CallTaskId, group.Key.Number, group.Max(row => row.Connected) > 0));

    /// <summary>Numbers and quarters in which a label was heard that means something.</summary>
    public static IQueryable<NumberAndQuarter> Talks(DashboardDb db, RollupScope scope, List<int> meaning)
    {
        var (first, end) = (scope.FirstQuarter, scope.EndQuarter);
        if (scope.Tasks is { } tasks)
        {
            return Counted(db, scope)
                .Where(row => EF.Parameter(tasks).Contains(row.CallTaskId) && row.Connected > 0 && EF.Parameter(meaning).Contains(row.LabelId))
                .Join(db.CallTasks, row => row.CallTaskId, task => task.Id, (row, task) => new NumberAndQuarter(task.ConnectionId, row.Number, row.Quarter));
        }

        var (connections, from, to) = (scope.Connections, scope.FirstDay, scope.LastDay);
        return db.Set<RollupTalk>().AsNoTracking()
            .Where(row => EF.Parameter(connections).Contains(row.ConnectionId) && row.Day >= from && row.Day <= to && row.Quarter >= first && row.Quarter < end &&
                row.Connected > 0 && EF.Parameter(meaning).Contains(row.LabelId))
            .Select(row => new NumberAndQuarter(row.ConnectionId, row.Number, row.Quarter));
    }

    private static IQueryable<RollupNumber> Counted(DashboardDb db, RollupScope scope)
    {
        var (first, end) = (scope.FirstQuarter, scope.EndQuarter);
        var rows = db.Set<RollupNumber>().AsNoTracking().Where(row => row.Quarter >= first && row.Quarter < end && row.Calls > 0);
        return scope.Labels is { } labels ? rows.Where(row => EF.Parameter(labels).Contains(row.LabelId)) : rows;
    }

    /// <summary>The begun quarter is summed as a whole one is when its calls are stored.</summary>
    private void AddRest(List<Call> rest, IReadOnlyList<DateTimeOffset> starts, IReadOnlyList<Tally> slots)
    {
        foreach (var calls in rest.GroupBy(call => (Slot: SlotOf(starts, call.OccurredAt), Label: LabelOf(call))))
        {
            var sums = new RollupValues();
            foreach (var call in calls)
            {
                sums.Add(call, 1);
            }

            // Labels change their meaning between days: a quarter has one.
            slots[calls.Key.Slot].Add(sums);
            slots[calls.Key.Slot].AddConnected(calls.Key.Label, looks.Since(calls.Key.Label, begun), sums.Connected);
        }
    }

    /// <summary>
    /// Dials of the begun quarter are found by their own start, and only then asked whose they are: their calls may have ended much
    /// later. Those without a start began when their call did.
    /// </summary>
    private async Task AddDialsAsync(List<Call> rest, IReadOnlyList<DateTimeOffset> starts, IReadOnlyList<Tally> slots, CancellationToken cancel)
    {
        var labels = whole.Labels?.Select(id => names.Labels[id]).ToHashSet();
        var fitting = rest.ToDictionary(call => call.Id);
        var started = (await Started(db, begun, until).ToListAsync(cancel)).ToLookup(dial => dial.CallId);
        var strange = started.Select(dials => dials.Key).Where(id => !fitting.ContainsKey(id)).ToList();
        var fit = new HashSet<long>();
        foreach (var some in strange.Chunk(Chunk))
        {
            fit.UnionWith((await Owners(db, [.. some]).ToListAsync(cancel)).Where(call => Fits(call, labels)).Select(call => call.Id));
        }

        foreach (var dial in started.Where(dials => fitting.ContainsKey(dials.Key) || fit.Contains(dials.Key)).SelectMany(dials => dials))
        {
            slots[SlotOf(starts, dial.At)].Add(dial);
        }

        // Calls all of whose dials were found have none without a start.
        foreach (var some in rest.Where(call => started[call.Id].Count() < call.AttemptCount).Chunk(Chunk))
        {
            foreach (var dial in (await DialsOf(db, [.. some.Select(call => call.Id)]).ToListAsync(cancel)).Where(dial => dial.StartedAt is null))
            {
                var at = fitting[dial.CallId].OccurredAt;
                slots[SlotOf(starts, at)].Add(new Dial { CallId = dial.CallId, At = at, Connected = dial.Connected, RingSeconds = dial.RingSeconds });
            }
        }
    }

    private static int SlotOf(IReadOnlyList<DateTimeOffset> starts, DateTimeOffset at) => Math.Max(0, starts.Count(start => start <= at) - 1);

    private static LabelKey LabelOf(Call call) => new(call.ConnectionId, call.RobotHash, call.Label);

    /// <summary>Dials that began between two instants.</summary>
    public static IQueryable<Dial> Started(DashboardDb db, DateTimeOffset from, DateTimeOffset until) => db.Attempts.AsNoTracking()
        .Where(attempt => attempt.StartedAt >= from && attempt.StartedAt < until && !attempt.Repeated)
        .Select(attempt => new Dial { CallId = attempt.CallId, At = attempt.StartedAt!.Value, Connected = attempt.Connected, RingSeconds = attempt.RingSeconds });

    /// <summary>What these calls are. Asked for by nothing but their ids: beside any other condition SQLite would not begin with those.</summary>
    public static IQueryable<DialOwner> Owners(DashboardDb db, List<long> ids) =>
        db.Calls.Where(call => EF.Parameter(ids).Contains(call.Id)).Select(call => new DialOwner(call.Id, call.ConnectionId, call.CallTaskId, call.RobotHash, call.Label));

    private bool Fits(DialOwner call, HashSet<LabelKey>? labels) =>
        whole.Connections.Contains(call.Connection) && whole.Tasks?.Contains(call.Task) != false && labels?.Contains(new(call.Connection, call.Robot, call.Label)) != false;

    /// <summary>Dials of these calls. Those without a start are picked afterwards: asked for them, SQLite would read all there are instead.</summary>
    public static IQueryable<DialOfCall> DialsOf(DashboardDb db, List<long> ids) => db.Attempts.AsNoTracking()
        .Where(attempt => EF.Parameter(ids).Contains(attempt.CallId) && !attempt.Repeated)
        .Select(attempt => new DialOfCall(attempt.CallId, attempt.StartedAt, attempt.Connected, attempt.RingSeconds));

    private async Task<List<TaskNumbers>> TasksAsync(List<Call> rest, CancellationToken cancel)
    {
        var states = (await RollupTasks.Rows(db, whole).ToListAsync(cancel)).ToDictionary(row => row.Id, row => row.State);
        var ids = states.Keys.ToList();
        var calling = (await Calling(db, whole, ids).ToListAsync(cancel)).Concat(rest.Select(call => call.CallTaskId)).Distinct().Where(states.ContainsKey).ToList();
        var counted = await RollupTasks.Distinct(db, calling, whole.Labels, whole.FirstQuarter, whole.EndQuarter - 1).ToDictionaryAsync(row => row.CallTaskId, cancel);
        var fresh = rest
            .Where(call => call.Callee is not null && states.ContainsKey(call.CallTaskId))
            .GroupBy(call => (Task: call.CallTaskId, Number: RollupDeltas.NumberOf(call.Callee)!.Value))
            .ToDictionary(group => group.Key, group => group.Any(call => call.Connected));
        var known = await KnownAsync(fresh.Keys.ToLookup(key => key.Task, key => key.Number), cancel);
        var added = fresh.ToLookup(pair => pair.Key.Task, pair => (
            Heard: known.ContainsKey(pair.Key) ? 0 : 1,
            Reached: pair.Value && !known.GetValueOrDefault(pair.Key) ? 1 : 0));
        return calling.ConvertAll(id => new TaskNumbers(
            id,
            states[id],
            (counted.GetValueOrDefault(id)?.Heard ?? 0) + added[id].Sum(number => number.Heard),
            (counted.GetValueOrDefault(id)?.Reached ?? 0) + added[id].Sum(number => number.Reached)));
    }

    /// <summary>Whether the numbers of tasks that were called before were connected then.</summary>
    private async Task<Dictionary<(int Task, long Number), bool>> KnownAsync(ILookup<int, long> numbers, CancellationToken cancel)
    {
        var known = new Dictionary<(int, long), bool>();
        var (tasks, some) = (new List<int>(), new HashSet<long>());
        foreach (var task in numbers.OrderBy(task => task.Count()))
        {
            if (tasks.Count > 0 && (tasks.Count + 1) * (some.Count + task.Count()) > Pairs)
            {
                await AskAsync();
            }

            tasks.Add(task.Key);
            some.UnionWith(task);
        }

        await AskAsync();
        return known;

        async Task AskAsync()
        {
            foreach (var row in tasks.Count == 0 ? [] : await Known(db, whole, tasks, [.. some]).ToListAsync(cancel))
            {
                known[(row.Task, row.Number)] = row.Connected;
            }

            (tasks, some) = ([], []);
        }
    }

    private async Task<long> PromisesAsync(List<Call> rest, CancellationToken cancel)
    {
        var made = rest
            .Where(call => call.Connected && call.Callee is not null && (looks.Of(LabelOf(call), call.OccurredAt).Meanings & Meaning.Promise) != 0)
            .Select(call => (Connection: call.ConnectionId, RollupDeltas.NumberOf(call.Callee)!.Value, whole.Days.DayOf(call.OccurredAt)))
            .ToHashSet();
        foreach (var (part, at) in whole.Parts(looks))
        {
            var meaning = RollupReader.Meaning(names, looks, Meaning.Promise, part, at);
            if (meaning.Count > 0)
            {
                made.UnionWith((await Talks(db, part, [.. meaning]).ToListAsync(cancel)).Select(row => (row.Connection, row.Number, whole.Days.DayOf(RollupDeltas.StartOf(row.Quarter)))));
            }
        }

        return made.Count;
    }

    public sealed record DialOfCall(long CallId, DateTimeOffset? StartedAt, bool Connected, int? RingSeconds);

    public sealed record DialOwner(long Id, int Connection, int Task, string? Robot, string? Label);

    public sealed record KnownNumber(int Task, long Number, bool Connected);

    public sealed record NumberAndQuarter(int Connection, long Number, int Quarter);
}
