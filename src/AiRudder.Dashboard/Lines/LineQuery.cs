using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Lines;

/// <summary>One of our numbers over some days.</summary>
/// <param name="Term">Number of its term; 0 for dials of which AIRUDDER named no number.</param>
/// <param name="Number">As AIRUDDER writes it; null for those.</param>
/// <param name="Expected">Connected dials if it were answered like all numbers in the same tasks and hours.</param>
/// <param name="Calls">Calls whose last dial showed it: dials are more, and some are of calls that ended on other days or with another number.</param>
/// <param name="Days">By local day, without gaps.</param>
public sealed record LineRow(
    int ConnectionId, int Term, string? Number, long Attempts, long Connected, double Expected, LineCalls Calls, IReadOnlyList<LineDay> Days)
{
    public string Masked => Mask.Number(Number) ?? T("(none named)");

    /// <summary>1 is like the others; null when none was expected.</summary>
    public double? Health => Expected > 0 ? Connected / Expected : null;

    /// <summary>Answered so much less than the others that it should be looked at.</summary>
    public bool Dropped => Attempts >= LineQuery.LeastDials && Health < LineQuery.LeastHealth;

    public double DialsPerDay => Days.Count(day => day.Attempts > 0) is > 0 and var days ? (double)Attempts / days : 0;
}

/// <summary>One number on one day.</summary>
public sealed record LineDay(DateOnly Day, long Attempts, long Connected, double Expected)
{
    public double? Rate => Attempts == 0 ? null : (double)Connected / Attempts;

    public double? Health => Expected > 0 ? Connected / Expected : null;
}

/// <summary>Calls that can be listed, by their own start.</summary>
/// <param name="Connected">Connected ones.</param>
/// <param name="Talks">Connected ones of known duration.</param>
/// <param name="ShortTalks">Short ones of these.</param>
public readonly record struct LineCalls(long All, long Connected, long Talks, long ShortTalks);

/// <summary>The tasks of one trunk together: a task has one, its dials are not told apart.</summary>
public sealed record TrunkRow(int ConnectionId, string? Line, int Tasks, long Attempts, long Connected, LineCalls Calls);

/// <summary>What the page of the lines shows.</summary>
public sealed record LinePage(IReadOnlyList<LineRow> Numbers, IReadOnlyList<TrunkRow> Trunks);

/// <summary>
/// How our own numbers are answered, from the rollups. Answer rates depend on whom one calls and when: each number is therefore compared
/// with all numbers of the same task in the same hour, and these expectations are added up.
/// </summary>
public sealed class LineQuery(IDbContextFactory<DashboardDb> contexts)
{
    public const double LeastHealth = 0.6;

    public const long LeastDials = 50;

    private readonly RollupNames rollups = new();

    /// <exception cref="FiguresUnknownException">The rollups are being recomputed.</exception>
    public async Task<LinePage> ReadAsync(IReadOnlyList<Connection> connections, DateOnly from, DateOnly to, string? task, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.OpenAsync(cancel);
        if (await RollupScope.UnreadyAsync(db, connections, cancel) is { } reason)
        {
            throw new FiguresUnknownException(reason);
        }

        var names = await rollups.ReadAsync(db, cancel);
        var numbers = new List<LineRow>();
        var trunks = new List<TrunkRow>();
        foreach (var connection in connections)
        {
            var tasks = await Tasks(db, connection.Id, task, from.DayNumber, to.DayNumber).ToListAsync(cancel);
            var ids = tasks.ConvertAll(row => row.Id);
            var dials = await Dials(db, ids, from.DayNumber, to.DayNumber).ToListAsync(cancel);
            var calls = await Calls(db, ids, from.DayNumber, to.DayNumber).ToListAsync(cancel);
            var talks = await Talks(db, ids, from.DayNumber, to.DayNumber).ToListAsync(cancel);
            numbers.AddRange(Rows(connection.Id, dials, calls, talks, names, from, to));
            trunks.AddRange(Trunks(connection.Id, tasks, dials, calls, talks));
        }

        return new([.. numbers.OrderByDescending(row => row.Dropped).ThenByDescending(row => row.Attempts)], [.. trunks.OrderByDescending(row => row.Attempts)]);
    }

