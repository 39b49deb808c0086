using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Alerts;

public sealed class CallFollowerTests
{
    [Fact]
    public async Task Calls_BeforeTheFirstLook_RingNothing_LaterOnesOnce()
    {
        using var road = new AlertRoad();
        road.Add(Rule(label: "G"));
        var task = road.Build.Task();
        road.Build.Call(task, road.Build.At("2026-03-15 09:00"), call => call with { Label = "G" }).Save();
        await road.FollowAsync();
        Assert.Empty(await road.AlertsAsync());

        var ids = road.Build.Call(task, road.Build.At("2026-03-15 09:01"), call => call with { Label = "G" }).Call(task, road.Build.At("2026-03-15 09:02")).Save();
        await road.FollowAsync();
        await road.FollowAsync();

        var alert = Assert.Single(await road.AlertsAsync());
        Assert.Equal(("A call: label G", 1L), (alert.Words, alert.Calls));
        Assert.Equal([ids[0]], await road.Get<AlertQueries>().CallsAsync(alert.Id, 10, default));
    }

    [Fact]
    public async Task Calls_WithinThePause_JoinTheLastAlert()
    {
        using var road = new AlertRoad();
        var rule = Rule(label: "G");
        rule.PauseMinutes = 60;
        road.Add(rule);
        var task = road.Build.Task();
        await road.FollowAsync();
        await CallAsync("2026-03-15 09:00");
        await road.Get<AlertQueries>().ResolveAsync(Assert.Single(await road.AlertsAsync()).Id, "ann", null, default);

        await CallAsync("2026-03-15 09:30");
        Assert.Equal(2, Assert.Single(await road.AlertsAsync()).Calls);

        await CallAsync("2026-03-15 10:01");
        Assert.Equal(2, (await road.AlertsAsync()).Count);

        Task CallAsync(string at)
        {
            road.SetClock(at);
            road.Build.Call(task, road.Build.At(at), call => call with { Label = "G" }).Save();
            return road.FollowAsync();
        }
    }

    [Fact]
    public async Task Word_IsLookedForInWhatWasSaidOnly()
    {
        using var road = new AlertRoad();
        road.Add(Rule(word: "LAWYER"));
        road.Add(Rule(word: "robot"));
        await road.FollowAsync();

        await road.Road.ReceiveAsync(Body("a", "I will ask my lawyer"));
        await road.Road.ReceiveAsync(Body("b", "no"));
        await road.FollowAsync();

        var alert = Assert.Single(await road.AlertsAsync());
        Assert.Equal("A call: “LAWYER” was said", alert.Words);
        Assert.Equal(1, alert.Calls);
    }

    [Fact]
    public async Task Call_ArrivingAgain_DoesNotRingAgain()
    {
        using var road = new AlertRoad();
        var rule = Rule(word: "lawyer");
        rule.PauseMinutes = 0;
        road.Add(rule);
        await road.FollowAsync();
        await road.Road.ReceiveAsync(Body("a", "I will ask my lawyer"));
        await road.FollowAsync();
        var first = Assert.Single(await road.AlertsAsync());
        await road.Get<AlertQueries>().ResolveAsync(first.Id, "ann", null, default);

        var second = await road.Road.ReceiveAsync(Body("a", "I will ask my lawyer!"));
        await road.FollowAsync();
        await new Replay(road.Road.Contexts).OneAsync(second.Id, default);
        await road.Road.ProcessAsync(second.Id);
        await road.FollowAsync();

        Assert.Single(await road.AlertsAsync());
    }

    [Fact]
    public async Task Contradiction_RingsForTheCallWithOne()
    {
        using var road = new AlertRoad();
        road.Add(Rule(contradiction: true));
        await road.FollowAsync();
        var task = road.Build.Task();
        var ids = road.Build.Call(task, road.Build.At("2026-03-15 09:01"), call => call with { Flags = CallFlags.OddField })
            .Call(task, road.Build.At("2026-03-15 09:02"), call => call with { Flags = CallFlags.TimesOutOfOrder }).Save();

        await road.FollowAsync();

        Assert.Equal([ids[1]], await road.Get<AlertQueries>().CallsAsync(Assert.Single(await road.AlertsAsync()).Id, 10, default));
    }

    private static AlertRule Rule(string? label = null, string? word = null, bool contradiction = false) =>
        new() { Name = "Call", Kind = AlertKind.Call, Label = label, Word = word, Contradiction = contradiction, ChangedBy = "" };

    private static string Body(string id, string said) =>
        $$"""{"task_id":"t","details":[{"call_id":"{{id}}","duration":"20","call_connect_time":"2026-03-15 09:00:00","asr_result":[{"time":"1","robottext":"Hello","text":"{{said}}"}]}]}""";
}
