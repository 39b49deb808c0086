using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Watch;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Alerts;

public sealed class AlertEvaluationTests
{
    [Fact]
    public async Task Figure_UnderItsThreshold_OpensOnceAndResolvesByItself()
    {
        using var road = new AlertRoad();
        road.Add(AlertRoad.AnswerRate());
        var task = road.Build.Task(status: "calling");
        Dial(road, task, "2026-03-15 10:00", connected: 1, of: 5);

        await road.EvaluateAsync("2026-03-15 10:20");
        await road.EvaluateAsync("2026-03-15 10:21");

        var alert = Assert.Single(await road.AlertsAsync());
        Assert.Equal((AlertState.Open, 0.2, 5L, false), (alert.State, alert.Value, alert.N, alert.Quiet));
        Assert.Contains("1 / 5", alert.Words, StringComparison.Ordinal);

        Dial(road, task, "2026-03-15 10:25", connected: 5, of: 5);
        await road.EvaluateAsync("2026-03-15 10:30");
        alert = Assert.Single(await road.AlertsAsync());
        Assert.Equal((AlertState.Resolved, null), (alert.State, alert.ResolvedBy));
    }

    [Fact]
    public async Task Figure_OfTheLastHour_ForgetsWhatIsOlder()
    {
        using var road = new AlertRoad();
        road.Add(AlertRoad.AnswerRate());
        Dial(road, road.Build.Task(), "2026-03-15 00:10", connected: 0, of: 5);

        await road.EvaluateAsync("2026-03-15 01:05");
        Assert.Equal("Answer rate", (await road.AlertsAsync()).Select(alert => alert.Name).SingleOrDefault());
        await road.EvaluateAsync("2026-03-15 09:00");

        // Nobody was dialled since: that says nothing.
        Assert.Equal(AlertState.Open, Assert.Single(await road.AlertsAsync()).State);
        await using var db = road.Road.Db();
        Assert.Contains("not known", (await db.Set<AlertWatch>().SingleAsync()).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Figure_OverMidnight_CountsBothDays()
    {
        using var road = new AlertRoad();
        road.Add(AlertRoad.AnswerRate());
        var task = road.Build.Task();
        Dial(road, task, "2026-03-14 23:50", connected: 0, of: 3);
        Dial(road, task, "2026-03-15 00:05", connected: 1, of: 2);

        await road.EvaluateAsync("2026-03-15 00:10");

        Assert.Equal(5, Assert.Single(await road.AlertsAsync()).N);
    }

    [Fact]
    public async Task Figure_ProvisionalOrTooFew_OpensNothingUnlessAsked()
    {
        using var road = new AlertRoad();
        var patient = AlertRoad.AnswerRate();
        patient.Provisional = false;
        road.Add(patient);
        var picky = AlertRoad.AnswerRate();
        picky.LeastN = 6;
        road.Add(picky);
        Dial(road, road.Build.Task(status: "calling"), "2026-03-15 10:00", connected: 1, of: 5);

        await road.EvaluateAsync("2026-03-15 10:20");

        Assert.Empty(await road.AlertsAsync());
    }

    [Fact]
    public async Task QuietHours_OpenSilently()
    {
        using var road = new AlertRoad();
        var rule = AlertRoad.AnswerRate();
        (rule.QuietFrom, rule.QuietTo, rule.Sound, rule.WebhookUrl, rule.WebhookSecret) = (22 * 60, 7 * 60, true, "https://hooks.example.com/", "sealed");
        road.Add(rule);
        Dial(road, road.Build.Task(), "2026-03-15 06:00", connected: 1, of: 5);

        await road.EvaluateAsync("2026-03-15 06:20");

        Assert.True(Assert.Single(await road.AlertsAsync()).Quiet);
        Assert.Empty(await road.SendingsAsync());
        Assert.Equal(new AlertCount(1, 0, 0), await road.Get<AlertQueries>().CountAsync(default));
    }

    [Fact]
    public async Task Pause_BetweenTwoOpenings_IsKept()
    {
        using var road = new AlertRoad();
        var rule = AlertRoad.AnswerRate();
        rule.PauseMinutes = 60;
        road.Add(rule);
        Dial(road, road.Build.Task(), "2026-03-15 10:00", connected: 1, of: 5);
        await road.EvaluateAsync("2026-03-15 10:10");
        await road.Get<AlertQueries>().ResolveAsync(Assert.Single(await road.AlertsAsync()).Id, "ann", "seen", default);

        await road.EvaluateAsync("2026-03-15 10:30");
        Assert.Single(await road.AlertsAsync());

        await road.EvaluateAsync("2026-03-15 11:10");
        Assert.Equal([AlertState.Resolved, AlertState.Open], (await road.AlertsAsync()).Select(alert => alert.State));
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task Silence_InDiallingHoursOnly(StorageProvider provider)
    {
        using var road = new AlertRoad(provider);
        road.Add(new AlertRule { Name = "Silence", Kind = AlertKind.Silence, Threshold = 15, DialFrom = 9 * 60, DialTo = 18 * 60, DialDays = 0b011_1110, ChangedBy = "" });
        await DeliverAsync(road, "2026-03-13 17:50");

        await road.EvaluateAsync("2026-03-13 18:30");
        await road.EvaluateAsync("2026-03-14 12:00"); // Saturday
        await road.EvaluateAsync("2026-03-16 09:10"); // Monday, but only for ten minutes
        Assert.Empty(await road.AlertsAsync());

        await road.EvaluateAsync("2026-03-16 09:16");
        Assert.Equal("Nothing received for 16 min in dialling hours", Assert.Single(await road.AlertsAsync()).Words);

        await DeliverAsync(road, "2026-03-16 09:20");
        await road.EvaluateAsync("2026-03-16 09:21");
        Assert.Equal(AlertState.Resolved, Assert.Single(await road.AlertsAsync()).State);
    }

    [Fact]
    [Trait("Requirement", "L10")]
    public async Task L10_Quarantine_OpensTheFeedsOwnAlert()
    {
        using var road = new AlertRoad();
        await using (var db = road.Road.Db())
        {
            await db.Set<AlertRule>().Where(row => row.Figure == FeedAlarms.Quarantine).ExecuteUpdateAsync(row => row.SetProperty(it => it.Enabled, true));
        }

        await road.Road.ReceiveAsync("[]");
        await road.EvaluateAsync();

        Assert.Equal("Deliveries that cannot be understood", Assert.Single(await road.AlertsAsync()).Name);
    }

    [Fact]
    public async Task Line_AnsweredMuchLess_OpensForThatNumberMasked()
    {
        using var road = new AlertRoad();
        await using (var db = road.Road.Db())
        {
            await db.Set<AlertRule>().Where(row => row.Kind == AlertKind.Line).ExecuteUpdateAsync(row => row.SetProperty(it => it.Enabled, true).SetProperty(it => it.LeastN, 5).SetProperty(it => it.HoldMinutes, 0));
        }

        var task = road.Build.Task();
        Dial(road, task, "2026-03-15 10:00", connected: 1, of: 5, caller: "+62215000111");
        Dial(road, task, "2026-03-15 10:10", connected: 5, of: 5, caller: "+62215000222");

        await road.EvaluateAsync("2026-03-15 10:20");

        var alert = Assert.Single(await road.AlertsAsync());
        Assert.Equal((1 / 3.0, 5L), (alert.Value!.Value, alert.N));
        Assert.Contains("•••• 111", alert.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("62215000", alert.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_OfTwoNodes_IsOnesUntilItEnds()
    {
        using var road = new AlertRoad();
        var mine = road.Get<AlertClaim>();
        var other = new AlertClaim(road.Road.Contexts, road.Get<WriteGate>(), road.Road.Clock);
        Assert.True(await mine.TakeAsync(default));
        Assert.False(await other.TakeAsync(default));

        road.Road.Clock.Now += AlertClaim.Length + TimeSpan.FromSeconds(1);
        Assert.True(await other.TakeAsync(default));

        // It slept, and does not know yet that its turn is over.
        Dial(road, road.Build.Task(), "2026-03-15 06:50", connected: 0, of: 5);
        road.Add(AlertRoad.AnswerRate());
        await Assert.ThrowsAsync<AlertClaimLostException>(() => road.Get<AlertEvaluation>().RunAsync(default));
        Assert.Empty(await road.AlertsAsync());

        // A clock that was set back far does not lock everybody out.
        road.Road.Clock.Now -= TimeSpan.FromDays(1);
        Assert.True(await new AlertClaim(road.Road.Contexts, road.Get<WriteGate>(), road.Road.Clock).TakeAsync(default));
    }

    [Fact]
    public async Task Preview_PastDays_OpensAsTheEvaluationWouldHave()
    {
        using var road = new AlertRoad();
        road.SetClock("2026-03-15 12:00");
        var task = road.Build.Task();
        Dial(road, task, "2026-03-10 10:00", connected: 0, of: 5);
        Dial(road, task, "2026-03-10 10:20", connected: 5, of: 5);
        Dial(road, task, "2026-03-13 10:00", connected: 0, of: 5);
        Dial(road, task, "2026-03-01 10:00", connected: 0, of: 5);

        var answer = await road.Get<RulePreview>().ReadAsync(AlertRoad.AnswerRate(), default);

        Assert.Equal([road.Build.At("2026-03-13 10:15"), road.Build.At("2026-03-10 10:15")], answer.Openings);
        var daily = AlertRoad.AnswerRate();
        (daily.Figure, daily.Window, daily.Threshold, daily.LeastN) = (Figures.NumbersHeard, AlertWindow.Today, 100, 1);
        Assert.Equal(2, (await road.Get<RulePreview>().ReadAsync(daily, default)).Looks);
    }

    [Fact]
    public async Task Rules_Wrong_AreRefusedInWords()
    {
        using var road = new AlertRoad();
        var rules = road.Get<AlertRules>();
        var rule = AlertRoad.AnswerRate();
        (rule.Figure, rule.WebhookUrl, rule.MailTo, rule.Recover) = (Figures.Coverage, "https://elsewhere.example.com/", "ann@example.com", 0.1);

        var (problems, key) = await rules.SaveAsync(rule, "ann", false, default);

        Assert.Equal(4, problems.Count);
        Assert.Null(key);
        Assert.False(await rules.DeleteAsync(1, "ann", default));
        var good = AlertRoad.AnswerRate();
        Assert.Empty((await rules.SaveAsync(good, "ann", false, default)).Problems);
        Assert.True(await rules.DeleteAsync(good.Id, "ann", default));
    }

    internal static void Dial(AlertRoad road, CallTask task, string at, int connected, int of, string caller = "+622150001")
    {
        for (var i = 0; i < of; i++)
        {
            var answered = i < connected;
            road.Build.Call(task, road.Build.At(at).AddSeconds(i), call => (answered ? call : call.Unanswered()) with { Caller = caller });
        }

        road.Build.Save();
    }

    private static async Task DeliverAsync(AlertRoad road, string at)
    {
        await using var db = road.Road.Db();
        db.Add(new Delivery { ConnectionId = road.Road.Connection.Id, UrlKind = "", Sha256 = Guid.NewGuid().ToByteArray().Concat(new byte[16]).ToArray(), ReceivedAt = road.Build.At(at), Source = "127.0.0.1", Headers = "{}", Outcome = DeliveryOutcome.Processed });
        await db.SaveChangesAsync();
    }
}
