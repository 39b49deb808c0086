using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiRudder.Dashboard.Tests.Webhooks;

public sealed class WorkerTests
{
    [Fact]
    [Trait("Requirement", "D7")]
    public async Task D7_Delivery_WithOneBadElement_KeepsItsNeighbours()
    {
        using var road = new CallRoad();

        var delivery = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a"}, 17, {"call_id":"b"}, null, ["x"], "text", {"call_id":"c"}]}""");

        Assert.Equal((DeliveryOutcome.Processed, 3, 4), (delivery.Outcome, delivery.Calls, delivery.QuarantinedCalls));
        Assert.Equal(["a", "b", "c"], (await road.CallsAsync()).Select(call => call.VendorCallId));
        await using var db = road.Db();
        var refused = await db.QuarantinedElements.OrderBy(row => row.Ordinal).ToListAsync();
        Assert.Equal([1, 3, 4, 5], refused.Select(row => row.Ordinal));
        Assert.Equal(43, refused[0].Position);
        Assert.Equal("details[1] is a Number where a call is expected", refused[0].Reason);
        Assert.Equal("4 of 7 calls could not be read.", delivery.Reason);
    }

    [Fact]
    [Trait("Requirement", "D7")]
    public async Task Delivery_WhoseElementsAreAllBad_IsQuarantined()
    {
        using var road = new CallRoad();

        var delivery = await road.ReceiveAsync("""{"task_id":"t","details":[1,2]}""");

        Assert.Equal((DeliveryOutcome.Quarantined, 0, 2), (delivery.Outcome, delivery.Calls, delivery.QuarantinedCalls));
    }

    [Fact]
    [Trait("Requirement", "D7")]
    public async Task D7_Poison_IsRetriedWithGrowingPausesAndThenQuarantined_WhileLaterOnesGoOn()
    {
        var clock = new TestClock();
        using var site = Site(clock, rows => rows.Any(row => row is Call { VendorCallId: "poison" }) ? new InvalidOperationException("the number is +6281234") : null);
        using var client = site.Anonymous();
        using var answer = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new StringContent("""{"task_id":"t","details":[{"call_id":"poison"},{"call_id":"neighbour"}]}"""));
        var id = long.Parse(Vendor.IdOf(answer), CultureInfo.InvariantCulture);
        var pauses = new List<double>();
        for (var attempt = 1; attempt < 8; attempt++)
        {
            var delivery = await Vendor.UntilAsync(() => FindAsync(site, id), row => row.FailedAttempts == attempt, $"attempt {attempt} is missing");
            Assert.Equal(DeliveryOutcome.Pending, delivery.Outcome);
            pauses.Add((delivery.NextAttemptAt!.Value - clock.Now).TotalSeconds);

            // Later ones are not held up, and wake the worker, which must not try again before the pause is over.
            var later = await site.PostAsync($$"""{"task_id":"t","details":[{"call_id":"later {{attempt}}"}]}""");
            Assert.Equal("processed", later["outcome"]!.GetValue<string>());
            Assert.Equal(attempt, (await FindAsync(site, id)).FailedAttempts);
            clock.Now = delivery.NextAttemptAt!.Value;
        }

        var end = await site.SettledAsync(Vendor.IdOf(answer));
        Assert.Equal("quarantined", end["outcome"]!.GetValue<string>());
        Assert.Contains("8 times", end["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("6281234", end.ToJsonString(), StringComparison.Ordinal);
        Assert.True(pauses.Zip(pauses.Skip(1)).All(pair => pair.First < pair.Second), string.Join(", ", pauses));
    }

    [Fact]
    [Trait("Requirement", "D7")]
    public async Task Poison_WhenTheCauseIsGone_IsReplayedIntoCalls()
    {
        var broken = true;
        using var site = Site(null, rows => broken && rows.Any(row => row is Call { VendorCallId: "once poison" }) ? new InvalidOperationException() : null);
        using var client = site.Anonymous();
        using var answer = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new StringContent("""{"task_id":"t","details":[{"call_id":"once poison"}]}"""));
        var id = long.Parse(Vendor.IdOf(answer), CultureInfo.InvariantCulture);
        await Vendor.UntilAsync(() => FindAsync(site, id), row => row.FailedAttempts > 0, "no failure");
        broken = false;

        using var replay = await site.Api(Role.Administrator).PostAsync($"/api/deliveries/{id}/replay", null);

        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);
        Assert.Equal("processed", (await site.SettledAsync(Vendor.IdOf(answer)))["outcome"]!.GetValue<string>());
        Assert.Equal("once poison", await OnlyCallIdAsync(site));
    }

    [Fact]
    [Trait("Requirement", "D9")]
    public async Task D9_Crash_BetweenClaimAndCommit_LeavesTheDeliveryPendingAndNothingBehind()
    {
        var crash = new Crash();
        using var road = new CallRoad(services: services => Decorate(services, crash.Before));
        var stored = await road.StoreAsync("""{"task_id":"t","details":[{"call_id":"a","asr_result":[{"time":"00:00:01","text":"x"}]}]}""");
        crash.When = rows => rows.Any(row => row is CallVersion);

        await Assert.ThrowsAsync<InvalidOperationException>(() => road.ProcessAsync(stored.Id));

        Assert.Equal(DeliveryOutcome.Pending, (await road.DeliveryAsync(stored.Id)).Outcome);
        Assert.Equal("", await road.PictureAsync());
        await using (var db = road.Db())
            Assert.Empty(await db.Landings.ToListAsync());

        crash.When = null;
        await road.ProcessAsync(stored.Id);
        Assert.Equal(1, (await road.DeliveryAsync(stored.Id)).Calls);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(13)]
    [Trait("Requirement", "D7")]
    public async Task StoreTrouble_IsNotHeldAgainstTheDelivery(int sqliteError)
    {
        var thrown = 0;
        using var site = Site(null, rows =>
            rows.Any(row => row is Call) && Interlocked.Increment(ref thrown) < 3 ? new DbUpdateException("outer", new SqliteException("the disk, the lock", sqliteError)) : null);

        var delivery = await site.PostAsync("""{"task_id":"t","details":[{"call_id":"a"}]}""");

        Assert.Equal("processed", delivery["outcome"]!.GetValue<string>());
        Assert.Equal(0, delivery["failedAttempts"]!.GetValue<int>());
        Assert.True(thrown >= 3);
    }

    [Fact]
    [Trait("Requirement", "D9")]
    public async Task Pending_FromBeforeTheStart_IsProcessed()
    {
        using var folder = new CallRoad();
        var stored = await folder.StoreAsync("""{"task_id":"t","details":[{"call_id":"left over"}]}""");
        await using var db = folder.Db();
        SqliteConnection.ClearAllPools();
        using var site = new TestSite(new Dictionary<string, string?> { ["ConnectionStrings:Dashboard"] = db.Database.GetConnectionString() });

        await site.SettledAsync(stored.Id.ToString(CultureInfo.InvariantCulture));

        Assert.Equal("left over", (await folder.OnlyCallAsync()).VendorCallId);
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task Replay_OfOneAndOfAll_ChangesNothing()
    {
        using var road = new CallRoad();
        var first = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a","duration":3},{"callee":"+1"},{"callee":"+1","duration":2},5]}""");
        var second = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a","result_label":"B"},{}]}""");
        var before = await road.PictureAsync();
        var replay = new Replay(road.Contexts);

        Assert.True(await replay.OneAsync(first.Id, default));
        await road.ProcessAsync();
        Assert.Equal(before, await road.PictureAsync());

        Assert.True(await replay.OneAsync(first.Id, default) && await replay.OneAsync(second.Id, default));
        await road.ProcessAsync(second.Id, first.Id);
        Assert.Equal(before, await road.PictureAsync());
        Assert.Equal((3, 1), ((await road.DeliveryAsync(first.Id)).Calls, (await road.DeliveryAsync(first.Id)).QuarantinedCalls));
        await using var db = road.Db();
        Assert.Equal([false, false, true, true, true], await db.Landings.OrderBy(row => row.Sequence).Select(row => row.Again).ToListAsync());
    }

    [Fact]
    [Trait("Requirement", "D7")]
    public async Task Replay_OfWhatIsNotThere_Is404()
    {
        using var site = new TestSite(Vendor.OneConnection);

        using var answer = await site.Api(Role.Administrator).PostAsync("/api/deliveries/12345/replay", null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    internal static void Decorate(IServiceCollection services, Func<IReadOnlyCollection<object>, Exception?> failure)
    {
        var real = services.Single(service => service.ServiceType == typeof(IBulkWrite)).ImplementationType!;
        services.Replace(ServiceDescriptor.Singleton<IBulkWrite>(provider => new FailingBulk((IBulkWrite)ActivatorUtilities.CreateInstance(provider, real), failure)));
    }

    private static TestSite Site(TestClock? clock, Func<IReadOnlyCollection<object>, Exception?> failure) =>
        new(Vendor.OneConnection, clock, services => Decorate(services, failure));

    private static async Task<Delivery> FindAsync(TestSite site, long id)
    {
        await using var db = await site.DbAsync();
        return await db.Deliveries.AsNoTracking().SingleAsync(row => row.Id == id);
    }

    private static async Task<string?> OnlyCallIdAsync(TestSite site)
    {
        await using var db = await site.DbAsync();
        return (await db.Calls.SingleAsync()).VendorCallId;
    }

    private sealed class Crash
    {
        public Func<IReadOnlyCollection<object>, bool>? When { get; set; }

        public Exception? Before(IReadOnlyCollection<object> rows) => When?.Invoke(rows) == true ? new InvalidOperationException("crash") : null;
    }

    private sealed class FailingBulk(IBulkWrite inner, Func<IReadOnlyCollection<object>, Exception?> failure) : IBulkWrite
    {
        public Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
            where TRow : class =>
            failure([.. rows]) is { } error ? Task.FromException(error) : inner.InsertAsync(db, rows, cancel);

        public Task UpdateAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
            where TRow : class =>
            failure([.. rows]) is { } error ? Task.FromException(error) : inner.UpdateAsync(db, rows, cancel);

        public Task AddUpAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
            where TRow : class =>
            failure([.. rows]) is { } error ? Task.FromException(error) : inner.AddUpAsync(db, rows, cancel);
    }
}

/// <summary>Bodies that are large in one way or another.</summary>
public sealed class LargeBodyTests
{
    [Fact]
    [Trait("Requirement", "L4")]
    public async Task L4_Batch_OfTenThousandNumbers_IsOneLanding()
    {
        using var road = new CallRoad();

        var delivery = await road.ReceiveAsync(Batch(10_000, ""));

        Assert.Equal((DeliveryOutcome.Processed, 10_000), (delivery.Outcome, delivery.Calls));
        await using var db = road.Db();
        var landing = await db.Landings.SingleAsync();
        Assert.Equal((10_000, 9_900, 20_000), (landing.Calls, landing.Unanswered, landing.Attempts));
        Assert.Equal(10_000, await db.Calls.CountAsync());
        Assert.Equal(20_000, await db.Attempts.CountAsync());
        Assert.Equal(10_000, await db.CallVersions.CountAsync());
    }

    [Fact]
    [Trait("Requirement", "L2")]
    public async Task Body_ReadInOneGoAndAsAStream_GivesTheSameRows()
    {
        var details = Enumerable.Range(0, 1200).Select(number => number switch
        {
            100 => "17",
            101 or 1101 => """{"callee":"+1","result":"twice without id","ring_time":""" + number + "}",
            102 or 1102 => """{"call_id":"twice","result_label":"L""" + number + "\"}",
            103 => "{}",
            _ => $$"""{"call_id":"c{{number}}","callee":"+62{{number}}","duration":{{number % 3}},"redail_call":[{"call_id":"r{{number}}"}],"asr_result":[{"time":"00:00:01","text":"hai"}]}""",
        }).ToList();
        var small = $$"""{"task_id":"t","details":[{{string.Join(',', details)}}]}""";

        // Blanks between the elements make the same calls a large body.
        var large = $$"""{"task_id":"t","details":[{{string.Join("," + new string(' ', 4000), details)}}]}""";
        Assert.True(large.Length > BodyReader.SmallBody);
        using var one = new CallRoad();
        using var other = new CallRoad();

        var inMemory = await one.ReceiveAsync(small);
        var streamed = await other.ReceiveAsync(large);

        Assert.Equal((inMemory.Outcome, inMemory.Calls, inMemory.QuarantinedCalls), (streamed.Outcome, streamed.Calls, streamed.QuarantinedCalls));
        Assert.Equal(1198, streamed.Calls);
        Assert.Equal(await one.PictureAsync(), await other.PictureAsync());
    }

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData((1024 * 1024) + 1)]
    [InlineData(5 * 1024 * 1024)]
    [Trait("Requirement", "D1")]
    public async Task Body_OfAnySize_ComesBackByteByByte(int size)
    {
        using var site = new TestSite(Vendor.OneConnection);
        var random = new Random(7);
        var body = new byte[size];
        var head = Encoding.UTF8.GetBytes($$"""{"task_id":"t","details":[{"call_id":"c{{size}}"}],"filler":""" + "\"");
        var tail = "\"}"u8.ToArray();
        for (var i = 0; i < size; i++)
            body[i] = (byte)('a' + random.Next(26));

        head.CopyTo(body, 0);
        tail.CopyTo(body, size - tail.Length);

        var delivery = await site.PostAsync(Vendor.OnlyToken, body);

        Assert.Equal(("processed", 1), (delivery["outcome"]!.GetValue<string>(), delivery["calls"]!.GetValue<int>()));
        Assert.Equal(size > BodyReceiver.LargestRow, Directory.Exists(Path.Combine(site.Folder, "bodies")));
        Assert.Equal(body, await site.Api(Role.Administrator).GetByteArrayAsync($"/api/deliveries/{delivery["id"]}/raw"));
    }

    [Fact]
    [Trait("Requirement", "D1")]
    public async Task Start_AfterACrash_RemovesHalfWrittenBodies()
    {
        using var site = new TestSite(Vendor.OneConnection);
        var half = Path.Combine(site.Folder, "bodies", "0123.part");
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        await File.WriteAllTextAsync(half, "half a body");
        File.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddHours(-2));
        var coming = Path.ChangeExtension(half, ".young.part");
        await File.WriteAllTextAsync(coming, "on its way in at another process");

        using var client = site.Anonymous();

        Assert.False(File.Exists(half));
        Assert.True(File.Exists(coming));
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task LargeBody_ManyTimesAtOnce_IsOneFile()
    {
        using var site = new TestSite(Vendor.OneConnection);
        using var client = site.Anonymous();
        var body = Encoding.UTF8.GetBytes($$"""{"task_id":"t","details":[{"call_id":"c","human_robot_summary":"{{new string('x', 2_000_000)}}"}]}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.PostAsync(Vendor.Url(Vendor.OnlyToken), new ByteArrayContent(body))));

        var id = Assert.Single(answers.Select(Vendor.IdOf).Distinct());
        await site.SettledAsync(id);
        Assert.Equal(4, await site.CopiesAsync(id, 4));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(site.Folder, "bodies")));
    }

    private static string Batch(int numbers, string space) =>
        $$"""{"task_id":"batch","status":"finished","details":[{{string.Join("," + space, Enumerable.Range(0, numbers).Select(number =>
            $$"""{"id":{{number}},"call_id":"call{{number:00000}}","callee":"+6281{{number:0000000}}","duration":{{(number % 100 == 0 ? 30 : 0)}},"call_times":2,"redail_call":[{"call_id":"redial{{number}}","ring_type":"outofarea"}]}"""))}}]}""";
}
