using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>Attempt number k of the task's numbers.</summary>
/// <param name="Attempt">k, from 1.</param>
/// <param name="Dials">Numbers that got a k-th attempt.</param>
/// <param name="Connects">Numbers first connected at it.</param>
public sealed record Rung(int Attempt, long Dials, long Connects)
{
    public double? Yield => Dials == 0 ? null : (double)Connects / Dials;
}

/// <summary>What the network answered, over all attempts.</summary>
public sealed record RingCount(string? RingType, long Attempts, long Connected);

/// <summary>How connected calls ended, by the two fields that say so.</summary>
public sealed record HangupCount(string? HangupType, string? HangupBy, long Calls);

/// <summary>All a task's page shows.</summary>
public sealed record TaskDetail(TaskRow Row, Summary Summary, IReadOnlyList<Rung> Ladder, IReadOnlyList<RingCount> Rings, IReadOnlyList<HangupCount> Hangups, TaskScript Script);

/// <summary>Reads one task in depth.</summary>
public sealed class TaskDetailQuery(IDbContextFactory<DashboardDb> contexts, TaskQuery tasks, SummaryQuery summaries)
{
    private readonly RollupNames rollups = new();

    /// <summary>The task, or null when nothing is known of it. Without days in the filter its whole life counts.</summary>
    /// <exception cref="FiguresUnknownException">Its figures cannot be known now.</exception>
    public async Task<TaskDetail?> FindAsync(string vendorTaskId, CallFilter filter, CancellationToken cancel)
    {
        await OffCircuit.Go();
        filter = filter with { Task = vendorTaskId };
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        if (await tasks.ReadAsync(new CallFilter { Task = vendorTaskId, Connection = filter.Connection }, 1, cancel: cancel) is not [var found])
        {
            return null;
        }

        var home = connections.Where(row => row.Id == found.Task.ConnectionId).ToList();
        filter = filter with { Connection = home[0].Name };
        var row = filter is { From: null, To: null } ? found : await tasks.ReadAsync(filter, 1, cancel: cancel) is [var within] ? within : Nothing(found);
        var names = await rollups.ReadAsync(db, cancel);
        var scope = await RollupScope.OfAsync(db, filter, home, names, LabelLooks.Empty, cancel);
        var ready = RollupScope.Knows(filter) && filter is { Robot: null, Label: null, Meaning: null } && await RollupScope.UnreadyAsync(db, home, cancel) is null;
        var calls = Sums.Calls(db, filter, home);
        var span = ready ? await Days(db, scope).FirstOrDefaultAsync(cancel) : await SpanAsync(calls, scope.Days, cancel);
        var plan = span is { First: { } first, Last: { } last } ? SlotPlan.Of(filter.From ?? DateOnly.FromDayNumber(first), filter.To ?? DateOnly.FromDayNumber(last)) : null;
        var summary = (await summaries.ReadAsync(filter, plan, cancel: cancel)).Known();
        return ready
            ? new TaskDetail(
                row,
                summary,
                [.. (await RollupReader.Facets(db, scope, FacetKind.Rung).ToListAsync(cancel)).OrderBy(rung => rung.A).Select(rung => new Rung(rung.A, rung.N, rung.M))],
                [.. (await RollupReader.Facets(db, scope, FacetKind.Ring).ToListAsync(cancel)).OrderByDescending(ring => ring.N).Select(ring => new RingCount(names.Word(ring.A), ring.N, ring.M))],
                [.. (await RollupReader.Facets(db, scope, FacetKind.Hangup).ToListAsync(cancel)).Select(cell => new HangupCount(names.Word(cell.A), names.Word(cell.B), cell.N))],
                await TaskScript.ReadAsync(db, scope, names, cancel))
            : await ScanAsync(db, filter, home, row, summary, cancel);
    }

    private static async Task<TaskDetail> ScanAsync(DashboardDb db, CallFilter filter, List<Connection> home, TaskRow row, Summary summary, CancellationToken cancel)
    {
        var dials = Sums.Dials(db, filter, home);
        var connects = await FirstConnects(dials).ToDictionaryAsync(rung => rung.Attempt, rung => rung.Connects, cancel);
        var ladder = await ByOrdinal(dials).ToListAsync(cancel);
        var rings = await ByRing(dials).ToListAsync(cancel);
        return new TaskDetail(
            row,
            summary,
            [.. ladder.OrderBy(rung => rung.Key.Ordinal).Select(rung => new Rung(rung.Key.Ordinal, rung.Attempts, connects.GetValueOrDefault(rung.Key.Ordinal)))],
            [.. rings.OrderByDescending(ring => ring.Attempts).Select(ring => new RingCount(ring.Key.RingType, ring.Attempts, ring.Connected))],
            await Hangups(Sums.Calls(db, filter, home)).ToListAsync(cancel),
            await TaskScript.ScanAsync(db, filter, home, cancel));
    }

    /// <summary>First and last day with calls.</summary>
    public static IQueryable<DaySpan> Days(DashboardDb db, RollupScope scope) =>
        RollupReader.Rows(db, scope, RollupGrain.TaskDay).Where(row => row.Calls > 0).GroupBy(_ => 1).Select(group => new DaySpan(group.Min(row => row.Slot), group.Max(row => row.Slot)));

    private static async Task<DaySpan?> SpanAsync(IQueryable<Call> calls, LocalDays days, CancellationToken cancel) =>
        await Span(calls).FirstOrDefaultAsync(cancel) is { First: { } first, Last: { } last } ? new(days.DayOf(first).DayNumber, days.DayOf(last).DayNumber) : null;

    public static IQueryable<Stretch> Span(IQueryable<Call> calls) =>
        calls.GroupBy(_ => 1).Select(group => new Stretch(group.Min(call => call.OccurredAt), group.Max(call => call.OccurredAt)));

    public static IQueryable<DialSums> ByOrdinal(IQueryable<Dial> dials) => dials.Sum(dial => new DialKey { Ordinal = dial.Ordinal });

    public static IQueryable<DialSums> ByRing(IQueryable<Dial> dials) => dials.Sum(dial => new DialKey { RingType = dial.RingType });

    /// <summary>Numbers by the attempt at which they were first connected.</summary>
    public static IQueryable<FirstConnect> FirstConnects(IQueryable<Dial> dials) =>
        dials.Where(dial => dial.Connected && dial.First)
            .GroupBy(dial => dial.Ordinal)
            .Select(group => new FirstConnect(group.Key, group.Count()));

    public static IQueryable<HangupCount> Hangups(IQueryable<Call> calls) =>
        calls.Where(call => call.Connected)
            .GroupBy(call => new { call.HangupType, call.HangupBy })
            .Select(group => new HangupCount(group.Key.HangupType, group.Key.HangupBy, group.Count()));

    private static TaskRow Nothing(TaskRow found) => found with { Heard = 0, Reached = 0, Sums = new Tally(), Labels = [] };
}

/// <summary>Days by their numbers.</summary>
public sealed record DaySpan(int? First, int? Last);

public sealed record Stretch(DateTimeOffset? First, DateTimeOffset? Last);

public sealed record FirstConnect(int Attempt, int Connects);
