using System.Linq.Expressions;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>What sums are grouped by; a query sets only what it needs.</summary>
public sealed record RollupKey
{
    public int Slot { get; init; }

    public int Task { get; init; }

    public int LabelId { get; init; }
}

/// <summary>Sums of one group.</summary>
public sealed class RollupRow : RollupValues
{
    public required RollupKey Key { get; init; }
}

/// <summary>Distinct numbers of a task by the labels they have.</summary>
public sealed record SetRow(int Task, int Slot, int SetId, long Numbers);

/// <summary>Counts by AIRUDDER's words.</summary>
public sealed record FacetRow(int A, int B, int C, int D, long N, long M);

/// <summary>Attempts that began in a quarter.</summary>
public sealed record QuarterRow(int Slot, long Attempts, long Connected);

/// <summary>The queries on the rollups: each begins at a key and reads few rows.</summary>
public static class RollupReader
{
    /// <summary>Adds the sums to the slots of a plan. The grain follows from the question: slots within a day need quarters, others days.</summary>
    /// <param name="db">Where the rollups are.</param>
    /// <param name="scope">Days on which no label changes its meaning.</param>
    /// <param name="plan">The slots.</param>
    /// <param name="names">The terms.</param>
    /// <param name="slots">Added to.</param>
    /// <param name="since">When the meaning of a label on these days had begun; null for what it means now.</param>
    /// <param name="cancel">Stops the queries.</param>
    public static async Task AddAsync(DashboardDb db, RollupScope scope, SlotPlan plan, RollupNames.Held names, IReadOnlyList<Tally> slots, Func<LabelKey, DateTimeOffset>? since, CancellationToken cancel)
    {
        if (plan.Starts.Count > 0 && plan.Width < TimeSpan.FromDays(1))
        {
            var starts = plan.In(scope.Days).Select(RollupDeltas.QuarterOf).ToArray();
            foreach (var row in await ByQuarter(db, scope).ToListAsync(cancel))
            {
                // Two starts are one where clocks skip: the later slot has it. What lies before the first belongs to the first.
                var found = Array.BinarySearch(starts, row.Key.Slot);
                var slot = found < 0 ? Math.Max(0, ~found - 1) : Array.LastIndexOf(starts, row.Key.Slot);
                slots[slot].Add(row, names.Labels[row.Key.LabelId], since?.Invoke(names.Labels[row.Key.LabelId]));
            }

            return;
        }

        var (first, width) = plan.Starts.Count > 0 ? (DateOnly.FromDateTime(plan.Starts[0]).DayNumber, (int)plan.Width.TotalDays) : (0, int.MaxValue);
        foreach (var row in await ByDays(db, scope, first, width).ToListAsync(cancel))
        {
            slots[Math.Clamp(row.Key.Slot, 0, slots.Count - 1)].Add(row, names.Labels[row.Key.LabelId], since?.Invoke(names.Labels[row.Key.LabelId]));
        }
    }

    /// <summary>Sums by so many days and label.</summary>
    public static IQueryable<RollupRow> ByDays(DashboardDb db, RollupScope scope, int first, int width) => scope is { Tasks: not null, AllDays: true } && width == int.MaxValue
        ? Rows(db, scope, RollupGrain.Task).Sum(row => new RollupKey { LabelId = row.LabelId })
        : Rows(db, scope, scope.Tasks is null ? RollupGrain.ConnectionDay : RollupGrain.TaskDay).Sum(row => new RollupKey { Slot = (row.Slot - first) / width, LabelId = row.LabelId });

    /// <summary>Sums by quarter and label: only the zone knows which weekday and hour a quarter is.</summary>
    public static IQueryable<RollupRow> ByQuarter(DashboardDb db, RollupScope scope) =>
        Rows(db, scope, scope.Tasks is null ? RollupGrain.ConnectionQuarter : RollupGrain.TaskQuarter).Sum(row => new RollupKey { Slot = row.Slot, LabelId = row.LabelId });

    /// <summary>Attempts by quarter, whatever their label: one row a quarter where the sums by label are a dozen.</summary>
    public static IQueryable<QuarterRow> Attempts(DashboardDb db, RollupScope scope) =>
        Rows(db, scope, scope.Tasks is null ? RollupGrain.ConnectionQuarter : RollupGrain.TaskQuarter)
            .GroupBy(row => row.Slot)
            .Select(group => new QuarterRow(group.Key, group.Sum(row => row.Attempts), group.Sum(row => row.ConnectedAttempts)));

    /// <summary>Sums by task and label.</summary>
    public static IQueryable<RollupRow> ByTask(DashboardDb db, RollupScope scope, List<int> tasks) => scope.AllDays
        ? Rows(db, scope with { Tasks = tasks }, RollupGrain.Task).Sum(row => new RollupKey { Task = row.Scope, LabelId = row.LabelId })
        : tasks.Count == 1
            ? Rows(db, scope with { Tasks = tasks }, RollupGrain.TaskDay).Sum(row => new RollupKey { Task = row.Scope, LabelId = row.LabelId })
            : Rows(db, scope with { Tasks = null }, RollupGrain.DayTask).Where(row => EF.Parameter(tasks).Contains(row.Part)).Sum(row => new RollupKey { Task = row.Part, LabelId = row.LabelId });

