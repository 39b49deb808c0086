using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;
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
public sealed record TaskDetail(TaskRow Row, Summary Summary, IReadOnlyList<Rung> Ladder, IReadOnlyList<RingCount> Rings, IReadOnlyList<HangupCount> Hangups);

/// <summary>Reads one task in depth.</summary>
public sealed class TaskDetailQuery(IDbContextFactory<DashboardDb> contexts, TaskQuery tasks, SummaryQuery summaries)
{
    /// <summary>The task, or null when nothing is known of it. Without days in the filter its whole life counts.</summary>
    public async Task<TaskDetail?> FindAsync(string vendorTaskId, CallFilter filter, CancellationToken cancel)
    {
        await OffCircuit.Go();
        filter = filter with { Task = vendorTaskId };
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        if (await tasks.ReadAsync(new CallFilter { Task = vendorTaskId, Connection = filter.Connection }, 1, cancel: cancel) is not [var found])
        {
            return null;
        }

        var home = connections.Where(row => row.Id == found.Task.ConnectionId).ToList();
        filter = filter with { Connection = home[0].Name };
        var row = filter is { From: null, To: null } ? found : await tasks.ReadAsync(filter, 1, cancel: cancel) is [var within] ? within : Nothing(found);
        var calls = Sums.Calls(db, filter, home);
        var span = await Span(calls).FirstOrDefaultAsync(cancel);
        var days = new LocalDays(home[0].TimeZone);
        var plan = span is { First: { } first, Last: { } last } ? SlotPlan.Of(filter.From ?? days.DayOf(first), filter.To ?? days.DayOf(last)) : null;
        var summary = await summaries.ReadAsync(filter, plan, cancel: cancel);
        var dials = Sums.Dials(db, filter, home);
        var connects = await FirstConnects(dials).ToDictionaryAsync(rung => rung.Attempt, rung => rung.Connects, cancel);
        var ladder = await ByOrdinal(dials).ToListAsync(cancel);
        var rings = await ByRing(dials).ToListAsync(cancel);
        return new TaskDetail(
            row,
            summary,
            [.. ladder.OrderBy(rung => rung.Key.Ordinal).Select(rung => new Rung(rung.Key.Ordinal, rung.Attempts, connects.GetValueOrDefault(rung.Key.Ordinal)))],
            [.. rings.OrderByDescending(ring => ring.Attempts).Select(ring => new RingCount(ring.Key.RingType, ring.Attempts, ring.Connected))],
            await Hangups(calls).ToListAsync(cancel));
    }

    public static IQueryable<Stretch> Span(IQueryable<Call> calls) =>
        calls.GroupBy(_ => 1).Select(group => new Stretch(group.Min(call => call.OccurredAt), group.Max(call => call.OccurredAt)));

    public static IQueryable<DialSums> ByOrdinal(IQueryable<Dial> dials) => dials.Sum(dial => new DialKey { Ordinal = dial.Ordinal });

    public static IQueryable<DialSums> ByRing(IQueryable<Dial> dials) => dials.Sum(dial => new DialKey { RingType = dial.RingType });

    /// <summary>Numbers by the attempt at which they were first connected.</summary>
    public static IQueryable<FirstConnect> FirstConnects(IQueryable<Dial> dials) =>
        dials.Where(dial => dial.Connected)
            .GroupBy(dial => dial.CallId)
            .Select(group => group.Min(dial => dial.Ordinal))
            .GroupBy(ordinal => ordinal)
            .Select(group => new FirstConnect(group.Key, group.Count()));

    public static IQueryable<HangupCount> Hangups(IQueryable<Call> calls) =>
        calls.Where(call => call.Connected)
            .GroupBy(call => new { call.HangupType, call.HangupBy })
            .Select(group => new HangupCount(group.Key.HangupType, group.Key.HangupBy, group.Count()));

    private static TaskRow Nothing(TaskRow found) => found with { Heard = 0, Reached = 0, Sums = new Tally(), Labels = [] };
}

public sealed record Stretch(DateTimeOffset? First, DateTimeOffset? Last);

public sealed record FirstConnect(int Attempt, int Connects);
