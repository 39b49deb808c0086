using System.Globalization;
using System.Text;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Webhooks;

/// <summary>A delivery that is stored in many transactions: it appears whole, or not at all.</summary>
public sealed class BigDeliveryTests
{
    /// <summary>More than are held in memory.</summary>
    private const int Many = 2_100;

    [Fact]
    [Trait("Requirement", "D9")]
    [Trait("Requirement", "L4")]
    public async Task D9_BetweenItsTransactions_NothingOfItIsSeen()
    {
        var seen = new List<int>();
        CallRoad? road = null;
        using (road = new CallRoad(services: services => WorkerTests.Decorate(services, rows =>
        {
            if (rows.Any(row => row is Call))
            {
                using var db = road!.Db();
                seen.Add(db.Calls.Count());
            }

            return null;
        })))
        {
            var delivery = await road.ReceiveAsync(Batch(Many));

            Assert.Equal((DeliveryOutcome.Processed, Many), (delivery.Outcome, delivery.Calls));
            Assert.True(seen.Count > 5, "it was stored in few transactions");
            Assert.All(seen, count => Assert.Equal(0, count));
            Assert.Equal(Many, (await road.CallsAsync()).Count);
            Assert.All(await road.CallsAsync(), call => Assert.Null(call.StagedBy));
            await using var db = road.Db();
            Assert.Equal(Many, (await db.Landings.SingleAsync()).Calls);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [Trait("Requirement", "D9")]
    public async Task D9_CrashAtAnyPoint_BegunAnew_EndsLikeOneThatNeverCrashed(int transactions)
    {
        var left = -1;
        using var road = new CallRoad(services: services => WorkerTests.Decorate(services, rows => rows.Any(row => row is CallVersion) && left-- == 0 ? new InvalidOperationException("crash") : null));
        using var straight = new CallRoad();
        await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"7","duration":3},{"call_id":"other"}]}""");
        await straight.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"7","duration":3},{"call_id":"other"}]}""");
        var stored = await road.StoreAsync(Batch(Many));
        left = transactions;

        await Assert.ThrowsAsync<InvalidOperationException>(() => road.ProcessAsync(stored.Id));

        Assert.Equal(DeliveryOutcome.Pending, (await road.DeliveryAsync(stored.Id)).Outcome);
        Assert.Equal(["7", "other"], (await road.CallsAsync()).Select(call => call.VendorCallId).Order(StringComparer.Ordinal));

        left = -1;
        await road.ProcessAsync(stored.Id);
        await straight.ReceiveAsync(Batch(Many));
        Assert.Equal(await straight.PictureAsync(), await road.PictureAsync());
        Assert.Equal(Many, (await road.DeliveryAsync(stored.Id)).Calls);
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task D5_Replayed_ChangesNothing()
    {
        using var road = new CallRoad();
        var delivery = await road.ReceiveAsync(Batch(Many, again: ["0", "2050"]));
        var before = await road.PictureAsync();

        await new Replay(road.Contexts).OneAsync(delivery.Id, default);
        await road.ProcessAsync(delivery.Id);

        Assert.Equal(before, await road.PictureAsync());
        await using var db = road.Db();
        Assert.Equal([false, true], await db.Landings.OrderBy(landing => landing.Sequence).Select(landing => landing.Again).ToListAsync());
    }

    [Theory, OnSqlite, OnSqlServer]
    [Trait("Requirement", "D9")]
    public async Task D9_StoredAndReplayed_OnBothProviders(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"7","duration":3}]}""");

        var delivery = await road.ReceiveAsync(Batch(Many));

        Assert.Equal((DeliveryOutcome.Processed, Many), (delivery.Outcome, delivery.Calls));
        var before = await road.PictureAsync();
        await new Replay(road.Contexts).OneAsync(delivery.Id, default);
        await road.ProcessAsync(delivery.Id);
        Assert.Equal(before, await road.PictureAsync());
        Assert.Equal(Many, (await road.CallsAsync()).Count);
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task D5_SmallDeliveryOfACallThatIsBeingStored_ShowsItAtOnce_AndTheBigOneAddsItself()
    {
        var broken = true;
        using var road = new CallRoad(services: services => WorkerTests.Decorate(services, rows => broken && rows.Any(row => row is Call { VendorCallId: "1000" }) ? new InvalidOperationException() : null));
        var big = await road.StoreAsync(Batch(Many));
        await Assert.ThrowsAsync<InvalidOperationException>(() => road.ProcessAsync(big.Id));
        Assert.Empty(await road.CallsAsync());

        await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"3","result_label":"B"}]}""");

        var early = await road.OnlyCallAsync();
        Assert.Equal(("3", "B", 2), (early.VendorCallId, early.Label, early.Versions));

        broken = false;
        await road.ProcessAsync(big.Id);
        var calls = await road.CallsAsync();
        Assert.Equal(Many, calls.Count);
        Assert.Equal("B", calls.Single(call => call.VendorCallId == "3").Label);
    }

    [Fact]
    [Trait("Requirement", "D7")]
    public async Task D7_GivenUp_NothingOfItStays_AndWhatOthersSaidDoes()
    {
        var broken = true;
        var clock = new TestClock();
        using var site = new TestSite(Vendor.OneConnection, clock, services => WorkerTests.Decorate(services, rows => broken && rows.Any(row => row is Call { VendorCallId: "2050" }) ? new InvalidOperationException() : null));
        await site.PostAsync("""{"task_id":"t","details":[{"call_id":"7","duration":3}]}""");
        using var client = site.Anonymous();
        using var answer = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new ByteArrayContent(Batch(Many, duration: 9)));
        var id = long.Parse(Vendor.IdOf(answer), CultureInfo.InvariantCulture);
        for (var attempt = 1; attempt < 8; attempt++)
        {
            var delivery = await Vendor.UntilAsync(() => FindAsync(site, id), row => row.FailedAttempts == attempt, $"attempt {attempt} is missing");
            clock.Now = delivery.NextAttemptAt!.Value;
        }

        var end = await Vendor.UntilAsync(() => FindAsync(site, id), row => row.Outcome == DeliveryOutcome.Quarantined, "it is not given up");

        await using var db = await site.DbAsync();
        var call = Assert.Single(await db.Calls.IgnoreQueryFilters().ToListAsync());
        Assert.Equal(("7", 3, 1), (call.VendorCallId, call.DurationSeconds, call.Versions));
        Assert.DoesNotContain(await db.CallVersions.ToListAsync(), version => version.DeliveryId == id);

        broken = false;
        Assert.Equal(0, end.Calls);
        await site.Services.GetRequiredService<Replay>().OneAsync(id, default);
        Assert.Equal(Many, (await Vendor.UntilAsync(() => FindAsync(site, id), row => row.Outcome == DeliveryOutcome.Processed, "it is not replayed")).Calls);
    }

    [Fact]
    [Trait("Requirement", "D9")]
    public async Task D9_BegunAnewByAnotherProcess_TheFirstOneStops()
    {
        CallRoad? road = null;
        Task<IDisposable>? next = null;
        using (road = new CallRoad(services: services => WorkerTests.Decorate(services, rows =>
        {
            if (rows.Any(row => row is Call { VendorCallId: "1000" }))
            {
                // Whoever waits for the pen gets it as soon as this transaction ends.
                next ??= road!.Services.GetRequiredService<WriteGate>().EnterAsync(default);
            }

            return null;
        })))
        {
            var stored = await road.StoreAsync(Batch(Many));
            var storing = Task.Run(() => road.ProcessAsync(stored.Id));
            await Vendor.UntilAsync(() => Task.FromResult(next), waiting => waiting is not null, "the call is not stored");
            using (await next!)
            {
                await using var other = road.Db();
                await other.Deliveries.ExecuteUpdateAsync(row => row.SetProperty(it => it.Run, it => it.Run + 1));
            }

            await storing;

            Assert.Equal(DeliveryOutcome.Pending, (await road.DeliveryAsync(stored.Id)).Outcome);
            Assert.Empty(await road.CallsAsync());
            await road.ProcessAsync(stored.Id);
            Assert.Equal(Many, (await road.CallsAsync()).Count);
            await using var db = road.Db();
            Assert.Single(await db.Landings.ToListAsync());
        }
    }

    [Fact]
    [Trait("Requirement", "L8")]
    public async Task L8_RunOfAnotherProcess_IsLeftAloneUntilItIsSilent_WhateverTheClockDoes()
    {
        using var road = new CallRoad();
        var stored = await road.StoreAsync(Batch(Many));
        var now = road.Clock.Now;
        await using var db = road.Db();
        await db.Deliveries.ExecuteUpdateAsync(row => row.SetProperty(it => it.RunBeatAt, now));

        async Task<bool> IsDueAsync(TimeSpan later, params long[] mine) => await InboxWorker.Pending(db, now + later, big: false, mine).AnyAsync();

        Assert.False(await IsDueAsync(TimeSpan.FromSeconds(10)));
        Assert.True(await IsDueAsync(TimeSpan.FromSeconds(10), stored.Id));
        Assert.True(await IsDueAsync(TimeSpan.FromSeconds(16)));
        Assert.True(await IsDueAsync(TimeSpan.FromHours(-1)));
    }

    /// <summary>Elements whose call id is their number; <paramref name="again"/> come once more at the end.</summary>
    private static byte[] Batch(int count, int duration = 0, params ReadOnlySpan<string> again)
    {
        var ids = Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).Concat(again.ToArray());
        var elements = ids.Select((id, index) => $$"""{"call_id":"{{id}}","callee":"+62{{id}}","duration":{{duration}},"human_robot_summary":"{{index}}"}""");
        return Encoding.UTF8.GetBytes($$"""{"task_id":"t","details":[{{string.Join(',', elements)}}]}""");
    }

    private static async Task<Delivery> FindAsync(TestSite site, long id)
    {
        await using var db = await site.DbAsync();
        return await db.Deliveries.AsNoTracking().SingleAsync(row => row.Id == id);
    }
}
