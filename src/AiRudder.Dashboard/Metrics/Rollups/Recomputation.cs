using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>How far counting anew has come.</summary>
/// <param name="Connection">Name of the connection that is counted.</param>
/// <param name="Share">From 0 to 1.</param>
public sealed record RecomputationProgress(string Connection, double Share);

/// <summary>
/// Counts a connection's rollups anew from its calls, a few thousand calls per transaction, so that deliveries go on landing meanwhile. A
/// row in the database says how far it has come: it can be stopped at any moment, and goes on from there, on whichever node.
/// </summary>
public sealed class Recomputation(IDbContextFactory<DashboardDb> contexts, IBulkWrite bulk, WriteGate gate)
{
    /// <summary>Ids looked through per transaction.</summary>
    private const int Window = 2_000;

    /// <summary>Tasks whose rollups are deleted per transaction.</summary>
    private const int Tasks = 10;

    private const int Days = 31;

    private static readonly RollupGrain[] OfConnection =
        [RollupGrain.ConnectionQuarter, RollupGrain.ConnectionDay, RollupGrain.DayTask, RollupGrain.ConnectionQuarterTotal, RollupGrain.ConnectionDayTotal, RollupGrain.DayTaskTotal];

    /// <summary>Marks a connection, or all of them, as to be counted anew. What was counted no longer counts from here on.</summary>
    public async Task MarkAsync(int? connection, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await HoldAsync(db, cancel);
        var connections = await db.Connections.AsNoTracking().Where(row => connection == null || row.Id == connection).ToListAsync(cancel);
        var states = await db.Set<RollupState>().ToDictionaryAsync(row => row.ConnectionId, cancel);
        foreach (var row in connections)
        {
            if (!states.TryGetValue(row.Id, out var state))
            {
                state = new RollupState { ConnectionId = row.Id, TimeZone = row.TimeZone };
                db.Add(state);
            }

            (state.Phase, state.Mark, state.End) = (RollupPhase.Clearing, 0, 0);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Connections whose rollups do not hold: marked, of another zone, of an earlier version, or filled before there were any.</summary>
    public async Task<IReadOnlyList<int>> DueAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Due(db).ToListAsync(cancel);
    }

    public static IQueryable<int> Due(DashboardDb db) =>
        from connection in db.Connections
        from state in db.Set<RollupState>().Where(row => row.ConnectionId == connection.Id).DefaultIfEmpty()
        where state == null
            ? db.Calls.Any(call => call.ConnectionId == connection.Id)
            : state.Phase != RollupPhase.Ready || state.TimeZone != connection.TimeZone || state.Version < RollupState.CurrentVersion
        orderby connection.Id
        select connection.Id;

    /// <summary>Counts everything that is due.</summary>
    /// <returns>How many connections were counted.</returns>
    public async Task<int> RunAsync(IProgress<RecomputationProgress>? progress, CancellationToken cancel)
    {
        var due = await DueAsync(cancel);
        foreach (var connection in due)
        {
            while (await StepAsync(connection, cancel) is { } at)
            {
                progress?.Report(at);
            }
        }

        return due.Count;
    }

    /// <summary>One transaction's worth of work on a connection.</summary>
    /// <returns>How far it has come; null when it is done.</returns>
    public async Task<RecomputationProgress?> StepAsync(int connection, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await HoldAsync(db, cancel);
        var row = await db.Connections.AsNoTracking().SingleAsync(it => it.Id == connection, cancel);
        var state = await db.Set<RollupState>().AsNoTracking().SingleOrDefaultAsync(it => it.ConnectionId == connection, cancel);
        if (state is { Phase: RollupPhase.Ready } && state.TimeZone == row.TimeZone && state.Version >= RollupState.CurrentVersion)
        {
            return null;
        }

        if (state is null || state.TimeZone != row.TimeZone || state.Version < RollupState.CurrentVersion)
        {
            // What stands there was counted by other days or other rules.
            var fresh = new RollupState { ConnectionId = connection, TimeZone = row.TimeZone, Version = RollupState.CurrentVersion, Phase = RollupPhase.Clearing };
            db.Entry(fresh).State = state is null ? EntityState.Added : EntityState.Modified;
            state = fresh;
        }
        else
        {
            db.Attach(state);
            await (state.Phase == RollupPhase.Clearing ? ClearAsync(db, state, cancel) : CountAsync(db, state, cancel));
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new(row.Name, state.Phase switch { RollupPhase.Counting when state.End > 0 => Math.Min(1, (double)state.Mark / state.End), RollupPhase.Ready => 1, _ => 0 });
    }

    private static async Task ClearAsync(DashboardDb db, RollupState state, CancellationToken cancel)
    {
        var connection = state.ConnectionId;
        var tasks = await db.CallTasks.Where(row => row.ConnectionId == connection && row.Id > state.Mark).OrderBy(row => row.Id).Select(row => row.Id).Take(Tasks).ToListAsync(cancel);
        if (tasks.Count > 0)
        {
            foreach (var id in tasks)
            {
                await db.Set<RollupSum>().Where(row => (row.Grain == RollupGrain.TaskQuarter || row.Grain == RollupGrain.TaskDay || row.Grain == RollupGrain.Task) && row.Scope == id).ExecuteDeleteAsync(cancel);
                await db.Set<RollupSet>().Where(row => (row.Grain == RollupGrain.TaskDay || row.Grain == RollupGrain.Task) && row.Scope == id).ExecuteDeleteAsync(cancel);
                await db.Set<RollupNumber>().Where(row => row.CallTaskId == id).ExecuteDeleteAsync(cancel);
                await db.Set<RollupTask>().Where(row => row.CallTaskId == id).ExecuteDeleteAsync(cancel);
                foreach (var kind in Enum.GetValues<FacetKind>())
                {
                    await db.Set<RollupFacet>().Where(row => row.Kind == kind && row.CallTaskId == id).ExecuteDeleteAsync(cancel);
                }
            }

            state.Mark = tasks[^1];
            return;
        }

        if (await db.Set<RollupTalk>().Where(row => row.ConnectionId == connection).MinAsync(row => (int?)row.Day, cancel) is { } first)
        {
            var end = first + Days;
            await db.Set<RollupTalk>().Where(row => row.ConnectionId == connection && row.Day < end).ExecuteDeleteAsync(cancel);
            return;
        }

        foreach (var grain in OfConnection)
        {
            await db.Set<RollupSum>().Where(row => row.Grain == grain && row.Scope == connection).ExecuteDeleteAsync(cancel);
        }

        await db.Set<RollupSet>().Where(row => row.Grain == RollupGrain.ConnectionDay && row.Scope == connection).ExecuteDeleteAsync(cancel);
        (state.Phase, state.Mark) = (RollupPhase.Counting, 0);
        state.End = await db.Calls.IgnoreQueryFilters().MaxAsync(call => (long?)call.Id, cancel) ?? 0;
    }

    private async Task CountAsync(DashboardDb db, RollupState state, CancellationToken cancel)
    {
        var (connection, after, last) = (state.ConnectionId, state.Mark, Math.Min(state.Mark + Window, state.End));
        var calls = await RollupDeltas.StoredAsync(db, db.Calls.Where(call => call.Id > after && call.Id <= last && call.ConnectionId == connection), cancel);
        if (calls.Count > 0)
        {
            await FindLastWordsAsync(db, calls, cancel);
            await ForgetWrongStartsAsync(db, calls, cancel);
            var deltas = new RollupDeltas();
            foreach (var (call, attempts, answers) in calls)
            {
                deltas.Add(call, attempts, answers);
            }

            db.ChangeTracker.Clear();
            await deltas.FlushAsync(db, bulk, cancel);
            db.Attach(state);
        }

        state.Mark = last;
        if (last >= state.End)
        {
            (state.Phase, state.Mark, state.End) = (RollupPhase.Ready, 0, 0);
        }
    }

    /// <summary>Dials that were stored before a start that cannot belong to the call was taken for none.</summary>
    private static async Task ForgetWrongStartsAsync(DashboardDb db, IEnumerable<(Call Call, IReadOnlyList<Attempt> Attempts, IReadOnlyList<Answer> Answers)> stored, CancellationToken cancel)
    {
        foreach (var (call, attempts, _) in stored)
        {
            foreach (var attempt in attempts.Where(row => !row.Final && row.StartedAt is not null))
            {
                attempt.Place(attempt.StartedAt, call.OccurredAt);
                if (attempt.ClaimedAt is { } claimed)
                {
                    await db.Attempts.IgnoreQueryFilters().Where(row => row.CallId == call.Id && row.Ordinal == attempt.Ordinal)
                        .ExecuteUpdateAsync(row => row.SetProperty(it => it.StartedAt, (DateTimeOffset?)null).SetProperty(it => it.ClaimedAt, claimed), cancel);
                }
            }
        }
    }

    /// <summary>Calls that were stored before anybody asked what the robot said last.</summary>
    private static async Task FindLastWordsAsync(DashboardDb db, IEnumerable<(Call Call, IReadOnlyList<Attempt> Attempts, IReadOnlyList<Answer> Answers)> stored, CancellationToken cancel)
    {
        var calls = stored.Select(row => row.Call).Where(call => call.LastSaid is null).ToDictionary(call => call.Id);
        var ids = calls.Keys.ToList();
        var details = await Spoken(db, ids).ToListAsync(cancel);
        foreach (var (id, turns, variables) in details)
        {
            var said = JsonSerializer.Deserialize<List<Turn>>(turns, WireJson.Readable)!;
            if (LastSentence.Of(said.Select(turn => turn.Robot), JsonText.Pairs(variables).Select(pair => KeyValuePair.Create(pair.Name, pair.Value))) is { } last)
            {
                calls[id].LastSaid = last;
                await db.Calls.Where(call => call.Id == id).ExecuteUpdateAsync(call => call.SetProperty(it => it.LastSaid, last), cancel);
            }
        }
    }

    public static IQueryable<SpokenTurns> Spoken(DashboardDb db, List<long> calls) =>
        db.CallDetails.AsNoTracking().Where(row => EF.Parameter(calls).Contains(row.CallId) && row.TurnsJson != null).Select(row => new SpokenTurns(row.CallId, row.TurnsJson!, row.VariablesJson));

    public sealed record SpokenTurns(long CallId, string TurnsJson, string? VariablesJson);

    /// <summary>Other nodes' ingest waits: it draws from the same counter first.</summary>
    private static Task HoldAsync(DashboardDb db, CancellationToken cancel) => db.DrawAsync(Counter.Landings, 0, cancel);
}
