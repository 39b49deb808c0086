using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>Rules look at calls once they have landed.</summary>
[Trait("Requirement", "T4")]
public sealed class QueueRulesTests
{
    [Theory, OnSqlite, OnSqlServer]
    public async Task Follow_EachKind_QueuesTheCallsThatMeetIt(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        foreach (var (kind, value) in new[] { (QueueRuleKind.TransferFailed, null), (QueueRuleKind.CalleeHungUpEarly, null), (QueueRuleKind.Contradiction, "TimesOutOfOrder"), (QueueRuleKind.LabelIs, "C"), (QueueRuleKind.WordSaid, "polisi 100%") })
            Assert.Null(await road.Get<QueueRules>().AddAsync(Rule(kind, value), default));

        var ids = road.Calls(12, (entry, i) => i switch
        {
            0 => entry with { TransferAsked = true },
            1 => entry with { TransferAsked = true, TransferTaken = true },
            2 => entry with { Turns = 1 },
            3 => entry with { Turns = 1, HangupType = "ByRobot" },
            4 => entry with { Flags = CallFlags.TimesOutOfOrder | CallFlags.OddField },
            5 => entry with { Flags = CallFlags.HangupFieldsDisagree },
            6 => entry with { Label = "C" },
            _ => entry,
        });
        await using var db = road.Db();
        await db.CallDetails.Where(detail => detail.CallId == ids[7]).ExecuteUpdateAsync(detail => detail.SetProperty(it => it.TurnsJson, """[{"robot":"","callee":"saya lapor polisi 100% pasti"}]"""));
        await db.CallDetails.Where(detail => detail.CallId == ids[8]).ExecuteUpdateAsync(detail => detail.SetProperty(it => it.Summary, "polisi 100 pasti"));

        await FollowAsync(road);

        var queued = await db.ReviewItems.OrderBy(item => item.CallId).Select(item => new { item.CallId, item.Source, item.RuleId }).ToListAsync();
        Assert.Equal([ids[0], ids[2], ids[4], ids[6], ids[7]], queued.Select(item => item.CallId));
        Assert.Equal([1, 2, 3, 4, 5], queued.Select(item => item.RuleId ?? 0));
        Assert.All(queued, item => Assert.Equal(ReviewSource.Rule, item.Source));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Follow_LandedAgain_QueuesNothingTwice(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        Assert.Null(await road.Get<QueueRules>().AddAsync(Rule(QueueRuleKind.LabelIs, "A"), default));
        var ids = road.Calls(3);
        await FollowAsync(road);
        await using var db = road.Db();
        var item = (await road.Get<ReviewClaims>().NextAsync(ReviewRoad.Ana, null, default))!;
        await road.Get<ReviewClaims>().SkipAsync(item.Id, ReviewRoad.Ana, "no sound", default);

        // A newer version of the first call: another delivery that landed.
        var last = await db.Landings.OrderByDescending(row => row.Sequence).FirstAsync();
        db.Add(new Landing { Sequence = last.Sequence + 1, DeliveryId = 1, ConnectionId = last.ConnectionId, CallTaskId = last.CallTaskId, LandedAt = last.LandedAt, Calls = 1, Again = true });
        await db.SaveChangesAsync();
        await FollowAsync(road);

        Assert.Equal(3, await db.ReviewItems.CountAsync());
        Assert.Equal(3, await db.RuleMatches.CountAsync());
        Assert.Equal(1, await db.ReviewItems.CountAsync(row => row.State == ReviewItemState.Skipped));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Follow_MoreThanTheDaysCap_LeavesTheRestOutAndSaysSo(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var rule = Rule(QueueRuleKind.LabelIs, "A");
        rule.DailyCap = 4;
        Assert.Null(await road.Get<QueueRules>().AddAsync(rule, default));
        road.Calls(6);
        await FollowAsync(road);
        road.Calls(3);
        await FollowAsync(road);

        // Midnight in Jakarta is at 17:00 UTC.
        road.Clock.Now = road.Clock.Now.Date.AddDays(1).AddHours(17);
        road.Calls(1);
        await FollowAsync(road);

        var line = Assert.Single(await road.Get<QueueRules>().ListAsync(default));
        Assert.Equal((5, 5), (line.Matches[RuleOutcome.Queued], line.Matches[RuleOutcome.OverCap]));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Follow_Share_IsDecidedByTheCall(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var rule = Rule(QueueRuleKind.LabelIs, "A");
        (rule.SharePercent, rule.DailyCap) = (10, 1000);
        Assert.Null(await road.Get<QueueRules>().AddAsync(rule, default));
        var ids = road.Calls(200);
        await FollowAsync(road);

        await using var db = road.Db();
        Assert.Equal(ids.Where(id => Draw.InShare($"rule {rule.Id}", id, 10)), await db.ReviewItems.Select(item => item.CallId).Order().ToListAsync());
        Assert.Equal(200, await db.RuleMatches.CountAsync());
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Follow_WhatLandedBeforeTheRule_IsLeftAlone(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        road.Calls(3);
        Assert.Null(await road.Get<QueueRules>().AddAsync(Rule(QueueRuleKind.LabelIs, "A"), default));
        var fresh = road.Calls(1)[0];
        await FollowAsync(road);

        await using var db = road.Db();
        Assert.Equal([fresh], await db.ReviewItems.Select(item => item.CallId).ToListAsync());
        await road.Get<QueueRules>().EnableAsync(1, false, default);
        road.Calls(2);
        await FollowAsync(road);
        await road.Get<QueueRules>().EnableAsync(1, true, default);
        await FollowAsync(road);
        Assert.Equal(1, await db.ReviewItems.CountAsync());
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task D9_Follow_ByTwoNodesAtOnce_LooksAtEachLandingOnce(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        Assert.Null(await road.Get<QueueRules>().AddAsync(Rule(QueueRuleKind.LabelIs, "A"), default));
        road.Calls(250);

        await Task.WhenAll(FollowAsync(road), FollowAsync(road), FollowAsync(road));

        await using var db = road.Db();
        Assert.Equal(250, await db.RuleMatches.CountAsync());
        Assert.Equal(20, await db.ReviewItems.CountAsync());
        Assert.Equal(250, await db.Counters.Where(row => row.Name == "review-rules").Select(row => row.Value).SingleAsync());
    }

    [Theory]
    [InlineData(QueueRuleKind.LabelIs, null, "needs a value")]
    [InlineData(QueueRuleKind.Contradiction, "Nonsense", "is not a contradiction")]
    [InlineData(QueueRuleKind.CalleeHungUpEarly, "soon", "Turns must be")]
    public async Task Add_RuleThatCannotWork_IsRefusedInWords(QueueRuleKind kind, string? value, string sentence)
    {
        using var road = new ReviewRoad();
        Assert.Contains(sentence, await road.Get<QueueRules>().AddAsync(Rule(kind, value), default), StringComparison.Ordinal);
    }

    private static async Task FollowAsync(ReviewRoad road)
    {
        while (await road.Get<QueueRules>().FollowAsync(default))
        {
        }
    }

    private static QueueRule Rule(QueueRuleKind kind, string? value) => new() { Name = kind.ToString(), Kind = kind, Value = value, Enabled = true, CreatedBy = ReviewRoad.Ana };
}
