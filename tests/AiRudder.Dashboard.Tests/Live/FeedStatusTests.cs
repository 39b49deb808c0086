using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Live;

public sealed class FeedStatusTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 23, 59, 0, TimeSpan.Zero);

    private readonly TestStore store = new();

    [Theory]
    [InlineData(4, 0, 1, "", "last delivery 4 s ago · 41/min")]
    [InlineData(4, 3, 1, "warn", "last delivery 4 s ago · 41/min · 3 waiting")]
    [InlineData(180, 0, 1, "warn", "last delivery 3 min ago · 41/min")]
    [InlineData(400, 0, 1, "bad", "last delivery 6 min ago · 41/min")]
    [InlineData(400, 0, 0, "calm", "last delivery 6 min ago · 41/min")]
    public void Describe_ToneFollowsWhatMayBeLost(int seconds, int waiting, int running, string tone, string words)
    {
        var described = new FeedBeat(Now.AddSeconds(-seconds), 41, waiting, running).Describe(Now);

        Assert.Equal((tone, words), (described.Tone, described.Words));
        Assert.Equal(tone.Length > 0, described.Reason is not null);
    }

    [Fact]
    public async Task Read_WithinASecond_AsksTheStoreOnce()
    {
        var clock = new TestClock();
        var status = new FeedStatus(store.Contexts, clock);
        Assert.Null((await status.ReadAsync(null, CancellationToken.None)).LastAt);
        var build = new CallBuilder(store);
        build.Call(build.Task(status: "calling"), clock.Now.AddSeconds(-50)).Save();

        Assert.Null((await status.ReadAsync(null, CancellationToken.None)).LastAt);
        clock.Now += TimeSpan.FromSeconds(1);
        var beat = await status.ReadAsync(null, CancellationToken.None);

        Assert.Equal((1, 0, 1), (beat.LastMinute, beat.Waiting, beat.RunningTasks));
        Assert.Null((await status.ReadAsync(store.Connection.Id + 1, CancellationToken.None)).LastAt);
    }

    public void Dispose() => store.Dispose();
}