    /// <summary>Distinct numbers and local days by the labels of their talks.</summary>
    public static IQueryable<SetRow> Talks(DashboardDb db, RollupScope scope)
    {
        var (grain, ids, first, last) = (scope.Tasks is null ? RollupGrain.ConnectionDay : RollupGrain.TaskDay, scope.Tasks ?? scope.Connections, scope.FirstDay, scope.LastDay);
        return db.Set<RollupSet>().AsNoTracking()
            .Where(row => row.Grain == grain && EF.Parameter(ids).Contains(row.Scope) && row.Slot >= first && row.Slot <= last && row.Numbers != 0)
            .GroupBy(row => row.SetId)
            .Select(group => new SetRow(0, 0, group.Key, group.Sum(row => row.Numbers)));
    }

    /// <summary>The same of each task.</summary>
    public static IQueryable<SetRow> TalksByTask(DashboardDb db, RollupScope scope)
    {
        var (ids, first, last) = (scope.Tasks ?? [], scope.FirstDay, scope.LastDay);
        return db.Set<RollupSet>().AsNoTracking()
            .Where(row => row.Grain == RollupGrain.TaskDay && EF.Parameter(ids).Contains(row.Scope) && row.Slot >= first && row.Slot <= last && row.Numbers != 0)
            .GroupBy(row => new { row.Scope, row.SetId })
            .Select(group => new SetRow(group.Key.Scope, 0, group.Key.SetId, group.Sum(row => row.Numbers)));
    }

    public static IQueryable<FacetRow> Facets(DashboardDb db, RollupScope scope, FacetKind kind)
    {
        var (tasks, first, last) = (scope.Tasks ?? [], scope.FirstDay, scope.LastDay);
        return db.Set<RollupFacet>().AsNoTracking()
            .Where(row => row.Kind == kind && EF.Parameter(tasks).Contains(row.CallTaskId) && row.Day >= first && row.Day <= last)
            .GroupBy(row => new { row.A, row.B, row.C, row.D })
            .Where(group => group.Sum(row => row.N) != 0)
            .Select(group => new FacetRow(group.Key.A, group.Key.B, group.Key.C, group.Key.D, group.Sum(row => row.N), group.Sum(row => row.M)));
    }

    /// <summary>How many numbers have one of the labels, by the sets they are in.</summary>
    /// <param name="rows">Numbers by set.</param>
    /// <param name="names">What the sets hold.</param>
    /// <param name="labels">Terms; null for any.</param>
    /// <param name="connected">Only labels of connected calls count.</param>
    public static long Having(IEnumerable<SetRow> rows, RollupNames.Held names, IReadOnlySet<int>? labels, bool connected) =>
        rows.Where(row => names.Sets[row.SetId].Any(member => (!connected || (member & 1) == 1) && labels?.Contains(member >> 1) != false)).Sum(row => row.Numbers);

    /// <summary>Terms of the labels that mean this.</summary>
    public static HashSet<int> Meaning(RollupNames.Held names, LabelLooks looks, Meaning meaning, RollupScope scope, DateTimeOffset? at = null) =>
        [.. names.Labels.Where(pair => (looks.Of(pair.Value, at).Meanings & meaning) != 0 && scope.Labels?.Contains(pair.Key) != false).Select(pair => pair.Key)];

    internal static IQueryable<RollupSum> Rows(DashboardDb db, RollupScope scope, RollupGrain grain)
    {
        var days = grain is RollupGrain.ConnectionDay or RollupGrain.TaskDay or RollupGrain.DayTask;
        var ids = grain is RollupGrain.TaskQuarter or RollupGrain.TaskDay or RollupGrain.Task ? scope.Tasks! : scope.Connections;
        var rows = db.Set<RollupSum>().AsNoTracking().Where(row => row.Grain == grain && EF.Parameter(ids).Contains(row.Scope));
        if (grain != RollupGrain.Task && !scope.AllDays)
        {
            var (first, last) = days ? (scope.FirstDay, scope.LastDay) : (scope.FirstQuarter, scope.EndQuarter - 1);
            rows = rows.Where(row => row.Slot >= first && row.Slot <= last);
        }

        return scope.Labels is { } labels ? rows.Where(row => EF.Parameter(labels).Contains(row.LabelId)) : rows;
    }

    private static IQueryable<RollupRow> Sum(this IQueryable<RollupSum> rows, Expression<Func<RollupSum, RollupKey>> key) =>
        rows.GroupBy(key).Select(group => new RollupRow
        {
            Key = group.Key,
            Calls = group.Sum(row => row.Calls),
            Connected = group.Sum(row => row.Connected),
            DurationSeconds = group.Sum(row => row.DurationSeconds),
            DurationKnown = group.Sum(row => row.DurationKnown),
            RobotTalkSeconds = group.Sum(row => row.RobotTalkSeconds),
            RobotTalkKnown = group.Sum(row => row.RobotTalkKnown),
            ShortCalls = group.Sum(row => row.ShortCalls),
            SilentCalls = group.Sum(row => row.SilentCalls),
            Turns = group.Sum(row => row.Turns),
            TurnsKnown = group.Sum(row => row.TurnsKnown),
            TransferRequests = group.Sum(row => row.TransferRequests),
            TransferSuccesses = group.Sum(row => row.TransferSuccesses),
            ConnectedTransfers = group.Sum(row => row.ConnectedTransfers),
            TransferWaitSeconds = group.Sum(row => row.TransferWaitSeconds),
            TransferWaitKnown = group.Sum(row => row.TransferWaitKnown),
            Contradictions = group.Sum(row => row.Contradictions),
            Attempts = group.Sum(row => row.Attempts),
            ConnectedAttempts = group.Sum(row => row.ConnectedAttempts),
            RingSeconds = group.Sum(row => row.RingSeconds),
            RingKnown = group.Sum(row => row.RingKnown),
        });
}
