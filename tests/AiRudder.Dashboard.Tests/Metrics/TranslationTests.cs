using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Lines;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace AiRudder.Dashboard.Tests.Metrics;

/// <summary>Every query behind the figures becomes T-SQL that SQL Server's parser accepts, without a server.</summary>
public sealed class TranslationTests
{
    private static readonly List<Connection> Zone = [new() { Id = 1, Name = "One", TimeZone = "Asia/Jakarta" }, new() { Id = 2, Name = "Two", TimeZone = "Asia/Jakarta" }];

    public static TheoryData<string> Names => [.. Queries.Keys];

    private static readonly Dictionary<string, Func<DashboardDb, CallFilter, IQueryable>> Queries = new()
    {
        ["calls by slot and label"] = (db, filter) => SummaryQuery.BySlotAndLabel(Sums.Calls(db, filter, Zone), Quarters),
        ["dials by slot"] = (db, filter) => SummaryQuery.BySlot(Sums.Dials(db, filter, Zone), Quarters),
        ["dials in one slot"] = (db, filter) => SummaryQuery.BySlot(Sums.Dials(db, filter, Zone), []),
        ["promises"] = (db, filter) => SummaryQuery.Promises(Sums.Calls(db, filter, Zone), db, Quarters),
        ["numbers"] = (db, filter) => Sums.Calls(db, filter, Zone).Numbers(),
        ["arrivals"] = (db, filter) => SummaryQuery.Arrivals(db, [1, 2], null).Select(arrival => arrival.DeliveryId).Distinct(),
        ["arrivals of a task"] = (db, filter) => SummaryQuery.Arrivals(db, [1, 2], [3]).Where(arrival => arrival.At >= Quarters[0]),
        ["tasks"] = (db, filter) => TaskQuery.Tasks(db, filter, Zone, 7).OrderByDescending(task => task.Id).Take(10),
        ["calls by task and label"] = (db, filter) => TaskQuery.ByTaskAndLabel(Sums.Calls(db, filter, Zone)),
        ["dials by task"] = (db, filter) => TaskQuery.ByTask(Sums.Dials(db, filter, Zone)),
        ["heard since"] = (db, filter) => TaskQuery.HeardSince(db, [1, 2], Quarters[0]),
        ["dials by ordinal"] = (db, filter) => TaskDetailQuery.ByOrdinal(Sums.Dials(db, filter, Zone)),
        ["dials by ring type"] = (db, filter) => TaskDetailQuery.ByRing(Sums.Dials(db, filter, Zone)),
        ["first connects"] = (db, filter) => TaskDetailQuery.FirstConnects(Sums.Dials(db, filter, Zone)),
        ["hang-ups"] = (db, filter) => TaskDetailQuery.Hangups(Sums.Calls(db, filter, Zone)),
        ["span"] = (db, filter) => TaskDetailQuery.Span(Sums.Calls(db, filter, Zone)),
        ["starts of dials"] = (db, filter) => TaskScript.Starts(Sums.Dials(db, filter, Zone)),
        ["questions asked"] = (db, filter) => TaskScript.Asked(db, Sums.Calls(db, filter, Zone)),
        ["last sentences"] = (db, filter) => TaskScript.Said(Sums.Calls(db, filter, Zone)),
        ["numbers of a task"] = (db, filter) => TaskNumbersQuery.Numbers(Sums.Calls(db, filter, Zone)).OrderByDescending(row => row.LastCallId).Skip(40).Take(40),
        ["dials of numbers"] = (db, filter) => TaskNumbersQuery.Dials(db, Sums.Calls(db, filter, Zone), ["+1", null]),
        ["compared calls"] = (db, filter) => TaskComparison.Facts(Sums.Calls(db, filter, Zone)),
        ["compared dials"] = (db, filter) => TaskComparison.Facts(Sums.Dials(db, filter, Zone)),
        ["tasks by name"] = (db, filter) => ListSizes.Named(db, "One", "task"),
        ["promises by task"] = (db, filter) => TaskQuery.Promised(Sums.Calls(db, filter, Zone), db),
        ["rollups of talks by task"] = (db, filter) => RollupReader.TalksByTask(db, Scope),
        ["what was spoken"] = (db, filter) => Recomputation.Spoken(db, [1, 2]),
        ["newest day"] = (db, filter) => ComparisonQuery.Newest(db, filter, Zone),
        ["stream of calls"] = (db, filter) => StreamQuery.Calls(db, StreamQuery.Newest(db, [1], Quarters[0], DateTimeOffset.MaxValue, 5)),
        ["stream of batches"] = (db, filter) => StreamQuery.Batches(db, StreamQuery.Newest(db, [1], Quarters[0], DateTimeOffset.MaxValue, 5)),
        ["rollups by days"] = (db, filter) => RollupReader.BySlot(RollupReader.DaysOf(db, Scope, oneSlot: false, byLabel: false), 739000, 7),
        ["rollups of all days"] = (db, filter) => RollupReader.BySlot(RollupReader.DaysOf(db, Scope with { From = null, To = null }, oneSlot: true, byLabel: false), 0, int.MaxValue),
        ["rollups by quarter"] = (db, filter) => RollupReader.BySlot(RollupReader.Quarters(db, Scope with { Tasks = null, Labels = null }, byLabel: false), 0, 1),
        ["rollups by label and hour"] = (db, filter) => RollupReader.ConnectedByLabel(RollupReader.Quarters(db, Scope, byLabel: true), 8, 4),
        ["rollups of attempts by quarter"] = (db, filter) => RollupReader.Attempts(db, Scope with { Tasks = null, Labels = null }),
        ["rollups by task"] = (db, filter) => RollupReader.ByTask(db, Scope, [1, 2]),
        ["rollups by task and label"] = (db, filter) => RollupReader.ConnectedByTask(db, Scope, [1, 2]),
        ["rollups by task and label, one task"] = (db, filter) => RollupReader.ConnectedByTask(db, Scope, [1]),
        ["rollups of talks"] = (db, filter) => RollupReader.Talks(db, Scope),
        ["rollups by words"] = (db, filter) => RollupReader.Facets(db, Scope, FacetKind.Ring),
        ["arrivals: oldest"] = (db, filter) => ArrivalDays.Times(db).Take(1),
        ["arrivals: days"] = (db, filter) => ArrivalDays.ByDay(db, [1, 2], Quarters[0], DateTimeOffset.MaxValue),
        ["rollups of tasks"] = (db, filter) => RollupTasks.Rows(db, Scope),
        ["rollups of tasks that are over"] = (db, filter) => RollupTasks.Over(db, Scope),
        ["rollups of other tasks"] = (db, filter) => RollupTasks.NotOver(db, Scope with { Tasks = null }),
        ["rollups: active days"] = (db, filter) => RollupTasks.ActiveDays(db, Scope, [1, 2]),
        ["rollups: numbers of sets"] = (db, filter) => RollupTasks.Sets(db, RollupGrain.TaskDay, [1, 2], 5, 9),
        ["rollups: distinct numbers"] = (db, filter) => RollupTasks.Distinct(db, [1, 2], [3, 4], 5, 9),
        ["rollups: days of a task"] = (db, filter) => TaskDetailQuery.Days(db, Scope),
        ["rollups: spans"] = (db, filter) => RollupWriter.Spans(db, [1, 2]),
        ["rollups: terms"] = (db, filter) => RollupNames.After(db, 7),
        ["rollups: numbers stored"] = (db, filter) => RollupNumberWriter.Numbers(db, 1, [1, 2]),
        ["rollups: talks stored"] = (db, filter) => RollupNumberWriter.Talks(db, 1, 739000, [1, 2]),
        ["rollups: rest of a quarter"] = (db, filter) => RollupsUntil.Rest(RollupsUntil.Begun(db, filter, Scope, Quarters[0], Quarters[1])),
        ["rollups: dials of a quarter"] = (db, filter) => RollupsUntil.Started(db, Quarters[0], DateTimeOffset.MaxValue),
        ["rollups: calls of dials"] = (db, filter) => RollupsUntil.Owners(db, [1, 2]),
        ["rollups: dials of calls"] = (db, filter) => RollupsUntil.DialsOf(db, [1, 2]),
        ["rollups: calling tasks"] = (db, filter) => RollupsUntil.Calling(db, Scope, [1, 2]),
        ["rollups: known numbers"] = (db, filter) => RollupsUntil.Known(db, Scope, [1, 2], [1, 2]),
        ["rollups: talks until"] = (db, filter) => RollupsUntil.Talks(db, Scope with { Tasks = null, Before = 5 }, [1, 2]),
        ["rollups: talks of a task until"] = (db, filter) => RollupsUntil.Talks(db, Scope with { Before = 5 }, [1, 2]),
        ["rollups: due"] = (db, filter) => Recomputation.Due(db),
        ["transfer waits"] = (db, filter) => SummaryQuery.Waits(Sums.Calls(db, filter, Zone)).WithSlots(Quarters),
        ["calls by hour, robots and no meaning"] = (db, filter) => Sums.Calls(db, filter with { Hour = 3, To = new(2026, 4, 14), Robot = "r1,r2,--", Meaning = Meaning.None }, Zone),
        ["calls by times and what labels mean now"] = (db, filter) => Sums.Calls(db, filter with { FromTime = new(9, 15), ToTime = new(9, 30), MeaningsNow = true }, Zone),
        ["examples of a label"] = (db, filter) => LabelExamples.Newest(db, new LabelKey(1, "r1", "A")),
        ["tasks of lines"] = (db, filter) => LineQuery.Tasks(db, 1, "task", 5, 9),
        ["dials of lines"] = (db, filter) => LineQuery.Dials(db, [1, 2], 5, 9),
        ["calls of a caller number"] = (db, filter) => Sums.Calls(db, new CallFilter { From = filter.From, CallerNumber = "#7" }, Zone),
        ["calls of lines"] = (db, filter) => LineQuery.Calls(db, [1, 2], 5, 9),
        ["calls of no caller number"] = (db, filter) => Sums.Calls(db, new CallFilter { From = filter.From, CallerNumber = "--" }, Zone),
        ["calls of a trunk"] = (db, filter) => Sums.Calls(db, new CallFilter { From = filter.From, Line = "trunk" }, Zone),
        ["calls of no trunk"] = (db, filter) => Sums.Calls(db, new CallFilter { From = filter.From, Line = "--" }, Zone),
        ["search: ids of a stretch"] = (db, filter) => CallSearch.Ids(db.Calls.Where(call => call.OccurredAt >= Quarters[0])),
        ["alerts: last arrivals"] = (db, filter) => AlertReadings.LastArrivals(db, 1, "task"),
        ["alerts: last deliveries"] = (db, filter) => AlertReadings.LastArrivals(db, 1, null),
        ["alerts: landings"] = (db, filter) => CallFollower.After(db, 7),
        ["alerts: calls"] = (db, filter) => CallFollower.Candidates(db, CallRule, [1, 2]),
        ["alerts: unresolved"] = (db, filter) => AlertBook.Unresolved(db, [1, 2]),
        ["alerts: watches"] = (db, filter) => AlertBook.Watches(db, [1, 2]),
        ["alerts: list"] = (db, filter) => AlertQueries.Listed(db, true, 7, 10),
        ["alerts: rules"] = (db, filter) => AlertEvaluation.Timed(db),
        ["alerts: due"] = (db, filter) => AlertSender.Due(db, Quarters[0]),
        ["described labels"] = (db, filter) => LabelTable.Newest(db),
    };

