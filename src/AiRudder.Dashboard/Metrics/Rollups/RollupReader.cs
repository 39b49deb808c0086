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

/// <summary>Connected calls of a label.</summary>
public sealed record ConnectedRow(RollupKey Key, long Connected);

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
        if (scope.Before is not null || (plan.Starts.Count > 0 && plan.Width < TimeSpan.FromDays(1)))
        {
            // Two starts are one where clocks skip: the later slot has it. What lies before the first belongs to the first.
            var starts = plan.In(scope.Days).Select(RollupDeltas.QuarterOf).ToArray();
            await AddAsync(byLabel => Quarters(db, scope, byLabel), FirstAndWidth(starts), quarter => Array.BinarySearch(starts, quarter) is var found and < 0 ? Math.Max(0, ~found - 1) : Array.LastIndexOf(starts, quarter));
        }
        else
        {
            var (first, width) = plan.Starts.Count > 0 ? (DateOnly.FromDateTime(plan.Starts[0]).DayNumber, (int)plan.Width.TotalDays) : (0, int.MaxValue);
            await AddAsync(byLabel => DaysOf(db, scope, oneSlot: plan.Starts.Count == 0, byLabel), (first, width), day => Math.Clamp((day - first) / width, 0, slots.Count - 1));
        }

        async Task AddAsync(Func<bool, IQueryable<RollupSum>> rows, (int First, int Width) cut, Func<int, int> slotOf)
        {
            // Labels first: a call stored between the two queries must not make a share larger than one.
            foreach (var row in await ConnectedByLabel(rows(true), cut.First, cut.Width).ToListAsync(cancel))
            {
                var label = names.Labels[row.Key.LabelId];
                slots[slotOf(row.Key.Slot)].AddConnected(label, since?.Invoke(label), row.Connected);
            }

            foreach (var row in await BySlot(rows(false), cut.First, cut.Width).ToListAsync(cancel))
            {
                slots[slotOf(row.Key.Slot)].Add(row);
            }
        }
    }

    /// <summary>Sums of slots, whatever the label: read with it, each would come a dozen times.</summary>
    /// <param name="rows">Days or quarters.</param>
    /// <param name="first">The first of the first slot.</param>
    /// <param name="width">How many are a slot.</param>
    /// <returns>The slot is told by the first of its days or quarters.</returns>
    public static IQueryable<RollupRow> BySlot(IQueryable<RollupSum> rows, int first, int width) =>
        rows.Sum(row => new RollupKey { Slot = first + (row.Slot - first) / width * width });

    /// <summary>Connected calls of slots by their label; the same in all else.</summary>
    public static IQueryable<ConnectedRow> ConnectedByLabel(IQueryable<RollupSum> rows, int first, int width) =>
        rows.Connected(row => new RollupKey { Slot = first + (row.Slot - first) / width * width, LabelId = row.LabelId });

    /// <summary>Sums of the days of a scope; all in one slot, those of a task that is wanted whole.</summary>
    public static IQueryable<RollupSum> DaysOf(DashboardDb db, RollupScope scope, bool oneSlot, bool byLabel) =>
        Rows(db, scope, scope.Tasks is null ? RollupGrain.ConnectionDay : oneSlot && scope.AllDays ? RollupGrain.Task : RollupGrain.TaskDay, byLabel);

    /// <summary>Sums of the quarters of a scope.</summary>
    public static IQueryable<RollupSum> Quarters(DashboardDb db, RollupScope scope, bool byLabel) =>
        Rows(db, scope, scope.Tasks is null ? RollupGrain.ConnectionQuarter : RollupGrain.TaskQuarter, byLabel);

    /// <summary>Slots of one length are summed by the database; where clocks skip between them, each quarter is asked for: only the zone knows its slot.</summary>
    private static (int First, int Width) FirstAndWidth(int[] starts)
    {
        if (starts.Length < 2)
        {
            return (0, int.MaxValue);
        }

        var width = starts[1] - starts[0];
        return width > 0 && Enumerable.Range(1, starts.Length - 1).All(i => starts[i] - starts[i - 1] == width) ? (starts[0], width) : (0, 1);
    }

    /// <summary>Attempts by quarter, whatever their label: one row a quarter where the sums by label are a dozen.</summary>
    public static IQueryable<QuarterRow> Attempts(DashboardDb db, RollupScope scope) =>
        Quarters(db, scope, byLabel: false)
            .GroupBy(row => row.Slot)
            .Select(group => new QuarterRow(group.Key, group.Sum(row => row.Attempts), group.Sum(row => row.ConnectedAttempts)));

    /// <summary>Sums of tasks, whatever the label.</summary>
    public static IQueryable<RollupRow> ByTask(DashboardDb db, RollupScope scope, List<int> tasks) => AreScopes(scope, tasks)
        ? OfTasks(db, scope, tasks, byLabel: false).Sum(row => new RollupKey { Task = row.Scope })
        : OfTasks(db, scope, tasks, byLabel: false).Sum(row => new RollupKey { Task = row.Part });

    /// <summary>Connected calls of tasks by their label.</summary>
    public static IQueryable<ConnectedRow> ConnectedByTask(DashboardDb db, RollupScope scope, List<int> tasks) => AreScopes(scope, tasks)
        ? OfTasks(db, scope, tasks, byLabel: true).Connected(row => new RollupKey { Task = row.Scope, LabelId = row.LabelId })
        : OfTasks(db, scope, tasks, byLabel: true).Connected(row => new RollupKey { Task = row.Part, LabelId = row.LabelId });

    /// <summary>One task, or all days of many, are read by task; some days of many by day.</summary>
    private static bool AreScopes(RollupScope scope, List<int> tasks) => scope.AllDays || tasks.Count == 1;

    private static IQueryable<RollupSum> OfTasks(DashboardDb db, RollupScope scope, List<int> tasks, bool byLabel) => AreScopes(scope, tasks)
        ? Rows(db, scope with { Tasks = tasks }, scope.AllDays ? RollupGrain.Task : RollupGrain.TaskDay, byLabel)
        : Rows(db, scope with { Tasks = null }, RollupGrain.DayTask, byLabel).Where(row => EF.Parameter(tasks).Contains(row.Part));

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

    /// <summary>The rows of a grain within a scope.</summary>
    /// <param name="db">Where the rollups are.</param>
    /// <param name="scope">Which.</param>
    /// <param name="grain">By label.</param>
    /// <param name="byLabel">Whether the label of a row matters; where it does not, and the scope asks for none, fewer rows say the same.</param>
    internal static IQueryable<RollupSum> Rows(DashboardDb db, RollupScope scope, RollupGrain grain, bool byLabel = true)
    {
        var days = grain is RollupGrain.ConnectionDay or RollupGrain.TaskDay or RollupGrain.DayTask;
        var ids = grain is RollupGrain.TaskQuarter or RollupGrain.TaskDay or RollupGrain.Task ? scope.Tasks! : scope.Connections;
        var kept = byLabel || scope.Labels is not null ? grain : WhateverTheLabel(grain);
        var rows = db.Set<RollupSum>().AsNoTracking().Where(row => row.Grain == kept && EF.Parameter(ids).Contains(row.Scope));
        if (grain != RollupGrain.Task && !scope.AllDays)
        {
            var (first, last) = days ? (scope.FirstDay, scope.LastDay) : (scope.FirstQuarter, scope.EndQuarter - 1);
            rows = rows.Where(row => row.Slot >= first && row.Slot <= last);
        }

        return scope.Labels is { } labels ? rows.Where(row => EF.Parameter(labels).Contains(row.LabelId)) : rows;
    }

    private static RollupGrain WhateverTheLabel(RollupGrain grain) => grain switch
    {
        RollupGrain.ConnectionQuarter => RollupGrain.ConnectionQuarterTotal,
        RollupGrain.ConnectionDay => RollupGrain.ConnectionDayTotal,
        RollupGrain.DayTask => RollupGrain.DayTaskTotal,
        _ => grain,
    };

    private static IQueryable<ConnectedRow> Connected(this IQueryable<RollupSum> rows, Expression<Func<RollupSum, RollupKey>> key) =>
        rows.Where(row => row.Connected != 0).GroupBy(key).Select(group => new ConnectedRow(group.Key, group.Sum(row => row.Connected)));

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
