using System.Reflection;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.SqlServer;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Novelties;
using AiRudder.Dashboard.Webhooks.Watch;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

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
                await new DeliveryQueries(contexts, new NoStore()).ListAsync(new(null, outcome), null, null, 100, default);
                await new DeliveryQueries(contexts, new NoStore()).ListAsync(new(1, outcome), 7, null, 100, default);
                await new DeliveryQueries(contexts, new NoStore()).ListAsync(new(1, outcome), null, 7, 100, default);
            }
        },
        ["deliveries: one"] = contexts => new DeliveryQueries(contexts, new NoStore()).FindAsync(1, default),
        ["deliveries: calls"] = contexts => new DeliveryQueries(contexts, new NoStore()).CallsAsync(1, 100, default),
        ["deliveries: quarantined"] = contexts => new DeliveryQueries(contexts, new NoStore()).QuarantinedAsync(1, 100, default),
        ["deliveries: copies"] = contexts => new DeliveryQueries(contexts, new NoStore()).CopiesAsync(1, default),
        ["deliveries: by reason"] = contexts => new DeliveryQueries(contexts, new NoStore()).ListAsync(new(1, DeliveryOutcome.Quarantined, "# of # calls [could] not be read."), null, null, 100, default),
        ["feed: pulse"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await FeedPulse.ReadAsync(db, 1, Now, new ArrivalSlots(), default);
            await FeedPulse.ReadAsync(db, null, Now, new ArrivalSlots(), default);
        },
        ["feed: picture"] = async contexts =>
        {
            foreach (int? connection in new int?[] { null, 1 })
            {
                await using var db = await contexts.CreateDbContextAsync();
                await FeedPicture.ReadAsync(db, Gaps(contexts), Novelties(contexts), connection, Now, default);
            }
        },
        ["gaps"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await GapQueries.Running(db, Now, null).ToListAsync();
            await GapQueries.Running(db, Now, 1).ToListAsync();
            await Gaps(contexts).FindAsync(1, default);
            await Gaps(contexts).SpansAsync(Now, default);
            await Gaps(contexts).SettleAsync(1, GapState.Filled, "somebody", "note", default);
        },
        ["alerts"] = async contexts =>
        {
            var gate = new WriteGate(Options.Create(new StorageOptions { Provider = StorageProvider.SqlServer }));
            var alerts = new AlertQueries(contexts, gate, new TestClock());
            await alerts.ListAsync(false, null, 10, default);
            await alerts.CallsAsync(1, 10, default);
            await alerts.SendingsAsync(1, 10, default);
            await alerts.CountAsync(default);
            await alerts.AcknowledgeAsync(1, "somebody", "note", default);
        },
        ["alerts: claim"] = contexts => new AlertClaim(contexts, new WriteGate(Options.Create(new StorageOptions { Provider = StorageProvider.SqlServer })), new TestClock()).TakeAsync(default),
        ["gaps: beat"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await ReceivingLog.NewestOfEachNode(db).Select(row => new { row.Node, row.Until }).ToListAsync();
            await db.ReceivingSpans.Where(row => row.Id == 1).ExecuteUpdateAsync(row => row.SetProperty(it => it.Until, Now).SetProperty(it => it.Facts, "{}"));
        },
        ["novelties"] = async contexts =>
        {
            await Novelties(contexts).ListAsync(1, default);
            await Novelties(contexts).ExpectAsync([1, 2], "somebody", default);
            var watch = new SchemaWatch(NullLogger<SchemaWatch>.Instance);
            var sighting = watch.Begin(new Delivery { Id = 1, ConnectionId = 1, UrlKind = "", Sha256 = new byte[32], Source = "", Headers = "{}", ReceivedAt = Now });
            sighting.Element("""{"new":1}"""u8);
            watch.Learn(sighting);
            await new NoveltyWriter(watch, contexts, Gate(), new TestClock(), NullLogger<NoveltyWriter>.Instance).FlushAsync(default);
        },
        ["deliveries: replay one"] = contexts => new Replay(contexts).OneAsync(1, default),
        ["deliveries: replay many"] = async contexts =>
        {
            await new GroupReplay(contexts, Gate()).ReplayAsync(1, "# of #", null, default);
            await new GroupReplay(contexts, Gate()).ReplayAsync(null, null, null, default);
        },
        ["inbox: due"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await InboxWorker.Pending(db, Now, big: false, [1]).ToListAsync();
            await InboxWorker.Pending(db, Now, big: true, []).ToListAsync();
        },
        ["ingestor: a delivery"] = contexts => IngestAsync(contexts),
        ["start: durability"] = contexts => SqlServerDurability.DemandAsync((SqlServerDashboardDb)contexts.CreateDbContext()),
        ["doctor: large bodies"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await Doctor.LargeBodies(db, 5_000).ToListAsync();
            await Doctor.EarliestAsync(db, default);
        },
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
            await LandingFeed.CallsOf(db, [7, 8]).ToListAsync();
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
        ["calls: found by words"] = async contexts =>
        {
            var calls = new CallQueries(contexts, Labels(contexts));
            await calls.ListAsync(new(new CallFilter { Q = "50% off_'[" }, CallSort.Newest, Snippets: true), default);
            await calls.ListAsync(new(Filter with { Q = "bayar", Connected = true }, new CallSort(CallOrder.Duration, false), Snippets: true), default);
            await calls.CountSinceAsync(new CallFilter { Q = "bayar" }, 7, default);
            await calls.OfAsync([1, 2], reveal: false, default);
        },
        ["calls: walked"] = async contexts =>
        {
            foreach (var sort in Enum.GetValues<CallOrder>().Select(order => new CallSort(order, true)))
            {
                await using var db = await contexts.CreateDbContextAsync();
                await db.Calls.EndOfAsync(sort, back: false, new CallCursor(sort, 5, 7, Back: false), 2_000, default);
                var calls = db.Calls.Beyond(new CallCursor(sort, 5, 7, Back: true)).UpTo(new CallCursor(sort, 9, 7, Back: true));
                await calls.IgnoreQueryFilters().Select(call => call.Id).MaxAsync();
            }
        },
        ["calls: index of what was said"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await TranscriptIndex.PositionAsync(db, default);
            await TranscriptIndex.After(db, 7).Take(10).ToListAsync();
            await TranscriptIndex.CallsOf(db, [1, 2], 7).Take(10).ToListAsync();
            await CallSnippets.Texts(db, [1, 2]).ToListAsync();
        },
        ["calls: views"] = async contexts =>
        {
            var views = new SavedViews(contexts, Gate(), new TestClock());
            var person = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.NameIdentifier, "me")], "test"));
            await views.ListAsync(person, default);
            await views.ChoiceAsync(person, default);
        },
        ["exports: worker"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await ExportDesk.Of(db, "me").Take(10).ToListAsync();
            await db.ExportJobs.Where(row => row.State == ExportState.Waiting).OrderBy(row => row.Id).FirstOrDefaultAsync();
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
        ["recordings: follow"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await RecordingFollower.PositionAsync(db, default);
            await RecordingFollower.After(db, 7).Take(5).ToListAsync();
            await RecordingFollower.CallsOf(db, [1, 2], 7).Take(5).ToListAsync();
            await RecordingFollower.Linked(db, [1, 2]).ToListAsync();
        },
        ["recordings: due"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await RecordingQueue.Due(db, Now, ["busy.example"], newest: true).Take(4).ToListAsync();
            await RecordingQueue.Due(db, Now, [], newest: false).Take(4).ToListAsync();
        },
        ["recordings: settle"] = async contexts =>
        {
            var options = Microsoft.Extensions.Options.Options.Create(new RecordingOptions());
            var storage = Microsoft.Extensions.Options.Options.Create(new StorageOptions());
            var queue = new RecordingQueue(contexts, new WriteGate(Microsoft.Extensions.Options.Options.Create(new StorageOptions { Provider = StorageProvider.SqlServer })), new RecordingShelf(storage, Recordings.RecordingBench.Protection, new TestClock()), options, storage, new TestClock());
            var row = new Recording { CallId = 1, Host = "", LinkHash = new byte[32], File = "a", Attempts = 1 };
            await queue.ClaimAsync([], newest: true, default);
            await queue.BeginAsync(row, "tag", default);
            await queue.RekeyAsync(row, default);
            await queue.KeepAsync(row, 1, new byte[32], "audio/wav", default);
            await queue.FailAsync(row, RecordingFailure.Gone, default);
            await queue.FailAsync(row, RecordingFailure.Late, default);
            await queue.PostponeAsync(row, ownTrouble: true, default);
            await queue.LinkAsync(row, default);
            await queue.TakeUpAsync(default);
        },
        ["recordings: care"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await RecordingRetention.Over(db, Now).Take(5).ToListAsync();
            await RecordingRetention.Named(db, ["a", "b"]).ToListAsync();
            await WaveformStore.Undrawn(db).FirstOrDefaultAsync();
        },
        ["recordings: panel"] = async contexts =>
        {
            var queries = new RecordingQueries(contexts, new TestClock());
            foreach (int? connection in new int?[] { null, 1 })
            {
                await queries.HostsAsync(connection, default);
                await queries.AgesAsync(connection, default);
                await queries.LostAsync(connection, 10, default);
                await queries.RetryAsync(null, connection, default);
                await queries.RetryAsync(7, connection, default);
            }
        },
        ["recordings: desk"] = async contexts =>
        {
            var desk = new ListeningDesk(contexts, Microsoft.Extensions.Options.Options.Create(new RecordingOptions()));
            await using var db = await contexts.CreateDbContextAsync();
            await ListeningDesk.NudgeOf(db, 1).SingleOrDefaultAsync();
            await desk.NudgeAsync(1, 0.4, default);
            await desk.ReadAsync(1, default);
        },
        ["accounts: preferences"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await AiRudder.Dashboard.Accounts.PersonPreferences.Of(db, "somebody", "player.").ToListAsync();
        },
        ["tasks: one"] = contexts => new TaskDetailQuery(contexts, new TaskQuery(contexts, Labels(contexts), new TestClock()), new SummaryQuery(contexts, Labels(contexts))).FindAsync("task", Filter, default),
        ["tasks: numbers"] = contexts => new TaskNumbersQuery(contexts).ReadAsync(Filter, 3, default),
        ["tasks: compared"] = contexts => new TaskComparison(contexts, Labels(contexts)).ReadAsync(Filter, Filter with { Task = null, Robot = "r" }, default),
        ["tasks: size of the list"] = contexts => new ListSizes(contexts, new TestClock()).SetAsync("one", "task", 5, "entered", "somebody", default),
        ["metrics: comparison"] = contexts => new ComparisonQuery(contexts, new SummaryQuery(contexts, Labels(contexts)), new TestClock()).ReadAsync(Filter, Day, default),
        ["intentions: labels"] = async contexts => await new LabelTable(contexts, new TestClock()).ReadAsync(),
        ["tasks: running"] = contexts => new TaskQuery(contexts, new LabelTable(contexts, new TestClock()), new TestClock()).ReadAsync(new CallFilter { From = Day, To = Day }),
        ["rollups: counted anew"] = async contexts =>
        {
            using var gate = new WriteGate(Microsoft.Extensions.Options.Options.Create(new StorageOptions { Provider = StorageProvider.SqlServer }));
            var recomputation = new Recomputation(contexts, new NoBulk(), gate);
            await recomputation.DueAsync(default);
            await recomputation.MarkAsync(1, default);
            await recomputation.StepAsync(1, default);
        },
        ["rollups: a hidden delivery is shown"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await RollupDeltas.ShowAsync(db, new NoBulk(), 1, default);
        },
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
    public void AddUp_OfEveryRollup_Parses()
    {
        using var db = new SqlServerRecorder().CreateDbContext();
        var tables = db.Model.GetEntityTypes().Where(type => type.ClrType.Namespace == typeof(RollupSum).Namespace && type.ClrType != typeof(RollupTerm) && type.ClrType != typeof(RollupState)).ToList();

        Assert.Equal(6, tables.Count);
        Assert.All(tables, type => TSql.AssertParses(SqlServerBulkWrite.AddUp(BulkTable.Of(type))));
    }

    [Fact]
    public void Parser_OfWhatIsNoTSql_Fails() => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => TSql.AssertParses("SELECT \"Id\" FROM [Calls] LIMIT 5"));

    private static WriteGate Gate() => new(Options.Create(new StorageOptions { Provider = StorageProvider.SqlServer }));

    private static GapQueries Gaps(IDbContextFactory<DashboardDb> contexts) => new(contexts, Gate(), new TestClock());

    private static NoveltyQueries Novelties(IDbContextFactory<DashboardDb> contexts) => new(contexts, Gate(), new TestClock());

    private static LabelTable Labels(IDbContextFactory<DashboardDb> contexts) => new(contexts, new TestClock());

    /// <summary>Each property of the filter alone, and all of them together.</summary>
    private static Dictionary<string, CallFilter> AllFilters()
    {
        var all = new CallFilter
        {
            From = Day, To = Day, Connection = "one", Task = "task", Robot = "robot", Label = "A", Meaning = AiRudder.Dashboard.Intentions.Meaning.Promise, Result = "finished", RingType = "normal", HangupType = "ByCallee", Callee = "+62", MinDuration = 1,
            MaxDuration = 9, Connected = true, Transferred = true, TransferTaken = true, Delivery = 7, HasRecording = true, Reviewed = true, Flag = CallFlags.NoCallId, Q = "50% off_", Weekday = DayOfWeek.Friday, Hour = 9, Attempts = 2, MinAttempts = 1, HangupBy = "ByAgent", Question = "Q1", QuestionStatus = "Completed", Answered = "Answered",
            Verification = "Consistent", NotAsked = "Q2", LastAnswered = "Q3", LastSaid = "00112233445566778899aabbccddeeff",
        };
        var filters = new Dictionary<string, CallFilter> { ["none"] = new(), ["all"] = all, ["no label"] = new() { Label = CallFilter.NoLabel }, ["not transferred"] = new() { Transferred = false }, ["not taken"] = new() { TransferTaken = false }, ["not reviewed"] = new() { Reviewed = false }, ["no words"] = new() { HangupType = CallFilter.NoWord, HangupBy = CallFilter.NoWord, RingType = CallFilter.NoWord, Question = CallFilter.NoWord, Answered = CallFilter.NoWord, NotAsked = CallFilter.NoWord, LastAnswered = CallFilter.NoWord } };
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
        await ingestor.SettleAsync(default);
        await ingestor.AnnounceAsync(Now, default);
    }

    private sealed class NoBulk : IBulkWrite
    {
        public Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
            where TRow : class => Task.CompletedTask;

        public Task UpdateAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
            where TRow : class => Task.CompletedTask;

        public Task AddUpAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
            where TRow : class => Task.CompletedTask;
    }
}
