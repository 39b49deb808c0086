using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>The queue: who gets which call, and for how long.</summary>
[Trait("Requirement", "T4")]
public sealed class QueueTests
{
    [Theory, OnSqlite, OnSqlServer]
    public async Task Claim_ByManyAtOnce_IsGivenToOne(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        var item = await road.ItemOfAsync(call);

        var won = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => road.Get<ReviewClaims>().ClaimAsync(item.Id, $"person {i}", default))));

        Assert.Single(won, taken => taken);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Claim_RunOut_IsTakenOverAndNoLongerRenewed(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var claims = road.Get<ReviewClaims>();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        var item = await road.ItemOfAsync(call);
        Assert.True(await claims.ClaimAsync(item.Id, ReviewRoad.Ana, default));

        road.Clock.Now += ReviewClaims.Lasts - TimeSpan.FromSeconds(1);
        Assert.False(await claims.ClaimAsync(item.Id, ReviewRoad.Ben, default));
        Assert.True(await claims.RenewAsync(item.Id, ReviewRoad.Ana, default));
        road.Clock.Now += ReviewClaims.Lasts - TimeSpan.FromSeconds(1);
        Assert.False(await claims.ClaimAsync(item.Id, ReviewRoad.Ben, default));
        road.Clock.Now += TimeSpan.FromSeconds(1);

        Assert.True(await claims.ClaimAsync(item.Id, ReviewRoad.Ben, default));
        Assert.False(await claims.RenewAsync(item.Id, ReviewRoad.Ana, default));
        Assert.Equal("Somebody else has taken this call over.", await claims.SkipAsync(item.Id, ReviewRoad.Ana, "no sound", default));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task NextSound_IsOnlyOneThatIsKept(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var claims = road.Get<ReviewClaims>();
        var call = road.Calls(1)[0];
        Assert.Null(await claims.NextSoundAsync(ReviewRoad.Ana, null, default));
        await road.QueueAsync([call]);
        Assert.Null(await claims.NextSoundAsync(ReviewRoad.Ana, null, default));
        var recording = new Recording { CallId = call, ConnectionId = 1, State = RecordingState.Expected, Host = "", LinkHash = [] };
        await using var db = road.Db();
        db.Add(recording);
        await db.SaveChangesAsync();
        Assert.Null(await claims.NextSoundAsync(ReviewRoad.Ana, null, default));

        recording.State = RecordingState.Kept;
        await db.SaveChangesAsync();

        Assert.Equal(call, await claims.NextSoundAsync(ReviewRoad.Ana, null, default));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Next_TakesMineThenDueThenOldest(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var ids = road.Calls(4);
        var queue = road.Get<ReviewQueue>();
        await road.QueueAsync([ids[0]]);
        await queue.AddAsync([ids[1]], new QueueWish { DueAt = road.Clock.Now.AddDays(1), By = ReviewRoad.Ana }, default);
        await queue.AddAsync([ids[2]], new QueueWish { AssignTo = ReviewRoad.Ana, By = ReviewRoad.Ana }, default);
        await queue.AddAsync([ids[3]], new QueueWish { AssignTo = ReviewRoad.Ben, By = ReviewRoad.Ana }, default);

        var order = new List<long>();
        while (await road.Get<ReviewClaims>().NextAsync(ReviewRoad.Ana, null, default) is { } item)
        {
            order.Add(item.CallId);
            Assert.Null(await road.Get<ReviewClaims>().SkipAsync(item.Id, ReviewRoad.Ana, "tested", default));
        }

        Assert.Equal([ids[2], ids[1], ids[0]], order);
        Assert.Equal(1, await road.Get<ReviewClaims>().CountAsync(ReviewRoad.Ben, default));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Add_Again_QueuesNothingTwice(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var ids = road.Calls(3);
        await road.QueueAsync([ids[0], ids[1]]);
        Assert.Null(await road.ReviewAsync(ids[1], ReviewRoad.Ben));

        var outcome = await road.QueueAsync([ids[0], ids[1], ids[2], ids[2], 9999]);

        Assert.Equal([ids[2]], outcome.Queued);
        Assert.Equal((1, 1, 1), (outcome.Waiting, outcome.Reviewed, outcome.Unknown));
        Assert.Equal("1 queued, 1 waiting already, 1 reviewed before, 1 not found", outcome.Words);
        await using var db = road.Db();
        Assert.Equal(3, await db.ReviewItems.CountAsync());
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Add_AfterItWasSkipped_OpensItAgain(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        var item = (await road.Get<ReviewClaims>().NextAsync(ReviewRoad.Ana, null, default))!;
        Assert.Equal("Say in 1 to 300 characters why it is skipped.", await road.Get<ReviewClaims>().SkipAsync(item.Id, ReviewRoad.Ana, " ", default));
        Assert.Null(await road.Get<ReviewClaims>().SkipAsync(item.Id, ReviewRoad.Ana, "no sound", default));
        Assert.Equal((ReviewItemState.Skipped, "no sound"), ((await road.ItemOfAsync(call)).State, (await road.ItemOfAsync(call)).SkipReason));

        await road.QueueAsync([call]);

        Assert.Equal((ReviewItemState.Open, null), ((await road.ItemOfAsync(call)).State, (await road.ItemOfAsync(call)).SkipReason));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Pair_SecondHalf_NeedsSomebodyElse(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call], twice: 100);
        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ana));

        Assert.Null(await road.Get<ReviewClaims>().NextAsync(ReviewRoad.Ana, null, default));
        Assert.False(await road.Get<ReviewClaims>().ClaimAsync((await road.ItemOfAsync(call, 2)).Id, ReviewRoad.Ana, default));

        Assert.Equal(call, (await road.Get<ReviewClaims>().NextAsync(ReviewRoad.Ben, null, default))?.CallId);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Pair_FirstReview_IsHiddenUntilTheSecondIsIn(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call], twice: 100);
        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ana, 1, 0));
        var queries = road.Get<ReviewQueries>();

        Assert.Single(await queries.OfCallAsync(call, ReviewRoad.Ana, false, default));
        Assert.Empty(await queries.OfCallAsync(call, ReviewRoad.Ben, false, default));
        Assert.Empty((await queries.ListAsync(new(new(), ReviewRoad.Ben), default)).Items);
        Assert.Single((await queries.ListAsync(new(new(), BlindFor: null), default)).Items);

        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ben));
        Assert.Equal([1, 2], (await queries.OfCallAsync(call, ReviewRoad.Ben, false, default)).Select(line => line.Slot ?? 0));
        Assert.Equal(2, (await queries.OfCallAsync(call, ReviewRoad.Ana, false, default)).Count);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task SecondReviewer_WantedAfterTheFirst_MakesAPair(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ana, 1, 0));

        Assert.Null(await road.Get<ReviewQueue>().AddSecondAsync(call, ReviewRoad.Ana, default));
        Assert.NotNull(await road.Get<ReviewQueue>().AddSecondAsync(call, ReviewRoad.Ana, default));
        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ben, 1, 1));

        var report = await road.Get<ReviewFigures>().AgreementAsync(default);
        Assert.Equal([call], report.CallIds);
        Assert.Equal((1, 1), (report.Defects.Pairs, report.Labels.Equal));
        Assert.Equal([1, 0, 1, 1, 1], report.Items.Select(item => item.Agreement.Equal));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Assign_WhatSomebodyWorksOn_StaysTheirs(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        var item = (await road.Get<ReviewClaims>().NextAsync(ReviewRoad.Ana, null, default))!;

        Assert.False(await road.Get<ReviewQueue>().AssignAsync(item.Id, ReviewRoad.Ben, null, default));
        road.Clock.Now += ReviewClaims.Lasts;
        Assert.True(await road.Get<ReviewQueue>().AssignAsync(item.Id, ReviewRoad.Ben, road.Clock.Now.AddDays(2), default));
        Assert.Null(await road.Get<ReviewClaims>().NextAsync(ReviewRoad.Ana, null, default));
    }
}
