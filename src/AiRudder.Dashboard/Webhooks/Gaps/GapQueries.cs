using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks.Gaps;

/// <summary>A task that was running when a gap began.</summary>
public sealed record GapTask(int Id, string VendorTaskId, string? Name);

/// <summary>Reads and settles gaps.</summary>
public sealed class GapQueries(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time)
{
    /// <summary>A task of which nothing was heard for longer had probably ended before.</summary>
    private static readonly TimeSpan HeardShortlyBefore = TimeSpan.FromHours(1);

    private const int MostTasks = 50;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<ReceivingGap>> ListAsync(int limit, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ReceivingGaps.AsNoTracking().OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancel);
    }

    public async Task<ReceivingGap?> FindAsync(int id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ReceivingGaps.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel);
    }

    /// <summary>Tasks heard of within the hour before the gap and not finished by then.</summary>
    public async Task<IReadOnlyList<GapTask>> RunningAsync(ReceivingGap gap, int? connectionId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Running(db, gap.Cause == GapCause.ClockUnsure && gap.Until < gap.From ? gap.Until : gap.From, connectionId).Take(MostTasks).ToListAsync(cancel);
    }

    public static IQueryable<GapTask> Running(DashboardDb db, DateTimeOffset from, int? connectionId)
    {
        var before = from - HeardShortlyBefore;
        var tasks = db.CallTasks.AsNoTracking().Where(task => task.FirstHeardAt <= from && task.LastHeardAt >= before);
        tasks = connectionId is { } id ? tasks.Where(task => task.ConnectionId == id) : tasks;
        return tasks
            .Where(task => task.LastHeardAt > from
                ? db.Landings.Any(landing => landing.ConnectionId == task.ConnectionId && landing.CallTaskId == task.Id && landing.LandedAt > before && landing.LandedAt <= from)
                : task.Status != TaskState.Finished)
            .OrderBy(task => task.Name).ThenBy(task => task.Id)
            .Select(task => new GapTask(task.Id, task.VendorTaskId, task.Name));
    }

    /// <summary>Says what was done about a gap; <see cref="GapState.Open"/> takes that back.</summary>
    /// <returns>False when there is no such gap.</returns>
    public async Task<bool> SettleAsync(int id, GapState state, string by, string? note, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();
        var words = note is { Length: > ReceivingNotes.Longest } ? note[..ReceivingNotes.Longest] : note;
        return await db.ReceivingGaps.Where(row => row.Id == id).ExecuteUpdateAsync(
            row => row.SetProperty(it => it.State, state).SetProperty(it => it.SettledBy, by).SetProperty(it => it.SettledAt, now).SetProperty(it => it.Note, words),
            cancel) > 0;
    }

    /// <summary>What the receiving nodes told within the last day.</summary>
    public async Task<IReadOnlyList<ReceivingSpan>> SpansAsync(DateTimeOffset since, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ReceivingSpans.AsNoTracking().Where(row => row.Until > since).OrderByDescending(row => row.Until).Take(200).ToListAsync(cancel);
    }
}

internal static class ReceivingNotes
{
    /// <summary>Characters of a gap's note.</summary>
    public const int Longest = 500;
}
