using System.Text;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Storage;

/// <summary>Storing, processing and repeating deliveries: the same on every provider.</summary>
[Trait("Requirement", "T4")]
public sealed class IngestOnBothProvidersTests
{
    private const string Body = """
        {"task_id":"t","task_name":"測試","status":"finished","created_at":"2026-01-21 10:00:00","details":[
          {"id":1,"call_id":"a","callee":"+62","duration":30,"result_label":"A","call_start_time":"2026-01-21 11:00:00","call_connect_time":"2026-01-21 11:00:05","variables":{"name":"🙂"},
           "asr_result":[{"time":"00:00:01","robottext":"halo","text":"ya"}],"redail_call":[{"call_id":"r","ring_time":3}],"question_answer":[{"question_name":"Q1","answer":"Yes"}],
           "transfer":{"TransferStatus":2,"TransferTime":"2026-01-21 11:00:10","TransferSuccessTime":"2026-01-21 11:00:20"},"future":1},
          {"callee":"+63","call_times":1}, 17]}
        """;

    [Theory, OnSqlite, OnSqlServer]
    [Trait("Requirement", "D9")]
    public async Task T4_Delivery_IsStoredWhole(StorageProvider provider)
    {
        using var road = new CallRoad(provider);

        var delivery = await road.ReceiveAsync(Body);

        Assert.Equal((DeliveryOutcome.Processed, 2, 1), (delivery.Outcome, delivery.Calls, delivery.QuarantinedCalls));
        var calls = await road.CallsAsync();
        Assert.Equal(("a", "+62", 30, true), (calls[0].VendorCallId, calls[0].Callee, calls[0].DurationSeconds, calls[0].Connected));
        Assert.Equal(new DateTimeOffset(2026, 1, 21, 4, 0, 0, TimeSpan.Zero), calls[0].StartedAt);
        Assert.Equal("""{"name":"🙂"}""", (await road.DetailAsync(calls[0].Id)).VariablesJson);
        await using var db = road.Db();
        Assert.Equal((3, 1, 2, 1, 1), (await db.Attempts.CountAsync(), await db.Answers.CountAsync(), await db.CallVersions.CountAsync(), await db.QuarantinedElements.CountAsync(), await db.Landings.CountAsync()));
        Assert.Equal("測試", (await db.CallTasks.SingleAsync()).Name);
    }

    [Theory, OnSqlite, OnSqlServer]
    [Trait("Requirement", "D5")]
    public async Task D5_Delivery_SeveralTimesAndReplayed_IsStoredOnce(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        var first = await road.ReceiveAsync(Body);
        var before = await road.PictureAsync();

        var copies = new List<StoredDelivery>();
        for (var copy = 0; copy < 3; copy++)
            copies.Add(await road.StoreAsync(Body));

        await road.ProcessAsync();
        Assert.Equal([(first.Id, 2), (first.Id, 3), (first.Id, 4)], copies.Select(copy => (copy.Id, copy.Copies)));
        await new Replay(road.Contexts).OneAsync(first.Id, default);
        await road.ProcessAsync();
        Assert.Equal(before, await road.PictureAsync());
    }

    [Theory, OnSqlite, OnSqlServer]
    [Trait("Requirement", "D5")]
    public async Task D5_Versions_InAnyOrder_AreMergedByArrival(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        var older = await road.StoreAsync(Body);
        var newer = await road.StoreAsync("""{"task_id":"t","details":[{"call_id":"a","duration":0,"result_label":"B"}]}""");

        await road.ProcessAsync(newer.Id, older.Id);

        var call = Assert.Single(await road.CallsAsync(), call => call.VendorCallId == "a");
        Assert.Equal((30, "B", 2), (call.DurationSeconds, call.Label, call.Versions));
    }

    [Theory, OnSqlite, OnSqlServer]
    [Trait("Requirement", "D5")]
    public async Task SameBodies_InOneCommit_AreOneDelivery(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        var store = road.Services.GetRequiredService<IInboxStore>();

        var stored = await store.CommitAsync([Incoming("x"), Incoming("y"), Incoming("x"), Incoming("x")], default);

        Assert.Equal([1, 1, 2, 3], stored.Select(delivery => delivery.Copies));
        Assert.Equal(2, stored.Select(delivery => delivery.Id).Distinct().Count());
        await store.BringInAsync(default);
        await using var db = road.Db();
        Assert.Equal((2, 2, 2), (await db.Deliveries.CountAsync(), await db.DeliveryBodies.CountAsync(), await db.DeliveryCopies.CountAsync()));

        IncomingDelivery Incoming(string body) => Delivery(road, body, road.Clock.Now);
    }

    /// <summary>After a failed sync the bytes count as not stored; what was acknowledged before must never be taken for them.</summary>
    [Theory, OnSqlite, OnSqlServer]
    [Trait("Requirement", "D4")]
    public async Task Commit_ThatFails_TakesNothingAwayThatWasStoredBefore(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        var store = road.Services.GetRequiredService<IInboxStore>();
        var acknowledged = await store.CommitAsync([Delivery(road, "x", road.Clock.Now)], default);

        // In the same millisecond another copy arrives together with something that cannot be stored: no such connection.
        await Assert.ThrowsAnyAsync<Exception>(() => store.CommitAsync([Delivery(road, "x", road.Clock.Now), Delivery(road, "y", road.Clock.Now), Delivery(road, "z", road.Clock.Now) with { Headers = null! }], default));
        var later = await store.CommitAsync([Delivery(road, "w", road.Clock.Now)], default);

        Assert.True(later[0].Id > acknowledged[0].Id);
        await store.BringInAsync(default);
        await using var db = road.Db();
        var left = await db.Deliveries.OrderBy(row => row.Id).ToListAsync();
        Assert.Equal([acknowledged[0].Id, later[0].Id], left.Select(row => row.Id));
        Assert.Equal(1, left[0].Copies);
    }

    [SqlServerFact]
    [Trait("Requirement", "D5")]
    public async Task TwoNodes_StoringTheSameBodiesAtOnce_StoreEachOnce()
    {
        using var road = new CallRoad(StorageProvider.SqlServer);
        var store = road.Services.GetRequiredService<IInboxStore>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var number = 0; number < 20; number++)
                await store.CommitAsync([Delivery(road, $"body {number}", road.Clock.Now)], default);
        })));

        await using var db = road.Db();
        Assert.Equal(20, await db.Deliveries.CountAsync());
        Assert.All(await db.Deliveries.Select(row => row.Copies).ToListAsync(), copies => Assert.Equal(8, copies));
    }

    private static IncomingDelivery Delivery(CallRoad road, string body, DateTimeOffset at)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return new()
        {
            ConnectionId = road.Connection.Id, UrlKind = "", Sha256 = System.Security.Cryptography.SHA256.HashData(bytes), Bytes = bytes.Length, ReceivedAt = at, Source = "127.0.0.1", Headers = "{}",
            Encoding = BodyEncoding.AsReceived, Content = bytes,
        };
    }
}
