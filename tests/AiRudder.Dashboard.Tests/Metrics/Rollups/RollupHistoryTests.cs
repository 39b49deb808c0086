using System.Text;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Metrics.Rollups;

/// <summary>
/// Whatever arrives, in whatever order, however often, and whatever becomes of it: every figure from the rollups is what a plain
/// recomputation from the calls that are stored in the end says.
/// </summary>
public sealed class RollupHistoryTests
{
    private static readonly Meaning[] Meanings = [Meaning.RightParty, Meaning.Promise, Meaning.Refusal];

    /// <summary>Zones with half and quarter hours, clocks that skip midnight, and clocks that change by half an hour.</summary>
    public static TheoryData<string, string, int> Zones => new()
    {
        { "Asia/Jakarta", "2026-03-14 23:50", 1 },
        { "Asia/Kolkata", "2026-03-15 00:10", 2 },
        { "Asia/Kathmandu", "2026-03-14 23:40", 3 },
        { "America/Sao_Paulo", "2018-11-04 00:30", 4 },
        { "Europe/Berlin", "2026-10-25 02:30", 5 },
        { "Australia/Lord_Howe", "2026-04-05 01:45", 6 },
        { "America/Santiago", "2026-04-04 23:30", 7 },
    };

    [Theory]
    [MemberData(nameof(Zones))]
    public async Task Figures_AfterAnyHistory_AreThoseOfAPlainRecomputation(string zone, string local, int seed)
    {
        using var road = new CallRoad(timeZone: zone);
        var random = new Random(seed);
        var around = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture);
        var bodies = new RandomBodies(random, [around, around.AddDays(-1), around.AddDays(3)]);
        road.Clock.Now = new DateTimeOffset(around.AddDays(2), TimeSpan.Zero);
        await MeanAsync(road, random, DateOnly.FromDateTime(around));
        for (var history = 0; history < 30; history++)
        {
            await LiveAsync(road, random, bodies);
            await CompareAsync(road, Filter(random, DateOnly.FromDateTime(around)));
        }

        await CompareAsync(road, new CallFilter());

        // Counted anew from the calls they are the same, in another zone too.
        await using (var db = road.Db())
        {
            await db.Connections.ExecuteUpdateAsync(row => row.SetProperty(it => it.TimeZone, "Asia/Tokyo"));
        }

