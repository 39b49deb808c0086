using System.Reflection;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.SqlServer;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRudder.Dashboard.Tests.Storage;

/// <summary>
/// Every query of the product as SQL Server would get it. A new query takes one line in <see cref="Queries"/>: code that is
/// called with the contexts and does the query.
/// </summary>
[Trait("Requirement", "T4")]
public sealed class SqlServerQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 23, 59, 0, TimeSpan.Zero);
    private static readonly DateOnly Day = new(2026, 3, 14);

    private static readonly Connection[] Connections =
    [
        new() { Id = 1, Name = "one", TimeZone = "Asia/Jakarta" }, new() { Id = 2, Name = "two", TimeZone = "America/Mexico_City" }, new() { Id = 3, Name = "three", TimeZone = "Asia/Jakarta" },
    ];

    private static readonly CallFilter Filter = new() { From = Day, To = Day, Connection = "one", Label = "A", Task = "task" };

    private static readonly Dictionary<string, Func<IDbContextFactory<DashboardDb>, Task>> Queries = new()
    {
        ["deliveries: list"] = async contexts =>
        {
            foreach (DeliveryOutcome? outcome in new DeliveryOutcome?[] { null, DeliveryOutcome.Pending, DeliveryOutcome.Quarantined })
            {
                await new DeliveryQueries(contexts).ListAsync(new(null, outcome), null, null, 100, default);
                await new DeliveryQueries(contexts).ListAsync(new(1, outcome), 7, null, 100, default);
                await new DeliveryQueries(contexts).ListAsync(new(1, outcome), null, 7, 100, default);
            }
        },
        ["deliveries: one"] = contexts => new DeliveryQueries(contexts).FindAsync(1, default),
        ["deliveries: calls"] = contexts => new DeliveryQueries(contexts).CallsAsync(1, 100, default),
        ["deliveries: quarantined"] = contexts => new DeliveryQueries(contexts).QuarantinedAsync(1, 100, default),
        ["deliveries: copies"] = contexts => new DeliveryQueries(contexts).CopiesAsync(1, default),
        ["deliveries: health"] = contexts => new DeliveryQueries(contexts).HealthAsync(Now, default),
        ["deliveries: replay one"] = contexts => new Replay(contexts).OneAsync(1, default),
        ["deliveries: replay all"] = contexts => new Replay(contexts).AllAsync(DeliveryOutcome.Quarantined, default),
        ["inbox: due"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await InboxWorker.Pending(db, Now, big: false).ToListAsync();
            await InboxWorker.Pending(db, Now, big: true).ToListAsync();
        },
        ["ingestor: a delivery"] = contexts => IngestAsync(contexts),
        ["start: durability"] = contexts => SqlServerDurability.DemandAsync((SqlServerDashboardDb)contexts.CreateDbContext()),
        ["counters"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await db.DrawAsync(Counter.Calls, 3, default);
        },
        ["connections: reload"] = contexts => new ConnectionDirectory(contexts, NullLogger<ConnectionDirectory>.Instance).ReloadAsync(default),
        ["connections: administration"] = async contexts =>
        {
            var administration = new ConnectionAdministration(contexts, new ConnectionDirectory(contexts, NullLogger<ConnectionDirectory>.Instance), new TestClock());
            await administration.AddAsync("Name", "Asia/Jakarta", "ID", default);
            await administration.RetireAsync(1, default);
            await administration.AddTokenAsync(1, default);
        },
        ["live: feed status"] = async contexts =>
        {
            await new FeedStatus(contexts, new TestClock()).ReadAsync(1, default);
            await new FeedStatus(contexts, new TestClock()).ReadAsync(null, default);
        },
        ["live: landings"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await LandingFeed.After(db, 7).ToListAsync();
            await LandingFeed.CallsOf(db, 7).ToListAsync();
        },
        ["live: stream"] = async contexts =>
        {
            await new StreamQuery(contexts).ReadAsync(Connections, Day, null, 0, default);
            await new StreamQuery(contexts).ReadAsync(Connections, Day, Day, 7, default);
        },
        ["calls: list"] = async contexts =>
        {
            var calls = new CallQueries(contexts, Labels(contexts));
            foreach (var sort in Enum.GetValues<CallOrder>().SelectMany(order => new[] { new CallSort(order, true), new CallSort(order, false) }))
            {
                await calls.ListAsync(new(Filter, sort), default);
                await calls.ListAsync(new(Filter, sort, new CallCursor(sort, 5, 7, Back: false)), default);
                await calls.ListAsync(new(new CallFilter(), sort, new CallCursor(sort, 5, 7, Back: true), Reveal: true), default);
            }
        },
        ["calls: stream"] = async contexts =>
        {
            await foreach (var line in new CallQueries(contexts, Labels(contexts)).StreamAsync(new(Filter, CallSort.Newest), default))
                Assert.NotNull(line);
        },
        ["calls: count"] = contexts => new CallQueries(contexts, Labels(contexts)).CountAsync(Filter, default),
        ["calls: new ones"] = async contexts =>
        {
            await new CallQueries(contexts, Labels(contexts)).NewestIdAsync(default);
            await new CallQueries(contexts, Labels(contexts)).CountSinceAsync(Filter, 7, default);
        },
        ["calls: words"] = contexts => new CallQueries(contexts, Labels(contexts)).WordsAsync(default),
        ["calls: one"] = contexts => new CallReader(contexts, Labels(contexts)).FindAsync(1, reveal: true, default),
        ["calls: recording"] = contexts => new CallReader(contexts, Labels(contexts)).RecordingLinkAsync(1, default),
        ["tasks: one"] = contexts => new TaskDetailQuery(contexts, new TaskQuery(contexts, Labels(contexts), new TestClock()), new SummaryQuery(contexts, Labels(contexts))).FindAsync("task", Filter, default),
        ["metrics: comparison"] = contexts => new ComparisonQuery(contexts, new SummaryQuery(contexts, Labels(contexts)), new TestClock()).ReadAsync(Filter, Day, default),
        ["intentions: labels"] = async contexts => await new LabelTable(contexts, new TestClock()).ReadAsync(),
        ["tasks: running"] = contexts => new TaskQuery(contexts, new LabelTable(contexts, new TestClock()), new TestClock()).ReadAsync(new CallFilter { From = Day, To = Day }),
        ["metrics: summary"] = contexts => new SummaryQuery(contexts, new LabelTable(contexts, new TestClock())).ReadAsync(new CallFilter { From = Day, To = Day, Label = "A" }),
    };

    public static TheoryData<string> Names => [.. Queries.Keys];

    public static TheoryData<string> Filters => [.. AllFilters().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Query_AsSqlServerGetsIt_Parses(string name) => SqlServerRecorder.AssertParsesAsync(Queries[name]);

    [Theory]
    [MemberData(nameof(Filters))]
    public Task CallFilter_AsSqlServerGetsIt_Parses(string name) => SqlServerRecorder.AssertParsesAsync(async contexts =>
    {
        await using var db = await contexts.CreateDbContextAsync();
        var calls = AllFilters()[name].Apply(db, Connections);
        await calls.OrderByDescending(call => call.OccurredAt).Take(50).ToListAsync();
        await calls.CountAsync();
    });

    [Fact]
    public void RawSql_OfTheSqlServerStore_Parses()
    {
        var statements = typeof(SqlServerInboxStore).Assembly.GetTypes().Where(type => type.Namespace == typeof(SqlServerInboxStore).Namespace || type.Name == "OutcomeWriter")
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
            .Where(field => field.IsLiteral && field.FieldType == typeof(string))
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(text => text.Contains(' ', StringComparison.Ordinal) && (text.Contains('[', StringComparison.Ordinal) || text.Contains('"', StringComparison.Ordinal)))
            .ToList();

        Assert.True(statements.Count >= 7);
        Assert.All(statements, TSql.AssertParses);
    }

    [Fact]
    public void Parser_OfWhatIsNoTSql_Fails() => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => TSql.AssertParses("SELECT \"Id\" FROM [Calls] LIMIT 5"));

    private static LabelTable Labels(IDbContextFactory<DashboardDb> contexts) => new(contexts, new TestClock());

    /// <summary>Each property of the filter alone, and all of them together.</summary>
    private static Dictionary<string, CallFilter> AllFilters()
    {
        var all = new CallFilter
        {
            From = Day, To = Day, Connection = "one", Task = "task", Robot = "robot", Label = "A", Meaning = AiRudder.Dashboard.Intentions.Meaning.Promise, Result = "finished", RingType = "normal", HangupType = "ByCallee", Callee = "+62", MinDuration = 1,
            MaxDuration = 9, Connected = true, Transferred = true, HasRecording = true, Flag = CallFlags.NoCallId, Q = "50% off_",
        };
        var filters = new Dictionary<string, CallFilter> { ["none"] = new(), ["all"] = all, ["no label"] = new() { Label = CallFilter.NoLabel }, ["not transferred"] = new() { Transferred = false } };
        foreach (var property in typeof(CallFilter).GetProperties().Where(property => property.SetMethod is not null))
        {
            var one = new CallFilter();
            property.SetValue(one, property.GetValue(all));
            filters[property.Name] = one;
        }

        return filters;
    }

    /// <summary>Two elements, one with an id and one without, as a first and as a repeated delivery.</summary>
    private static async Task IngestAsync(IDbContextFactory<DashboardDb> contexts)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var delivery = new Delivery { Id = 1, ConnectionId = 1, UrlKind = "", Sha256 = new byte[32], Source = "", Headers = "{}", ReceivedAt = Now, ProcessedAt = Now };
        var arrival = new AiRudder.Dashboard.Calls.Arrival(delivery, Connections[0], new CallEnvelope { TaskId = "task" }, []);
        var ingestor = new CallIngestor(db, new NoBulk(), [arrival]);
        await ingestor.BeginAsync(default);
        var drafts = new[] { """{"call_id":"a"}""", """{"callee":"+62"}""" }.Select((json, index) => CallDraft.Read(new BodyElement(index, 0, System.Text.Encoding.UTF8.GetBytes(json)))).Select(draft => (arrival, draft)).ToList();
        await ingestor.AddAsync(drafts, default);
        await ingestor.CompleteAsync(Now, default);
    }

    private sealed class NoBulk : IBulkInsert
    {
        public Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
            where TRow : class => Task.CompletedTask;
    }
}
