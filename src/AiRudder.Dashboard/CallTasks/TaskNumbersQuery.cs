using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>One dial on the time axis of its number.</summary>
/// <param name="CallId">The call it belongs to.</param>
/// <param name="At">Its start; the call's when AIRUDDER gave none.</param>
/// <param name="Connected">It was answered.</param>
/// <param name="RingType">What the network answered.</param>
public sealed record NumberTick(long CallId, DateTimeOffset At, bool Connected, string? RingType);

/// <summary>One number of a task with all its dials.</summary>
/// <param name="Callee">Masked; null when AIRUDDER sent none.</param>
/// <param name="Calls">Finished calls of the number.</param>
/// <param name="LastCallId">The newest of them.</param>
/// <param name="Ticks">Dials in order of start.</param>
public sealed record NumberLine(string? Callee, int Calls, long LastCallId, IReadOnlyList<NumberTick> Ticks);

/// <param name="Lines">The numbers of this page, the one finished last first.</param>
/// <param name="All">How many numbers there are.</param>
public sealed record NumberPage(IReadOnlyList<NumberLine> Lines, int All);

/// <summary>The numbers of a task, a page at a time. What leaves is masked here.</summary>
public sealed class TaskNumbersQuery(IDbContextFactory<DashboardDb> contexts)
{
    public const int PageSize = 25;

    /// <param name="filter">Names the task and its connection.</param>
    /// <param name="page">From 0.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task<NumberPage> ReadAsync(CallFilter filter, int page, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var calls = filter.Apply(db, connections);
        var all = await Numbers(calls).CountAsync(cancel);
        var numbers = await Numbers(calls).OrderByDescending(row => row.LastCallId).Skip(page * PageSize).Take(PageSize).ToListAsync(cancel);
        var dials = (await Dials(db, calls, numbers.ConvertAll(row => row.Callee)).ToListAsync(cancel)).ToLookup(row => row.Callee);
        return new NumberPage(
            [.. numbers.Select(row => new NumberLine(
                Mask.Number(row.Callee), row.Calls, row.LastCallId, [.. dials[row.Callee].OrderBy(dial => dial.At).Select(dial => new NumberTick(dial.CallId, dial.At, dial.Connected, dial.RingType))]))],
            all);
    }

    public static IQueryable<NumberRow> Numbers(IQueryable<Call> calls) =>
        calls.GroupBy(call => call.Callee).Select(group => new NumberRow { Callee = group.Key, Calls = group.Count(), LastCallId = group.Max(call => call.Id) });

    public static IQueryable<NumberDial> Dials(DashboardDb db, IQueryable<Call> calls, List<string?> callees)
    {
        var known = callees.OfType<string>().ToList();
        var nameless = callees.Contains(null);
        return
            from call in calls
            where EF.Parameter(known).Contains(call.Callee!) || (nameless && call.Callee == null)
            join attempt in db.Attempts on call.Id equals attempt.CallId
            where !attempt.Repeated
            select new NumberDial { Callee = call.Callee, CallId = call.Id, At = attempt.StartedAt ?? call.OccurredAt, Connected = attempt.Connected, RingType = attempt.RingType };
    }

    public sealed class NumberRow
    {
        public string? Callee { get; init; }

        public int Calls { get; init; }

        public long LastCallId { get; init; }
    }

    public sealed class NumberDial
    {
        public string? Callee { get; init; }

        public long CallId { get; init; }

        public DateTimeOffset At { get; init; }

        public bool Connected { get; init; }

        public string? RingType { get; init; }
    }
}