    /// <summary>Tasks that may have dialled in these days.</summary>
    public static IQueryable<TaskOfLine> Tasks(DashboardDb db, int connection, string? task, int first, int last)
    {
        var (earliest, latest) = (first - Sums.DaysOfRedialling.Before, last + Sums.DaysOfRedialling.After);
        return
            from known in db.CallTasks.AsNoTracking()
            join rollup in db.Set<RollupTask>() on known.Id equals rollup.CallTaskId
            where rollup.ConnectionId == connection && rollup.LastDay >= earliest && rollup.FirstDay <= latest && (task == null || known.VendorTaskId == task)
            select new TaskOfLine(known.Id, known.Line);
    }

    /// <summary>Dials by task, day, hour and number.</summary>
    public static IQueryable<RollupFacet> Dials(DashboardDb db, List<int> tasks, int from, int to) => Facets(db, FacetKind.Caller, tasks, from, to);

    /// <summary>Calls and connected ones by task, day and number of the last dial.</summary>
    public static IQueryable<RollupFacet> Calls(DashboardDb db, List<int> tasks, int from, int to) => Facets(db, FacetKind.CallerCall, tasks, from, to);

    /// <summary>Connected calls and short ones by task, day and number.</summary>
    public static IQueryable<RollupFacet> Talks(DashboardDb db, List<int> tasks, int from, int to) => Facets(db, FacetKind.CallerTalk, tasks, from, to);

    private static IQueryable<RollupFacet> Facets(DashboardDb db, FacetKind kind, List<int> tasks, int from, int to) =>
        db.Set<RollupFacet>().AsNoTracking().Where(row => row.Kind == kind && EF.Parameter(tasks).Contains(row.CallTaskId) && row.Day >= from && row.Day <= to && row.N != 0);

    private static IEnumerable<LineRow> Rows(int connection, List<RollupFacet> dials, List<RollupFacet> calls, List<RollupFacet> talks, RollupNames.Held names, DateOnly from, DateOnly to)
    {
        var rates = dials.GroupBy(row => (row.CallTaskId, row.Day, Hour: row.B)).ToDictionary(group => group.Key, group => (double)group.Sum(row => row.M) / group.Sum(row => row.N));
        var (dialled, called, talked) = (dials.ToLookup(row => row.A), calls.ToLookup(row => row.A), talks.ToLookup(row => row.A));
        foreach (var number in dialled.Select(group => group.Key).Union(called.Select(group => group.Key)))
        {
            var byDay = dialled[number].GroupBy(row => row.Day).ToDictionary(
                group => group.Key,
                group => new LineDay(DateOnly.FromDayNumber(group.Key), group.Sum(row => row.N), group.Sum(row => row.M), group.Sum(row => row.N * rates[(row.CallTaskId, row.Day, row.B)])));
            var days = Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1).Select(day => byDay.GetValueOrDefault(day) ?? new LineDay(DateOnly.FromDayNumber(day), 0, 0, 0)).ToList();
            yield return new LineRow(connection, number, names.Word(number), days.Sum(day => day.Attempts), days.Sum(day => day.Connected), days.Sum(day => day.Expected), Sum(called[number], talked[number]), days);
        }
    }

    private static IEnumerable<TrunkRow> Trunks(int connection, List<TaskOfLine> tasks, List<RollupFacet> dials, List<RollupFacet> calls, List<RollupFacet> talks)
    {
        var (dialled, called, talked) = (dials.ToLookup(row => row.CallTaskId), calls.ToLookup(row => row.CallTaskId), talks.ToLookup(row => row.CallTaskId));
        return tasks.Where(task => dialled.Contains(task.Id) || called.Contains(task.Id)).GroupBy(task => task.Line).Select(group => new TrunkRow(
            connection, group.Key, group.Count(), group.Sum(task => dialled[task.Id].Sum(row => row.N)), group.Sum(task => dialled[task.Id].Sum(row => row.M)),
            Sum(group.SelectMany(task => called[task.Id]), group.SelectMany(task => talked[task.Id]))));
    }

    private static LineCalls Sum(IEnumerable<RollupFacet> calls, IEnumerable<RollupFacet> talks)
    {
        var (all, known) = (calls.ToList(), talks.ToList());
        return new(all.Sum(row => row.N), all.Sum(row => row.M), known.Sum(row => row.N), known.Sum(row => row.M));
    }

    /// <summary>A task with its trunk.</summary>
    public sealed record TaskOfLine(int Id, string? Line);
}
