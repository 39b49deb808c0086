using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
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
        ["arrivals of a task"] = (db, filter) => SummaryQuery.Arrivals(db, [1, 2], "task").Where(arrival => arrival.At >= Quarters[0]),
        ["tasks"] = (db, filter) => TaskQuery.Tasks(db, filter, Zone, 7).OrderByDescending(task => task.Id).Take(10),
        ["calls by task and label"] = (db, filter) => TaskQuery.ByTaskAndLabel(Sums.Calls(db, filter, Zone)),
        ["dials by task"] = (db, filter) => TaskQuery.ByTask(Sums.Dials(db, filter, Zone)),
        ["heard since"] = (db, filter) => TaskQuery.HeardSince(db, [1, 2], Quarters[0]),
        ["dials by ordinal"] = (db, filter) => TaskDetailQuery.ByOrdinal(Sums.Dials(db, filter, Zone)),
        ["dials by ring type"] = (db, filter) => TaskDetailQuery.ByRing(Sums.Dials(db, filter, Zone)),
        ["first connects"] = (db, filter) => TaskDetailQuery.FirstConnects(Sums.Dials(db, filter, Zone)),
        ["hang-ups"] = (db, filter) => TaskDetailQuery.Hangups(Sums.Calls(db, filter, Zone)),
        ["span"] = (db, filter) => TaskDetailQuery.Span(Sums.Calls(db, filter, Zone)),
        ["newest day"] = (db, filter) => ComparisonQuery.Newest(db, filter, Zone),
        ["stream of calls"] = (db, filter) => StreamQuery.Calls(db, StreamQuery.Newest(db, [1], Quarters[0], DateTimeOffset.MaxValue, 5)),
        ["stream of batches"] = (db, filter) => StreamQuery.Batches(db, StreamQuery.Newest(db, [1], Quarters[0], DateTimeOffset.MaxValue, 5)),
        ["described labels"] = (db, filter) => LabelTable.Newest(db),
    };

    private static IReadOnlyList<DateTimeOffset> Quarters => SlotPlan.Of(new(2026, 3, 14), new(2026, 3, 14)).In(new LocalDays("Asia/Jakarta"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Query_OnSqlServer_IsValidAndNestsNoDeeperThanItAllows(string name)
    {
        using var db = new SqlServerDashboardDb(new DbContextOptionsBuilder<SqlServerDashboardDb>().UseSqlServer("Server=nowhere;Encrypt=True").Options);
        var filter = new CallFilter { From = new(2026, 3, 14), To = new(2026, 3, 14), Connection = "One", Task = "task", Label = "A", Meaning = Meaning.RightParty, Connected = true, Q = "words" };

        var sql = Queries[name](db, filter).ToQueryString();

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
