using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Recordings;

public sealed class ListeningDeskTests
{
    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task Nudge_OfOneCall_HoldsForTheRobot(StorageProvider provider)
    {
        await using var bench = await RecordingBench.StartAsync(provider);
        var desk = bench.Get<ListeningDesk>();
        var one = bench.Seed.Add();
        var same = bench.Seed.Add();
        var other = bench.Seed.Add(call => call.RobotHash = "robot-2");
        var none = bench.Seed.Add(call => call.RobotHash = null);

        Assert.True(await desk.NudgeAsync(one.Id, 0.44, default));
        Assert.True(await desk.NudgeAsync(one.Id, -1.3, default));

        Assert.Equal(-1.3, (await desk.ReadAsync(same.Id, default)).Nudge);
        Assert.Equal(0, (await desk.ReadAsync(other.Id, default)).Nudge);
        Assert.Equal(0, (await desk.ReadAsync(none.Id, default)).Nudge);
        Assert.False(await desk.NudgeAsync(none.Id, 1, default));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public async Task Nudge_BeyondReason_IsRefused(double seconds)
    {
        await using var bench = await RecordingBench.StartAsync();

        Assert.False(await bench.Get<ListeningDesk>().NudgeAsync(bench.Seed.Add().Id, seconds, default));
    }

    [Fact]
    public async Task BrowsersWaveform_OfAKeptRecording_IsKeptOnce()
    {
        await using var bench = await RecordingBench.StartAsync();
        var desk = bench.Get<ListeningDesk>();
        var kept = await bench.KeptAsync();
        var expected = bench.Land();
        await bench.FollowAsync();

        Assert.True(await desk.KeepAsync(Waveform(kept, 9), default));
        Assert.False(await desk.KeepAsync(Waveform(kept, 7), default));
        Assert.False(await desk.KeepAsync(Waveform(expected, 9), default));

        var facts = await desk.ReadAsync(kept, default);
        Assert.Equal(9, facts.Waveform!.Peaks[0]);
        Assert.Equal(bench.Clock.Now + TimeSpan.FromDays(30), facts.KeptUntil);
    }

    [Fact]
    public async Task ServersWaveform_TakesThePlaceOfABrowsers()
    {
        await using var bench = await RecordingBench.StartAsync();
        var kept = await bench.KeptAsync();
        await bench.Get<ListeningDesk>().KeepAsync(Waveform(kept, 9), default);
        var own = Waveform(kept, 3);
        own.ByBrowser = false;

        Assert.True(await bench.Get<WaveformStore>().KeepAsync(own, default));

        Assert.Equal(3, (await bench.Get<ListeningDesk>().ReadAsync(kept, default)).Waveform!.Peaks[0]);
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task Preferences_AreThePersonsOwn(StorageProvider provider)
    {
        await using var bench = await RecordingBench.StartAsync(provider);
        var preferences = bench.Get<PersonPreferences>();

        await preferences.WriteAsync(Person("one"), "player.speed", "1.5", default);
        await preferences.WriteAsync(Person("one"), "player.speed", "2", default);
        await preferences.WriteAsync(Person("one"), "other", "x", default);
        await preferences.WriteAsync(Person(null), "player.speed", "3", default);

        Assert.Equal([KeyValuePair.Create("player.speed", "2")], await preferences.ReadAsync(Person("one"), "player.", default));
        Assert.Empty(await preferences.ReadAsync(Person("two"), "player.", default));
        Assert.Empty(await preferences.ReadAsync(Person(null), "player.", default));
    }

    private static Waveform Waveform(long callId, byte peak) => AiRudder.Dashboard.Recordings.Waveform.OfBrowser(callId, 0.05, 1, [peak, 0])!;

    private static ClaimsPrincipal Person(string? id) => new(new ClaimsIdentity(id is null ? [] : [new Claim(ClaimTypes.NameIdentifier, id)], "test"));
}