        road.Connection.TimeZone = "Asia/Tokyo";
        Assert.Equal(1, await road.Services.GetRequiredService<Recomputation>().RunAsync(null, default));
        await CompareAsync(road, new CallFilter());
        await CompareAsync(road, Filter(random, DateOnly.FromDateTime(around)));
    }

    [Fact]
    public async Task Recomputation_WhileDeliveriesLand_CountsEachCallOnce()
    {
        using var road = new CallRoad();
        var random = new Random(11);
        var bodies = new RandomBodies(random, [new(2026, 3, 14, 23, 0, 0)]);
        for (var i = 0; i < 10; i++)
            await LiveAsync(road, random, bodies);

        var recomputation = road.Services.GetRequiredService<Recomputation>();
        await recomputation.MarkAsync(null, default);
        do
        {
            await LiveAsync(road, random, bodies);
            await using var db = road.Db();
            Assert.NotNull(await RollupScope.UnreadyAsync(db, [road.Connection], default));
        }
        while (await recomputation.StepAsync(road.Connection.Id, default) is { Share: < 1 });

        await CompareAsync(road, new CallFilter());
        await LiveAsync(road, random, bodies);
        await CompareAsync(road, new CallFilter());
    }

    [Fact]
    public async Task Recomputation_DialStoredWithAStartThatCannotBe_CountsItWithItsCall()
    {
        using var road = new CallRoad();
        await road.ReceiveAsync("""{"task_id":"t1","details":[{"call_id":"a","callee":"+1","call_start_time":"2026-03-14 10:00:00","redail_call":[{"call_id":"r","call_start_time":"2026-03-14 09:00:00"}]}]}""");
        await using (var db = road.Db())
        {
            var wrong = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
            await db.Attempts.Where(row => !row.Final).ExecuteUpdateAsync(row => row.SetProperty(it => it.StartedAt, wrong));
            await db.Set<RollupState>().ExecuteUpdateAsync(row => row.SetProperty(it => it.Version, 2));
        }

        await road.Services.GetRequiredService<Recomputation>().RunAsync(null, default);

        await CompareAsync(road, new CallFilter { From = new(2026, 3, 14), To = new(2026, 3, 14) });
        await using var after = road.Db();
        Assert.Equal(2, await after.Set<RollupSum>().Where(row => row.Grain == RollupGrain.ConnectionDay && row.Slot == new DateOnly(2026, 3, 14).DayNumber).SumAsync(row => row.Attempts));
    }

    [Fact]
    public async Task Upgrade_OfAStoreWithoutTotals_AddsThemUpFromWhatIsCounted()
    {
        using var road = new CallRoad();
        var random = new Random(12);
        var bodies = new RandomBodies(random, [new(2026, 3, 14, 23, 0, 0)]);
        for (var i = 0; i < 10; i++)
            await LiveAsync(road, random, bodies);

        await using (var db = road.Db())
        {
            var migrator = db.GetService<IMigrator>();
            await migrator.MigrateAsync("ExportLanguages");
            Assert.False(await db.Set<RollupSum>().AnyAsync(row => row.LabelId == 0));
            await migrator.MigrateAsync();
        }

        await CompareAsync(road, new CallFilter());
        await LiveAsync(road, random, bodies);
        await CompareAsync(road, new CallFilter());
    }

    /// <summary>Some bodies, copies, any order, replays, and a body that is read differently than before.</summary>
    private static async Task LiveAsync(CallRoad road, Random random, RandomBodies bodies)
    {
        var ids = new List<long>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var body = bodies.Next().ToJsonString();
            ids.Add((await road.StoreAsync(body)).Id);
            if (random.Next(4) == 0)
                await road.StoreAsync(body);
        }

        var order = ids.OrderBy(_ => random.Next()).ToArray();
        await road.ProcessAsync(random.Next(3) == 0 ? [] : order);
        if (random.Next(2) == 0)
        {
            await using var db = road.Db();
            var again = await db.Deliveries.OrderBy(row => row.Id).Select(row => row.Id).Skip(random.Next(await db.Deliveries.CountAsync())).FirstAsync();
            if (random.Next(2) == 0)
            {
                var other = Encoding.UTF8.GetBytes(bodies.Next().ToJsonString());
                await db.DeliveryBodies.Where(row => row.DeliveryId == again).ExecuteUpdateAsync(row => row.SetProperty(it => it.Content, other).SetProperty(it => it.Encoding, BodyEncoding.AsReceived));
            }

            await new Replay(road.Contexts).OneAsync(again, default);
            await road.ProcessAsync(again);
        }
    }

    private static async Task CompareAsync(CallRoad road, CallFilter filter)
    {
        using var labels = new LabelTable(road.Contexts, road.Clock);
        var summaries = new SummaryQuery(road.Contexts, labels);
        var tasks = new TaskQuery(road.Contexts, labels, road.Clock);
        Assert.Equal(await CallersAsync(road, stored: false), await CallersAsync(road, stored: true));
        var plain = await PlainFigures.ReadAsync(road.Contexts, road.Connection);
        var plan = filter is { From: { } from, To: { } to } ? SlotPlan.Of(from, to) : SlotPlan.Whole;
        var summary = await summaries.ReadAsync(filter, plan);
        if (filter is not { Robot: null, Label: null, Meaning: null, Task: null })
            summary = summary with { Figures = new Dictionary<string, Figure>(summary.Figures) { [Figures.Deliveries] = Figure.Unknown } };

        Assert.Equal(Deliveries(filter, plain.Summary(filter, plan)), PlainFigures.Text(summary));
        Assert.Equal(plain.TaskList(filter), PlainFigures.Text((await tasks.ReadAsync(filter)).Where(row => row.Sums.Calls > 0)));
        await CompareUntilAsync(summaries, plain, filter, plan);
        foreach (var task in plain.Tasks.Where(task => filter == new CallFilter() || filter.Task == task.VendorTaskId))
        {
            var one = new CallFilter { From = filter.From, To = filter.To, Task = task.VendorTaskId };
            var detail = await new TaskDetailQuery(road.Contexts, tasks, summaries).FindAsync(task.VendorTaskId, one, default);
            Assert.Equal(plain.Detail(one), PlainFigures.Text(detail!));

            if (filter == new CallFilter())
                await FiguresLists.AssertAsync(road, detail!, one);

            // Counted call by call they are the same.
            await using var db = road.Db();
            var scanned = await TaskScript.ScanAsync(db, one, [road.Connection], default);
            Assert.Equal(PlainFigures.Text(detail!.Script).Order(StringComparer.Ordinal), PlainFigures.Text(scanned).Order(StringComparer.Ordinal));
        }
    }

    /// <summary>Up to an instant in the middle of what was heard, in the middle of a quarter or at its edge.</summary>
    private static async Task CompareUntilAsync(SummaryQuery summaries, PlainFigures plain, CallFilter filter, SlotPlan plan)
    {
        foreach (var until in plain.Edges())
        {
            plain.Until = until;
            var summary = await summaries.ReadAsync(filter, plan, until);
            summary = summary with { Figures = new Dictionary<string, Figure>(summary.Figures) { [Figures.Deliveries] = Figure.Unknown } };
            Assert.Equal(NoDeliveries(plain.Summary(filter, plan)), PlainFigures.Text(summary));
        }

        plain.Until = null;
    }

    /// <summary>Dials and talks of our numbers, as the rollups have them or as the calls say.</summary>
    private static async Task<string> CallersAsync(CallRoad road, bool stored)
    {
        await using var db = road.Db();
        var lines = new List<string>();
        if (stored)
        {
            var words = await db.Set<RollupTerm>().Where(term => term.Kind == TermKind.Word).ToDictionaryAsync(term => term.Id, term => term.First);
            foreach (var row in await db.Set<RollupFacet>().Where(row => (row.Kind == FacetKind.Caller || row.Kind == FacetKind.CallerTalk || row.Kind == FacetKind.CallerCall) && (row.N != 0 || row.M != 0)).ToListAsync())
                lines.Add($"{row.Kind} {row.CallTaskId} {row.Day} {words.GetValueOrDefault(row.A)} {row.B}: {row.N} {row.M}");
        }
        else
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(road.Connection.TimeZone);
            var calls = await db.Calls.AsNoTracking().ToDictionaryAsync(call => call.Id);
            var dials = (await db.Attempts.AsNoTracking().ToListAsync()).Where(row => !row.Repeated).Select(row => (Attempt: row, Call: calls[row.CallId], At: Quarter(row.StartedAt ?? calls[row.CallId].OccurredAt)));
            foreach (var group in dials.GroupBy(it => (it.Call.CallTaskId, Day(it.At), CallerNumber: it.Attempt.CallerNumber ?? (it.Attempt.Final ? it.Call.CallerNumber : null), it.At.Hour)))
                lines.Add($"{FacetKind.Caller} {group.Key.CallTaskId} {group.Key.Item2} {group.Key.CallerNumber} {group.Key.Hour}: {group.Count()} {group.Count(it => it.Attempt.Connected)}");

            foreach (var group in calls.Values.Where(call => call.Connected && call.DurationSeconds is not null).GroupBy(call => (call.CallTaskId, Day(Quarter(call.OccurredAt)), call.CallerNumber)))
                lines.Add($"{FacetKind.CallerTalk} {group.Key.CallTaskId} {group.Key.Item2} {group.Key.CallerNumber} 0: {group.Count()} {group.Count(call => call.DurationSeconds <= 6)}");

            foreach (var group in calls.Values.GroupBy(call => (call.CallTaskId, Day(Quarter(call.OccurredAt)), call.CallerNumber)))
                lines.Add($"{FacetKind.CallerCall} {group.Key.CallTaskId} {group.Key.Item2} {group.Key.CallerNumber} 0: {group.Count()} {group.Count(call => call.Connected)}");

            // The hour in which the quarter of an hour begins: clocks may change by half an hour within one.
            DateTimeOffset Quarter(DateTimeOffset at) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() - (((at.ToUnixTimeSeconds() % 900) + 900) % 900)), zone);

            static int Day(DateTimeOffset local) => DateOnly.FromDateTime(local.DateTime).DayNumber;
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>Deliveries are only counted for days and connections; the plain ones know no tasks.</summary>
    private static string Deliveries(CallFilter filter, string text) =>
        filter is { Robot: null, Label: null, Meaning: null, Task: null } ? text : NoDeliveries(text);

    private static string NoDeliveries(string text) => string.Join('\n', text.Split('\n').Select(line => line.StartsWith("deliveries: ", StringComparison.Ordinal) ? "deliveries: /" : line));

    private static CallFilter Filter(Random random, DateOnly around)
    {
        var from = around.AddDays(random.Next(-4, 4));
        return new CallFilter
        {
            From = random.Next(6) == 0 ? null : from,
            To = random.Next(6) == 0 ? null : from.AddDays(random.Next(3) == 0 ? 0 : random.Next(9)),
            Task = random.Next(3) == 0 ? "t" + random.Next(4) : null,
            Robot = random.Next(6) == 0 ? "r1" : null,
            Label = random.Next(6) == 0 ? "A" : random.Next(12) == 0 ? CallFilter.NoLabel : null,
            Meaning = random.Next(6) == 0 ? Meanings[random.Next(Meanings.Length)] : null,
        };
    }

    private static async Task MeanAsync(CallRoad road, Random random, DateOnly changed)
    {
        await using var db = road.Db();
        foreach (var (robot, label, meaning) in new[] { ((string?)null, "A", Meaning.RightParty | Meaning.Promise), ("r1", "B", Meaning.RightParty | Meaning.Promise), (null, "B", Meaning.Refusal), (null, "C", random.Next(2) == 0 ? Meaning.None : Meaning.RightParty) })
            db.Add(new LabelMeaning { ConnectionId = road.Connection.Id, RobotHash = robot, Label = label, Words = label, Meanings = meaning, ValidFrom = DateTimeOffset.UnixEpoch });

        // From a day on some labels mean something else.
        var from = new LocalDays(road.Connection.TimeZone).StartOf(changed);
        foreach (var (robot, label, meaning) in new[] { ((string?)null, "A", Meaning.Refusal), ("r1", "A", Meaning.RightParty), (null, "C", Meaning.Promise | Meaning.RightParty) })
            db.Add(new LabelMeaning { ConnectionId = road.Connection.Id, RobotHash = robot, Label = label, Words = label, Meanings = meaning, ValidFrom = from });

        await db.SaveChangesAsync();
    }
}
