using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Uploads;
using AiRudder.Dashboard.Webhooks.Watch;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Webhooks.Watch;

/// <summary>What the feed says of itself.</summary>
[Trait("Requirement", "L10")]
public sealed class FeedWatchTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Repeats_FiftyToSeventySecondsAfterTheOneBefore_AreRetries()
    {
        (long, DateTimeOffset, DateTimeOffset) Copy(long delivery, int seconds) => (delivery, Now, Now.AddSeconds(seconds));

        var repeats = Repeats.Of(10, Now, [Copy(1, 60), Copy(1, 121), Copy(1, 125), Copy(2, 49), Copy(3, 71), Copy(4, 70)]);

        Assert.Equal((10, 6, 3), (repeats.Deliveries, repeats.Copies, repeats.Retries));
    }

    [Fact]
    public void Repeats_BeforeTheTime_OnlySayWhatCameBefore()
    {
        var repeats = Repeats.Of(0, Now, [(1, Now.AddSeconds(-300), Now.AddSeconds(-30)), (1, Now.AddSeconds(-300), Now.AddSeconds(30))]);

        Assert.Equal((1, 1), (repeats.Copies, repeats.Retries));
    }

    [Theory]
    [InlineData(7 * 3600, 7 * 3600)]
    [InlineData(-5400, -5400)]
    [InlineData(4, 0)]
    [InlineData(1800, 0)]
    [InlineData(4300, 0)]
    public void Lag_SteadyOverWholeHours_IsAWrongZone(int seconds, int offset)
    {
        var lag = Lag.Of([.. Enumerable.Range(0, 40).Select(number => (1, true, TimeSpan.FromSeconds(seconds + (number % 5))))]);

        Assert.Equal(offset == 0 ? [] : [(1, TimeSpan.FromSeconds(offset))], lag.WrongZone.Select(it => (it.Key, it.Value)));
    }

    [Fact]
    public void Lag_OfFewOrScatteredOrUnansweredCalls_SaysNothingOfTheZone()
    {
        Assert.Empty(Lag.Of([.. Enumerable.Range(0, 5).Select(_ => (1, true, TimeSpan.FromHours(7)))]).WrongZone);
        Assert.Empty(Lag.Of([.. Enumerable.Range(0, 40).Select(number => (1, true, TimeSpan.FromHours(number)))]).WrongZone);
        var batched = Lag.Of([.. Enumerable.Range(1, 100).Select(number => (1, false, TimeSpan.FromHours(number)))]);
        Assert.Empty(batched.WrongZone);
        Assert.Null(batched.Connected);
        Assert.Equal(new Spread(100, TimeSpan.FromHours(50), TimeSpan.FromHours(95), TimeSpan.FromHours(100)), batched.Batched);
    }

    [Theory]
    [InlineData("3 of 5,000 calls could not be read.", "# of # calls could not be read.")]
    [InlineData("The body is empty.", "The body is empty.")]
    [InlineData("17", "#")]
    [InlineData("", "")]
    public void QuarantineReason_Numbers_AreOneReason(string reason, string words) => Assert.Equal(words, QuarantineReason.WordsOf(reason));

    [Theory, OnSqlite, OnSqlServer]
    [Trait("Requirement", "D7")]
    public async Task D7_Quarantine_IsGroupedByReason_AndReplayedByGroup(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        foreach (var number in Enumerable.Range(1, 3))
            await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"c{{number}}"},{{string.Join(',', Enumerable.Range(0, number))}}]}""");

        await road.ReceiveAsync("""{"task_id":"t","details":"none"}""");
        await road.ReceiveAsync("null");
        var good = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"good"}]}""");
        await using var db = road.Db();
        var groups = await QuarantineReason.GroupsAsync(db, null, default);
        Assert.Equal([("# of # calls could not be read.", 3), ("A call body needs a details array, and this one has none.", 1), ("The body is null.", 1)], groups.OrderByDescending(group => group.Count).ThenBy(group => group.Words).Select(group => (group.Words, group.Count)));
        Assert.Empty(await QuarantineReason.GroupsAsync(db, road.Connection.Id + 1, default));
        Assert.Equal(3, (await new DeliveryQueries(road.Contexts, new NoStore()).ListAsync(new(null, DeliveryOutcome.Quarantined, groups[0].Words), null, null, 50, default)).Count);

        var replay = new GroupReplay(road.Contexts, road.Services.GetRequiredService<WriteGate>());
        var told = 0;
        Assert.Equal(3, await replay.ReplayAsync(road.Connection.Id, groups[0].Words, done => Task.FromResult(told = done), default));
        Assert.Equal(3, told);
        Assert.Equal(0, await replay.ReplayAsync(null, groups[0].Words, null, default));
        Assert.Equal(3, await db.Deliveries.CountAsync(row => row.Outcome == DeliveryOutcome.Pending));
        Assert.Equal(2, await replay.ReplayAsync(null, null, null, default));

        await road.ProcessAsync();
        Assert.Equal(groups.Select(group => (group.Words, group.Count)).Order(), (await QuarantineReason.GroupsAsync(db, null, default)).Select(group => (group.Words, group.Count)).Order());
        Assert.Equal(good.ProcessedAt, (await road.DeliveryAsync(good.Id)).ProcessedAt);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task L10_Pulse_CountsWhatIsThere(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await road.ReceiveAsync("""{"task_id":"t","status":"calling","details":[{"call_id":"a"}]}""");
        var last = await road.ReceiveAsync("null");
        await road.StoreAsync("""{"task_id":"t","details":[{"call_id":"b"}]}""");
        await road.StoreAsync("""{"task_id":"t","details":[{"call_id":"c"}]}""");
        await using var db = road.Db();
        await db.Deliveries.Where(row => row.Id > last.Id).ExecuteUpdateAsync(row => row.SetProperty(it => it.Source, FileUpload.Source));
        var now = road.Clock.Now.AddSeconds(30);

        var pulse = await FeedPulse.ReadAsync(db, road.Connection.Id, now, new ArrivalSlots(), default);

        Assert.Equal((last.ReceivedAt, 4, 4, 2, 1, 1, 1), (pulse.LastAt, pulse.LastMinute, pulse.LastHour, pulse.Pending, pulse.Quarantined, pulse.QuarantinedLastHour, pulse.RunningTasks));
        Assert.Equal(last.ReceivedAt.AddSeconds(1), pulse.OldestPendingAt);
        Assert.Equal((ArrivalSlots.Count, 4), (pulse.Slots.Count, pulse.Slots.Sum(slot => slot.Deliveries)));
        var nobody = await FeedPulse.ReadAsync(db, road.Connection.Id + 1, now, new ArrivalSlots(), default);
        Assert.Equal((null, 0, 0, 0), (nobody.LastAt, nobody.LastMinute, nobody.Pending, nobody.Quarantined));
    }

    /// <summary>With millions of deliveries none of the page's reads may look through a connection's history.</summary>
    [Fact]
    public async Task L10_Reads_OfOneConnection_AreFoundByAnIndex()
    {
        using var road = new CallRoad();
        await using var db = road.Db();
        var hourAgo = road.Clock.Now.AddHours(-1);
        var id = road.Connection.Id;
        string[] plans =
        [
            await db.Deliveries.Of(id).Where(row => row.ReceivedAt > hourAgo).Select(row => row.Id).PlanAsync(db),
            await db.Deliveries.Of(id).OrderByDescending(row => row.ReceivedAt).Select(row => row.Source).Take(1).PlanAsync(db),
            await db.Deliveries.Where(row => row.Outcome == DeliveryOutcome.Quarantined || row.QuarantinedCalls > 0).Among(id).Select(row => row.Id).PlanAsync(db),
            await QuarantineReason.Bad(db, id).OrderByDescending(row => row.Id).Select(row => row.Reason).Take(5).PlanAsync(db),
            await DeliveryQueries.Rows(db, new DeliveryFilter(id), null, null, 50).PlanAsync(db),
        ];

        Assert.Contains("IX_Deliveries_ConnectionId_ReceivedAt (ConnectionId=? AND ReceivedAt>?)", plans[0], StringComparison.Ordinal);
        Assert.Contains("IX_Deliveries_ConnectionId_ReceivedAt (ConnectionId=?)", plans[1], StringComparison.Ordinal);
        Assert.All(plans[2..4], plan => Assert.True(plan.Contains("(Outcome=?)", StringComparison.Ordinal) && plan.Contains("IX_Deliveries_QuarantinedCalls_Id", StringComparison.Ordinal), plan));
        Assert.DoesNotContain("TEMP B-TREE", plans[1] + plans[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task L10_Slots_ThatAreOver_AreCountedOnce()
    {
        using var road = new CallRoad();
        await road.StoreAsync("{}");
        await using var db = road.Db();
        var slots = new ArrivalSlots();
        var now = road.Clock.Now.AddMinutes(20);
        Assert.Equal(1, (await slots.ReadAsync(db, null, now, default)).Sum(slot => slot.Deliveries));

        await db.Deliveries.ExecuteUpdateAsync(row => row.SetProperty(it => it.ReceivedAt, now.AddSeconds(-1)));

        Assert.Equal(2, (await slots.ReadAsync(db, null, now, default)).Sum(slot => slot.Deliveries));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task L10_Picture_LeavesUploadsOutOfPauseLagAndRetries(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        for (var number = 0; number < 30; number++)
        {
            road.Clock.Now += TimeSpan.FromSeconds(9);
            await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"c{{number}}","duration":5,"call_connect_time":"{{Local(road, 10)}}","call_end_time":"{{Local(road, 4)}}"}]}""");
        }

        road.Clock.Now += TimeSpan.FromMinutes(29);
        var upload = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"old","duration":5,"call_connect_time":"2026-01-01 10:00:00","call_end_time":"2026-01-01 10:00:05"}]}""");
        await using var db = road.Db();
        await db.Deliveries.Where(row => row.Id == upload.Id).ExecuteUpdateAsync(row => row.SetProperty(it => it.Source, FileUpload.Source));
        var gate = road.Services.GetRequiredService<WriteGate>();

        var picture = await FeedPicture.ReadAsync(db, new GapQueries(road.Contexts, gate, road.Clock), new(road.Contexts, gate, road.Clock), road.Connection.Id, road.Clock.Now, default);

        Assert.Equal(new Spread(29, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)), picture.UsualPause);
        Assert.Equal((30, TimeSpan.FromSeconds(5)), (picture.Lag.Connected!.Count, picture.Lag.Connected.Median));
        Assert.Null(picture.Lag.Batched);
        Assert.Equal((31, 0), (picture.Repeats.Deliveries, picture.Repeats.Copies));
    }

    [Fact]
    public void L10_Alarms_OfAHealthyFeed_AreNone() => Assert.Empty(FeedAlarms.Of(FeedReadings.Healthy(Now), Now, TimeSpan.FromMinutes(5)));

    [Fact]
    public void L10_Alarms_EachHasItsOwn()
    {
        var healthy = FeedReadings.Healthy(Now);
        string[] Words(FeedReading reading) => [.. FeedAlarms.Of(reading, Now, TimeSpan.FromMinutes(5)).Select(alarm => $"{alarm.Tone}: {alarm.Words}")];

        Assert.StartsWith("bad: Deliveries cannot be stored since 09:58:00: AIRUDDER gives up the first of them at 10:03:00", Assert.Single(Words(healthy with { AbsentSince = Now.AddMinutes(-2) })), StringComparison.Ordinal);
        Assert.Contains("calls are being lost", Assert.Single(Words(healthy with { AbsentSince = Now.AddMinutes(-9) })), StringComparison.Ordinal);
        Assert.Equal(["bad: Nothing received for 6 min while 2 tasks run."], Words(healthy with { Pulse = healthy.Pulse with { LastAt = Now.AddMinutes(-6), RunningTasks = 2 } }));
        Assert.Empty(Words(healthy with { Pulse = healthy.Pulse with { LastAt = Now.AddMinutes(-6), RunningTasks = 0 } }));
        Assert.Equal(["warn: 1 delivery of the last hour could not be understood."], Words(healthy with { Pulse = healthy.Pulse with { QuarantinedLastHour = 1 } }));
        Assert.StartsWith("warn: The disk is nearly full: 14 % left", Assert.Single(Words(With(it => it with { Disk = (14, 100) }))), StringComparison.Ordinal);
        Assert.StartsWith("bad: The disk is nearly full", Assert.Single(Words(With(it => it with { Disk = (4, 100) }))), StringComparison.Ordinal);
        Assert.StartsWith("warn: A retired webhook address was used", Assert.Single(Words(With(it => it with { RetiredTokenAt = Now.AddHours(-1) }))), StringComparison.Ordinal);
        Assert.StartsWith("bad: No node has said for", Assert.Single(Words(With(it => it with { LastBeat = Now.AddMinutes(-3) }))), StringComparison.Ordinal);
        var gap = new ReceivingGap { From = Now.AddHours(-1), Until = Now.AddMinutes(-50), MayHaveLost = true };
        Assert.StartsWith("bad: Calls may be missing: 1 time", Assert.Single(Words(healthy with { Picture = healthy.Picture with { Gaps = [new GapView(gap, [])] } })), StringComparison.Ordinal);
        gap.State = GapState.Filled;
        Assert.Empty(Words(healthy with { Picture = healthy.Picture with { Gaps = [new GapView(gap, [])] } }));

        FeedReading With(Func<Receivers, Receivers> change) => healthy with { Picture = healthy.Picture with { Receivers = change(healthy.Picture.Receivers) } };
    }

    [Theory, InlineData("es-ES", "El disco está casi lleno: queda 14,5 %"), InlineData("id-ID", "Disk hampir penuh: tersisa 14,5 %"), InlineData("zh-CN", "磁盘即将写满：剩余 14.5 %")]
    public void L10_Alarms_AreSaidInTheReadersLanguage(string culture, string expected)
    {
        using var reader = new InLanguage(culture);
        var healthy = FeedReadings.Healthy(Now);

        var alarm = Assert.Single(FeedAlarms.Of(healthy with { Picture = healthy.Picture with { Receivers = healthy.Picture.Receivers with { Disk = (145, 1000) } } }, Now, TimeSpan.FromMinutes(5)));

        Assert.StartsWith(expected, alarm.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void L10_Receivers_AreAddedUp()
    {
        var slow = new AnswerTimes(10, 0.1, 3, 2, 0);
        ReceivingSpan Span(string node, TimeSpan ago, ReceiverFacts facts) => new() { Node = node, From = Now.AddHours(-3), Until = Now - ago, Facts = System.Text.Json.JsonSerializer.Serialize(facts) };
        ReceiverFacts Facts(long retired, AnswerTimes answers, long free) => new(new Dictionary<string, long> { ["RetiredToken"] = retired, ["OfALaterVersion"] = 1 }, Now.AddHours(-retired), answers, free, 100);

        var receivers = Receivers.Of([Span("a", TimeSpan.FromSeconds(3), Facts(2, slow, 50)), Span("b", TimeSpan.FromSeconds(5), Facts(1, AnswerTimes.None, 20)), Span("c", TimeSpan.FromHours(2), Facts(4, slow, 1))], Now);

        Assert.Equal((Now.AddSeconds(-3), 7L, Now.AddHours(-1), slow, (20L, 100L)), (receivers.LastBeat, receivers.Refused[Refusal.RetiredToken], receivers.RetiredTokenAt, receivers.Answers, receivers.Disk));
    }

    [Fact]
    public void L10_AnswerTimes_AreOfTheLastThousand()
    {
        var door = new DoorLog(new TestClock());
        Assert.Equal(AnswerTimes.None, door.AnswerTimes());
        for (var number = 1; number <= 2000; number++)
            door.Answered(TimeSpan.FromMilliseconds(number < 1991 ? 10 : 6000), copy: false);

        Assert.Equal(new AnswerTimes(1000, 0.01, 0.01, 10, 10), door.AnswerTimes());
        door.Answered(TimeSpan.FromSeconds(2), copy: false);
        Assert.Equal((2d, 11, 10), (door.AnswerTimes().P99!.Value, door.AnswerTimes().OverOne, door.AnswerTimes().OverFive));
    }

    [Fact]
    public void L10_RetiredAddress_IsRememberedWithItsTime()
    {
        var clock = new TestClock();
        var door = new DoorLog(clock);
        door.Count(Refusal.UnknownToken);
        Assert.Null(door.LastRetiredAt);

        door.Count(Refusal.RetiredToken);

        Assert.Equal((clock.Now, 1L), (door.LastRetiredAt, door.Counts()[(int)Refusal.RetiredToken]));
    }

    private static string Local(CallRoad road, int secondsBefore) => road.Clock.Now.AddHours(7).AddSeconds(-secondsBefore).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}

internal static class FeedReadings
{
    /// <summary>Nothing is the matter.</summary>
    public static FeedReading Healthy(DateTimeOffset now) => new(
        new FeedPulse(now, now.AddSeconds(-4), 30, 1500, 0, null, 0, 0, 2, [new ArrivalSlot(now.AddMinutes(-5), 100), new ArrivalSlot(now, 0)]),
        new FeedPicture(
            new Spread(100, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9), TimeSpan.FromMinutes(3)),
            new Lag(new Spread(100, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)), null, new Dictionary<int, TimeSpan>()),
            new Repeats(1500, 0, 0),
            0,
            [],
            [],
            [],
            new Receivers(now.AddSeconds(-3), new Dictionary<Refusal, long>(), null, new AnswerTimes(1000, 0.004, 0.02, 0, 0), (50, 100))),
        null);
}
