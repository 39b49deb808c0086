using AiRudder.Dashboard.Live;

namespace AiRudder.Dashboard.Tests.Live;

public sealed class SharedTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Read_AskedByFiftyPagesAtOnce_IsReadOnceMoreAtMost()
    {
        var readings = 0;
        var shared = new Shared<string, int>(TimeProvider.System, Rest, async (_, _) =>
        {
            await Task.Delay(20);
            return Interlocked.Increment(ref readings);
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shared.ReadAsync("floor", default)));

        Assert.InRange(readings, 1, 2);
        Assert.All(answers, answer => Assert.InRange(answer, 1, 2));
    }

    [Fact]
    public async Task Read_AskedWhileOneRuns_IsAnsweredByTheNext()
    {
        var (begun, go, readings) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var shared = new Shared<string, int>(TimeProvider.System, Rest, async (_, last) =>
        {
            begun.TrySetResult();
            await go.Task;
            return Interlocked.Increment(ref readings) + (10 * last);
        });
        var first = shared.ReadAsync("floor", default);
        await begun.Task;

        // What landed now the running reading may not have seen.
        var second = shared.ReadAsync("floor", default);
        go.SetResult();

        Assert.Equal((1, 12), (await first, await second));
    }

    [Fact]
    public async Task Read_CallerGone_GoesOnForTheOthers()
    {
        var go = new TaskCompletionSource();
        var shared = new Shared<string, int>(TimeProvider.System, Rest, async (_, _) =>
        {
            await go.Task;
            return 7;
        });
        using var gone = new CancellationTokenSource();
        var one = shared.ReadAsync("floor", gone.Token);
        var other = shared.ReadAsync("floor", default);

        await gone.CancelAsync();
        go.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        Assert.Equal(7, await other);
    }

    [Fact]
    public async Task Read_Fails_TheNextIsReadAnew()
    {
        var readings = 0;
        var shared = new Shared<string, int>(TimeProvider.System, TimeSpan.Zero, (_, _) => ++readings == 1 ? throw new InvalidOperationException("away") : Task.FromResult(readings));

        await Assert.ThrowsAsync<InvalidOperationException>(() => shared.ReadAsync("floor", default));

        Assert.Equal(2, await shared.ReadAsync("floor", default));
    }
}