    private static AlertRule CallRule => new() { Name = "r", Kind = AlertKind.Call, Task = "task", Robot = "robot", Label = "A", Word = "word", Contradiction = true, ChangedBy = "" };

    private static RollupScope Scope => new() { Connections = [1, 2], Days = new LocalDays("Asia/Jakarta"), Tasks = [1, 2], Labels = [3, 4], From = new(2026, 3, 14), To = new(2026, 3, 20) };

    private static IReadOnlyList<DateTimeOffset> Quarters => SlotPlan.Of(new(2026, 3, 14), new(2026, 3, 14)).In(new LocalDays("Asia/Jakarta"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Query_OnSqlServer_IsValidAndNestsNoDeeperThanItAllows(string name)
    {
        using var db = new SqlServerDashboardDb(new DbContextOptionsBuilder<SqlServerDashboardDb>().UseSqlServer("Server=nowhere;Encrypt=True").Options);
        var filter = new CallFilter { From = new(2026, 3, 14), To = new(2026, 3, 14), Connection = "One", Task = "task", Label = "A", Meaning = Meaning.RightParty, Connected = true, Q = "words" };

        // A parameter of hand-written SQL is declared without its sign there, though used with it.
        var sql = System.Text.RegularExpressions.Regex.Replace(Queries[name](db, filter).ToQueryString(), @"^DECLARE (?=\w)", "DECLARE @", System.Text.RegularExpressions.RegexOptions.Multiline);

        var tree = new TSql150Parser(true).Parse(new StringReader(sql), out var errors);
        Assert.Empty(errors.Select(error => error.Message));
        var depth = new CaseDepth();
        tree.Accept(depth);
        Assert.True(depth.Deepest <= 10, $"CASE nested {depth.Deepest} deep; SQL Server allows ten.");
    }

    private sealed class CaseDepth : TSqlFragmentVisitor
    {
        private int depth;

        public int Deepest { get; private set; }

        public override void ExplicitVisit(SearchedCaseExpression node)
        {
            Deepest = Math.Max(Deepest, ++depth);
            base.ExplicitVisit(node);
            depth--;
        }
    }
}
