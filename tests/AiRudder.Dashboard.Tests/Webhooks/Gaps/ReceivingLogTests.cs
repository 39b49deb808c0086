using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Gaps;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Tests.Webhooks.Gaps;

/// <summary>When the product was not able to receive, and that a clock that is set neither makes nor hides such a time.</summary>
[Trait("Requirement", "D10")]
public sealed class ReceivingLogTests
{
    [Theory, OnSqlite, OnSqlServer]
    public async Task D10_FirstStart_IsNoGap(StorageProvider provider)
    {
        using var machine = new Machine(provider);
        var process = machine.Start();

        await machine.BeatForAsync(process, TimeSpan.FromMinutes(10));

        Assert.Empty(await machine.GapsAsync());
        var span = Assert.Single(await machine.SpansAsync());
        Assert.Equal(TimeSpan.FromMinutes(10), span.Until - span.From);
        Assert.Null(process.AbsentSince);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task D10_KilledForLongerThanTheSenderTries_CallsMayBeMissing(StorageProvider provider)
    {
        using var machine = new Machine(provider);
        await machine.BeatForAsync(machine.Start(), TimeSpan.FromMinutes(1));
        var killed = machine.Clock.Now;

        machine.Clock.Pass(TimeSpan.FromMinutes(7));
        await machine.Start().BeatAsync(default);

        var gap = Assert.Single(await machine.GapsAsync());
        Assert.Equal((killed, machine.Clock.Now, GapCause.Absent, true, GapState.Open), (gap.From, gap.Until, gap.Cause, gap.MayHaveLost, gap.State));
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(40, 1)]
    [InlineData(299, 1)]
    public async Task D10_AwayForLessThanTheSenderTries_IsNotedOnly(int seconds, int gaps)
    {
        using var machine = new Machine();
        await machine.BeatForAsync(machine.Start(), TimeSpan.FromMinutes(1));

        machine.Clock.Pass(TimeSpan.FromSeconds(seconds));
        await machine.Start().BeatAsync(default);

        var noted = await machine.GapsAsync();
        Assert.Equal(gaps, noted.Count);
        Assert.All(noted, gap => Assert.False(gap.MayHaveLost));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task D10_AnotherNodeReceivedMeanwhile_IsNoGap(StorageProvider provider)
    {
        using var machine = new Machine(provider);
        await machine.BeatForAsync(machine.Start(), TimeSpan.FromMinutes(1));
        machine.Clock.Pass(TimeSpan.FromMinutes(30));
        await using (var db = machine.Db())
        {
            db.Add(new ReceivingSpan { Node = "the other", From = machine.Clock.Now.AddHours(-2), Until = machine.Clock.Now.AddSeconds(-4), Facts = "{}" });
            await db.SaveChangesAsync();
        }

        await machine.Start().BeatAsync(default);

        Assert.Empty(await machine.GapsAsync());
    }

    [Fact]
    public async Task D10_DeliveriesThatCannotBeStored_AreAGap()
    {
        using var machine = new Machine();
        var process = machine.Start();
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));
        var good = machine.Clock.Now;
        for (var minute = 0; minute < 6; minute++)
        {
            machine.Clock.Pass(TimeSpan.FromMinutes(1));
            machine.Door.Count(Refusal.CannotStore);
            await process.BeatAsync(default);
            Assert.Equal(good, process.AbsentSince);
        }

        machine.Clock.Pass(ReceivingLog.Beat);
        await process.BeatAsync(default);

        Assert.Null(process.AbsentSince);
        var gap = Assert.Single(await machine.GapsAsync());
        Assert.Equal((good, machine.Clock.Now, GapCause.NotStored, true), (gap.From, gap.Until, gap.Cause, gap.MayHaveLost));
    }

