using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Metrics;

public sealed class SummaryQueryTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly TestClock clock = new();
    private readonly LabelTable labels;
    private readonly CallBuilder build;

    public SummaryQueryTests()
    {
        labels = new(store.Contexts, clock);
        build = new(store);
    }

    private Task<Summary> Read(CallFilter filter, SlotPlan? plan = null, DateTimeOffset? until = null) =>
        new SummaryQuery(store.Contexts, labels).ReadAsync(filter, plan, until);

    private static void Is(Summary summary, string name, double? value, long? numerator, long? denominator)
    {
        var figure = summary[name];
        Assert.Equal((value, numerator, denominator), (figure.Value is { } known ? Math.Round(known, 6) : null, figure.Numerator, figure.Denominator));
    }

    [Fact]
    public async Task Figures_SmallHistory_AreWhatAPersonCounts()
    {
        build.Meaning("A", Meaning.RightParty | Meaning.Promise).Meaning("B", Meaning.RightParty);
        var task = build.Task(listSize: 8);
        var at = build.At("2026-03-14 10:00");
        build
            .Call(task, at, call => call with { Callee = "+1", Duration = 40, RobotTalk = 30, Turns = 4, Redials = [at.AddMinutes(-20), at.AddMinutes(-10)] })
            .Call(task, at, call => call with { Callee = "+2", Label = "B", Duration = 6, RobotTalk = 5, Turns = 1, TransferAsked = true, TransferTaken = true })
            .Call(task, at, call => call with { Callee = "+3", Label = "C", Duration = 20, RobotTalk = 20, Turns = 1, CalleeSpoke = false, TransferAsked = true, Flags = CallFlags.HangupFieldsDisagree | CallFlags.TimesOutOfOrder })
            .Call(task, at, call => call with { Callee = "+4", Label = null, Duration = 10, RobotTalk = null, Turns = 2, Flags = CallFlags.NoCallId })
            .Delivery(task, at.AddHours(1), new() { At = at, Callee = "+5", Redials = [at.AddMinutes(-10)] }, new() { At = at, Callee = "+6" })
            .Delivery(task, at.AddHours(1), new CallBuilder.Entry { At = at, Callee = "+7", Redials = [at.AddMinutes(-10)] }.Unanswered(), new CallBuilder.Entry { At = at, Callee = "+8" }.Unanswered())
            .Save();

        var summary = await Read(new CallFilter { From = new(2026, 3, 14), To = new(2026, 3, 14) });

        Is(summary, Figures.Deliveries, 6, 6, null);
        Is(summary, Figures.NumbersHeard, 8, 8, null);
        Is(summary, Figures.NumbersReached, 6, 6, null);
        Is(summary, Figures.Attempts, 12, 12, null);
        Is(summary, Figures.Connected, 6, 6, null);
        Is(summary, Figures.AnswerRate, 0.5, 6, 12);
        Is(summary, Figures.Reach, 0.75, 6, 8);
        Is(summary, Figures.Coverage, 1, 8, 8);
        Is(summary, Figures.AttemptsPerNumber, 1.5, 12, 8);
        Is(summary, Figures.AverageCallDuration, 26, 156, 6);
        Is(summary, Figures.AverageRobotTalk, 25, 125, 5);
        Is(summary, Figures.AverageRingTime, 14.166667, 170, 12);
        Is(summary, Figures.ShortCallShare, 0.166667, 1, 6);
        Is(summary, Figures.NoResponseRate, 0.166667, 1, 6);
        Is(summary, Figures.TurnsPerCall, 2.666667, 16, 6);
        Is(summary, Figures.TransferRequests, 2, 2, null);
        Is(summary, Figures.TransferRate, 0.333333, 2, 6);
        Is(summary, Figures.TransferSuccess, 0.5, 1, 2);
        Is(summary, Figures.RightPartyOfConnects, 0.666667, 4, 6);
        Is(summary, Figures.PromiseOfRightParty, 0.75, 3, 4);
        Is(summary, Figures.UnmappedShare, 0.333333, 2, 6);
        Is(summary, Figures.ContradictionRate, 0.125, 1, 8);
        Assert.All(summary.Figures.Values, figure => Assert.False(figure.Provisional));
    }

    [Fact]
    public async Task Figures_NoCalls_AreUnknownNotZero()
    {
        var summary = await Read(new CallFilter());

        Is(summary, Figures.Attempts, 0, 0, null);
        Is(summary, Figures.AnswerRate, null, 0, 0);
        Assert.NotNull(summary[Figures.AnswerRate].Reason);
        Assert.Null(summary[Figures.Reach].Value);
    }

    [Fact]
    public async Task Figures_UnknownListSize_ListFiguresAreNullWithReason()
    {
        build.Call(build.Task(), build.At("2026-03-14 10:00")).Save();

        var summary = await Read(new CallFilter());

        Assert.Null(summary[Figures.Reach].Value);
        Assert.Contains("list size", summary[Figures.Reach].Reason, StringComparison.Ordinal);
        Assert.Null(summary[Figures.Coverage].Value);
        Assert.NotNull(summary[Figures.AnswerRate].Value);
    }

    [Theory]
    [InlineData("calling", null, true)]
    [InlineData(null, null, true)]
    [InlineData("finished", null, false)]
    [InlineData("finished", 2, true)]
    [InlineData("calling", 1, true)]
    [InlineData("finished", 1, false)]
    public async Task Provisional_UntilTheTaskIsComplete(string? status, int? listSize, bool provisional)
    {
        build.Call(build.Task(status: status, listSize: listSize), build.At("2026-03-14 10:00")).Save();

        var figure = (await Read(new CallFilter()))[Figures.AnswerRate];

        Assert.Equal(provisional, figure.Provisional);
        Assert.Equal(provisional, figure.Reason is not null);
    }

    [Fact]
    public async Task Period_LocalDayOfTheConnection_DecidesNotTheUtcDay()
    {
        var task = build.Task();
        build
            .Call(task, build.At("2026-03-14 23:59"))
            .Call(task, build.At("2026-03-15 00:00"), call => call with { Redials = [build.At("2026-03-14 23:50")] })
            .Call(task, build.At("2026-03-15 23:59"))
            .Call(task, build.At("2026-03-16 00:00"))
            .Save();

        var summary = await Read(new CallFilter { From = new(2026, 3, 15), To = new(2026, 3, 15) });
        var before = await Read(new CallFilter { From = new(2026, 3, 14), To = new(2026, 3, 14) });

        Is(summary, Figures.Calls, 2, 2, null);
        Is(summary, Figures.Attempts, 2, 2, null);
        Is(before, Figures.Calls, 1, 1, null);
        Is(before, Figures.Attempts, 2, 2, null);
    }

    [Fact]
    public async Task Period_ConnectionsInTwoZones_EachHasItsOwnDayAndTheSumsAddUp()
    {
        var mexico = new Connection { Name = "Cobranza", TimeZone = "America/Mexico_City" };
        using (var db = store.Contexts.CreateDbContext())
        {
            db.Add(mexico);
            db.SaveChanges();
        }

        var there = new CallBuilder(store.Contexts, mexico);
        build.Call(build.Task(), build.At("2026-03-15 08:20")).Save();
        there.Call(there.Task("task2"), there.At("2026-03-15 08:40")).Call(there.Task("task3"), there.At("2026-03-14 23:00")).Save();

        var summary = await Read(new CallFilter { From = new(2026, 3, 15), To = new(2026, 3, 15) }, SlotPlan.Of(new(2026, 3, 15), new(2026, 3, 15)));
        var all = await Read(new CallFilter());
        var one = await Read(new CallFilter { Connection = "cobranza" });

        Is(summary, Figures.Calls, 2, 2, null);
        Assert.Equal((1, 1), (summary.Slots[33].Calls, summary.Slots[34].Calls));
        Assert.Equal(["Asia/Jakarta", "America/Mexico_City"], summary.Zones.Order().Reverse());
        Is(all, Figures.Calls, 3, 3, null);
        Is(all, Figures.Attempts, 3, 3, null);
        Is(one, Figures.Calls, 2, 2, null);
    }

    [Fact]
    public async Task Period_WithTimesOfDay_HoldsTheDialsOfTheseTimesAlone()
    {
        var (task, at) = (build.Task(), build.At("2026-03-14 10:00"));
        build.Call(task, at, call => call with { Redials = [at.AddMinutes(-50), at.AddMinutes(-5)] }).Call(task, at.AddHours(1), call => call with { Redials = [at.AddMinutes(20)] }).Save();

        var summary = await Read(new CallFilter { From = new(2026, 3, 14), FromTime = new(9, 30), To = new(2026, 3, 14), ToTime = new(10, 30) });

        Is(summary, Figures.Calls, 1, 1, null);
        Is(summary, Figures.Attempts, 3, 3, null);
    }

    [Fact]
    public async Task Slots_QuarterHours_HoldCallsAndDialsByTheirStart()
    {
        var task = build.Task();
        build
            .Call(task, build.At("2026-03-15 00:00"))
            .Call(task, build.At("2026-03-15 09:14:59"))
            .Call(task, build.At("2026-03-15 09:15"), call => call.Unanswered() with { Redials = [build.At("2026-03-15 08:59")] })
            .Call(task, build.At("2026-03-15 23:59:59"))
            .Save();
        var day = new DateOnly(2026, 3, 15);

        var summary = await Read(new CallFilter { From = day, To = day }, SlotPlan.Of(day, day));

        Assert.Equal(96, summary.Slots.Count);
        Assert.Equal([0, 36, 37, 95], summary.Slots.Index().Where(slot => slot.Item.Calls > 0).Select(slot => slot.Index));
        Assert.Equal([0, 35, 36, 37, 95], summary.Slots.Index().Where(slot => slot.Item.Attempts > 0).Select(slot => slot.Index));
        Assert.Equal("09:15", summary.Plan.Name(37));
    }

    [Fact]
    public async Task Until_HalfADay_LeavesOutWhatBeganLater()
    {
        var task = build.Task();
        build.Call(task, build.At("2026-03-15 09:00")).Call(task, build.At("2026-03-15 11:00")).Save();

        var summary = await Read(new CallFilter { From = new(2026, 3, 15), To = new(2026, 3, 15) }, until: build.At("2026-03-15 10:00"));

        Is(summary, Figures.Calls, 1, 1, null);
        Is(summary, Figures.Attempts, 1, 1, null);
        Is(summary, Figures.Deliveries, 1, 1, null);
    }

    [Fact]
    public async Task Promises_SameNumberTwiceOnADay_IsOnePromise()
    {
        build.Meaning("A", Meaning.RightParty | Meaning.Promise);
        var task = build.Task();
        build
            .Call(task, build.At("2026-03-15 09:00"), call => call with { Callee = "+1" })
            .Call(task, build.At("2026-03-15 15:00"), call => call with { Callee = "+1" })
            .Call(task, build.At("2026-03-16 09:00"), call => call with { Callee = "+1" })
            .Save();

        var summary = await Read(new CallFilter { From = new(2026, 3, 15), To = new(2026, 3, 16) });

        Assert.Equal((2, 3), (summary[Figures.PromiseOfRightParty].Numerator!.Value, summary[Figures.PromiseOfRightParty].Denominator!.Value));
    }

    [Fact]
    public async Task Meanings_OfOneRobot_DoNotReachAnother()
    {
        build.Meaning("A", Meaning.RightParty, robot: CallBuilder.Robot).Meaning("A", Meaning.Refusal);
        var task = build.Task();
        var at = build.At("2026-03-15 09:00");
        build.Call(task, at).Call(task, at, call => call with { RobotHash = "another" }).Save();

        var summary = await Read(new CallFilter());

        Is(summary, Figures.RightPartyOfConnects, 0.5, 1, 2);
        Is(summary, Figures.UnmappedShare, 0, 0, 2);
        Is(summary, Figures.PromiseOfRightParty, null, 0, 1);
    }

    [Fact]
    public async Task Deliveries_FilterOnlyCallsKnow_CannotBeCounted()
    {
        var task = build.Task();
        build.Call(task, build.At("2026-03-15 09:00")).Call(build.Task("task2"), build.At("2026-03-15 09:00")).Save();

        Assert.Null((await Read(new CallFilter { Label = "A" }))[Figures.Deliveries].Value);
        Is(await Read(new CallFilter { Task = "task1" }), Figures.Deliveries, 1, 1, null);
    }

    public void Dispose()
    {
        labels.Dispose();
        store.Dispose();
    }
}
