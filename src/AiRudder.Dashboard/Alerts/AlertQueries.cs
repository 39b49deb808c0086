using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>How many alerts wait for somebody.</summary>
/// <param name="Open">Not acknowledged.</param>
/// <param name="Acknowledged">Somebody looks after them.</param>
/// <param name="Ringing">The newest that may be heard; 0 for none.</param>
public sealed record AlertCount(int Open, int Acknowledged, long Ringing);

/// <summary>Reads alerts for pages and programs, and takes what people say about them.</summary>
public sealed class AlertQueries(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(900);

    private readonly Lock sync = new();
    private (long Mark, Task<AlertCount> Count)? counted;

    /// <summary>All that are not resolved, newest first.</summary>
    public async Task<IReadOnlyList<Alert>> OpenAsync(int limit, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Listed(db, unresolved: true, null, limit).ToListAsync(cancel);
    }

    /// <summary>Newest first, from before an id.</summary>
    public async Task<IReadOnlyList<Alert>> ListAsync(bool unresolved, long? before, int limit, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Listed(db, unresolved, before, limit).ToListAsync(cancel);
    }

    public static IQueryable<Alert> Listed(DashboardDb db, bool unresolved, long? before, int limit)
    {
        var alerts = db.Set<Alert>().AsNoTracking();
        alerts = unresolved ? alerts.Where(row => row.State != AlertState.Resolved) : alerts;
        alerts = before is { } id ? alerts.Where(row => row.Id < id) : alerts;
        return alerts.OrderByDescending(row => row.Id).Take(limit);
    }

    /// <summary>Our ids of calls that met the rule, newest first.</summary>
    public async Task<IReadOnlyList<long>> CallsAsync(long alert, int limit, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Set<AlertCall>().Where(row => row.AlertId == alert).OrderByDescending(row => row.CallId).Select(row => row.CallId).Take(limit).ToListAsync(cancel);
    }

    /// <summary>What was sent because of a rule, or of any, newest first.</summary>
    public async Task<IReadOnlyList<AlertSending>> SendingsAsync(int? rule, int limit, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Set<AlertSending>().AsNoTracking().Where(row => rule == null || row.RuleId == rule).OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancel);
    }

    /// <summary>Read at most about once a second, however many pages show it.</summary>
    public Task<AlertCount> CountAsync(CancellationToken cancel)
    {
        lock (sync)
        {
            if (counted is not { } held || held.Count.IsFaulted || (held.Count.IsCompleted && time.GetElapsedTime(held.Mark) > Fresh))
            {
                counted = held = (time.GetTimestamp(), ReadCountAsync());
            }

            return held.Count.WaitAsync(cancel);
        }
    }

    public Task<bool> AcknowledgeAsync(long id, string by, string? note, CancellationToken cancel) => ChangeAsync(id, note, by, (alert, now) =>
    {
        if (alert.State != AlertState.Open)
        {
            return false;
        }

        (alert.State, alert.AcknowledgedAt, alert.AcknowledgedBy) = (AlertState.Acknowledged, now, by);
        return true;
    }, cancel);

    public Task<bool> ResolveAsync(long id, string by, string? note, CancellationToken cancel) => ChangeAsync(id, note, by, (alert, now) =>
    {
        if (alert.State == AlertState.Resolved)
        {
            return false;
        }

        (alert.State, alert.ResolvedAt, alert.ResolvedBy) = (AlertState.Resolved, now, by);
        return true;
    }, cancel);

    /// <returns>False when it was no longer in a state that allows it: somebody else was quicker.</returns>
    private async Task<bool> ChangeAsync(long id, string? note, string by, Func<Alert, DateTimeOffset, bool> change, CancellationToken cancel)
    {
        await OffCircuit.Go();
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.Set<Alert>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel) is not { } alert)
        {
            return false;
        }

        var before = alert.State;
        if (!change(alert, time.GetUtcNow()))
        {
            return false;
        }

        if (!string.IsNullOrWhiteSpace(note))
        {
            var all = $"{(alert.Note is null ? "" : alert.Note + "\n")}{by}: {note.Trim().ReplaceLineEndings(" ")}";
            alert.Note = all.Length > Alert.LongestNote ? all[..Alert.LongestNote] : all;
        }

        lock (sync)
        {
            counted = null;
        }

        return await db.Set<Alert>().Where(row => row.Id == id && row.State == before).ExecuteUpdateAsync(
            row => row.SetProperty(it => it.State, alert.State).SetProperty(it => it.Note, alert.Note)
                .SetProperty(it => it.AcknowledgedAt, alert.AcknowledgedAt).SetProperty(it => it.AcknowledgedBy, alert.AcknowledgedBy)
                .SetProperty(it => it.ResolvedAt, alert.ResolvedAt).SetProperty(it => it.ResolvedBy, alert.ResolvedBy),
            cancel) == 1;
    }

    private async Task<AlertCount> ReadCountAsync()
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync();
        var states = await db.Set<Alert>().Where(row => row.State != AlertState.Resolved).GroupBy(row => row.State).Select(group => new { State = group.Key, Count = group.Count() }).ToListAsync();
        var ringing = await db.Set<Alert>().Where(row => row.State == AlertState.Open && row.Sound && !row.Quiet).MaxAsync(row => (long?)row.Id) ?? 0;
        return new(states.Where(row => row.State == AlertState.Open).Sum(row => row.Count), states.Where(row => row.State == AlertState.Acknowledged).Sum(row => row.Count), ringing);
    }
}