    [Fact]
    public async Task D10_GoodMomentsBetweenTwoTriesOfTheSender_DoNotEndAGap()
    {
        using var machine = new Machine();
        var process = machine.Start();
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));
        for (var round = 0; round < 8; round++)
        {
            machine.Clock.Pass(TimeSpan.FromSeconds(30));
            machine.Door.Count(Refusal.CannotStore);
            await process.BeatAsync(default);
            await machine.BeatForAsync(process, TimeSpan.FromSeconds(20));
        }

        var gap = Assert.Single(await machine.GapsAsync());
        Assert.True(gap.MayHaveLost);
        Assert.True(gap.Until - gap.From > TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task D10_WhatCannotBeWritten_ShowsAtOnceAndIsAGapAfterwards()
    {
        using var machine = new Machine();
        var process = machine.Start();
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));
        var good = machine.Clock.Now;
        machine.Away = true;
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(9));
        Assert.Equal(good, process.AbsentSince);

        machine.Away = false;
        await machine.BeatForAsync(process, ReceivingLog.Beat);

        Assert.Null(process.AbsentSince);
        Assert.True(Assert.Single(await machine.GapsAsync()) is { MayHaveLost: true, Cause: GapCause.NotStored });
    }

    [Theory]
    [InlineData(90)]
    [InlineData(-90)]
    [Trait("Requirement", "L8")]
    public async Task L8_ClockSetWhileReceiving_IsNoGapButNoted(int minutes)
    {
        using var machine = new Machine();
        var process = machine.Start();
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));

        machine.Clock.Now += TimeSpan.FromMinutes(minutes);
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));

        var gap = Assert.Single(await machine.GapsAsync());
        Assert.Equal((GapCause.ClockMoved, false), (gap.Cause, gap.MayHaveLost));
        Assert.Equal(machine.Clock.Now, (await machine.SpansAsync())[^1].Until);
    }

    [Fact]
    [Trait("Requirement", "L8")]
    public async Task L8_ClockSetBackEarlier_DoesNotHideALaterGap()
    {
        using var machine = new Machine();
        var process = machine.Start();
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));
        machine.Clock.Now -= TimeSpan.FromHours(2);
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));
        var killed = machine.Clock.Now;

        machine.Clock.Pass(TimeSpan.FromMinutes(20));
        await machine.Start().BeatAsync(default);

        var gap = (await machine.GapsAsync())[^1];
        Assert.Equal((killed, GapCause.Absent, true), (gap.From, gap.Cause, gap.MayHaveLost));
    }

    [Fact]
    [Trait("Requirement", "L8")]
    public async Task L8_ClockSetDuringAnOutage_DoesNotLengthenIt()
    {
        using var machine = new Machine();
        var process = machine.Start();
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));
        machine.Door.Count(Refusal.CannotStore);
        machine.Clock.Pass(TimeSpan.FromMinutes(2));
        await process.BeatAsync(default);
        machine.Clock.Now += TimeSpan.FromHours(5);
        machine.Clock.Pass(ReceivingLog.Beat);
        await process.BeatAsync(default);

        var gap = Assert.Single(await machine.GapsAsync());
        Assert.Equal((TimeSpan.FromSeconds(125), false), (gap.Until - gap.From, gap.MayHaveLost));
    }

    [Fact]
    [Trait("Requirement", "L8")]
    public async Task L8_ClockSetBackWhileNobodyRan_IsAGapOfUnknownLength()
    {
        using var machine = new Machine();
        await machine.BeatForAsync(machine.Start(), TimeSpan.FromMinutes(1));

        machine.Clock.Now -= TimeSpan.FromHours(1);
        await machine.Start().BeatAsync(default);

        Assert.True(Assert.Single(await machine.GapsAsync()) is { Cause: GapCause.ClockUnsure, MayHaveLost: true });
    }

    [Fact]
    public async Task D10_ProcessThatStoodStill_WasNotReceiving()
    {
        using var machine = new Machine();
        var process = machine.Start();
        await machine.BeatForAsync(process, TimeSpan.FromMinutes(1));

        machine.Clock.Pass(TimeSpan.FromMinutes(8));
        await process.BeatAsync(default);

        Assert.True(Assert.Single(await machine.GapsAsync()).MayHaveLost);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task D10_TasksThenRunning_AreThoseHeardOfShortlyBeforeAndNotFinished(StorageProvider provider)
    {
        using var machine = new Machine(provider);
        var build = new CallBuilder(machine.Store);
        var gap = new ReceivingGap { From = machine.Clock.Now, Until = machine.Clock.Now.AddMinutes(9), MayHaveLost = true };
        var running = build.Task("running", "calling");
        var finished = build.Task("finished", "finished");
        var wentOn = build.Task("went on", "finished");
        var longAgo = build.Task("long ago", "calling");
        var later = build.Task("later", "calling");
        build.Call(running, gap.From.AddMinutes(-10)).Call(finished, gap.From.AddMinutes(-10)).Call(wentOn, gap.From.AddMinutes(-10)).Call(wentOn, gap.Until.AddMinutes(5))
            .Call(longAgo, gap.From.AddHours(-3)).Call(later, gap.Until.AddMinutes(5)).Save();

        var tasks = await machine.Queries.RunningAsync(gap, null, default);

        Assert.Equal(["running", "went on"], tasks.Select(task => task.VendorTaskId).Order());
        Assert.Empty(await machine.Queries.RunningAsync(gap, machine.Store.Connection.Id + 1, default));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Settle_SaysWhoAndWhen_AndCanBeTakenBack(StorageProvider provider)
    {
        using var machine = new Machine(provider);
        await machine.BeatForAsync(machine.Start(), TimeSpan.FromMinutes(1));
        machine.Clock.Pass(TimeSpan.FromMinutes(7));
        await machine.Start().BeatAsync(default);
        var id = (await machine.GapsAsync())[0].Id;

        Assert.True(await machine.Queries.SettleAsync(id, GapState.Filled, "ann@example.org", new string('x', 900), default));
        Assert.False(await machine.Queries.SettleAsync(id + 1, GapState.Filled, "ann@example.org", null, default));

        var gap = (await machine.GapsAsync())[0];
        Assert.Equal((GapState.Filled, "ann@example.org", 500), (gap.State, gap.SettledBy, gap.Note!.Length));
        Assert.Equal(machine.Clock.Now, gap.SettledAt);
        await machine.Queries.SettleAsync(id, GapState.Open, "ann@example.org", null, default);
        Assert.Equal(GapState.Open, (await machine.GapsAsync())[0].State);
    }

    /// <summary>A store that outlives processes, and a clock with hands and a spring of its own.</summary>
    private sealed class Machine : IDbContextFactory<DashboardDb>, IDisposable
    {
        private readonly WriteGate gate;

        public Machine(StorageProvider provider = StorageProvider.Sqlite)
        {
            Store = new TestStore(provider);
            gate = new WriteGate(Options.Create(new StorageOptions { Provider = provider }));
            Door = new DoorLog(Clock);
        }

        public TestStore Store { get; }

        public TwoHands Clock { get; } = new();

        public DoorLog Door { get; }

        /// <summary>The database cannot be reached.</summary>
        public bool Away { get; set; }

        public GapQueries Queries => new(Store.Contexts, gate, Clock);

        public DashboardDb Db() => Store.Contexts.CreateDbContext();

        public DashboardDb CreateDbContext() => Away ? throw new TimeoutException("away") : Db();

        /// <summary>A process that has just started to listen.</summary>
        public ReceivingLog Start()
        {
            var inbox = new Inbox(new NoStore(), Options.Create(new WebhookOptions()), Clock, NullLogger<Inbox>.Instance);
            return new ReceivingLog(this, gate, inbox, Door, Options.Create(new StorageOptions { DataDirectory = Store.Folder }), Clock, NullLogger<ReceivingLog>.Instance);
        }

        public async Task BeatForAsync(ReceivingLog process, TimeSpan time)
        {
            await process.BeatAsync(default);
            for (var passed = TimeSpan.Zero; passed < time; passed += ReceivingLog.Beat)
            {
                Clock.Pass(ReceivingLog.Beat);
                await process.BeatAsync(default);
            }
        }

        public Task<List<ReceivingGap>> GapsAsync() => Db().ReceivingGaps.AsNoTracking().OrderBy(row => row.Id).ToListAsync();

        public Task<List<ReceivingSpan>> SpansAsync() => Db().ReceivingSpans.AsNoTracking().OrderBy(row => row.Id).ToListAsync();

        public void Dispose()
        {
            Store.Dispose();
            gate.Dispose();
        }
    }

    /// <summary>The wall clock can be set; what passes goes on both.</summary>
    private sealed class TwoHands : TimeProvider
    {
        private TimeSpan passed;

        public DateTimeOffset Now { get; set; } = new(2026, 3, 14, 23, 59, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => passed.Ticks;

        public void Pass(TimeSpan time)
        {
            Now += time;
            passed += time;
        }
    }
}
