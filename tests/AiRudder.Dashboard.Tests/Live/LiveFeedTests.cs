using System.Collections.Concurrent;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRudder.Dashboard.Tests.Live;

[Trait("Requirement", "L6")]
public sealed class LiveFeedTests
{
    [Fact]
    public async Task Publish_Many_ReachesEverySubscriberInOrder()
    {
        var feed = new LiveFeed(NullLogger<LiveFeed>.Instance);
        var (one, other) = (new ConcurrentQueue<long>(), new ConcurrentQueue<long>());
        using var first = feed.Subscribe(landed => Hear(one, landed));
        using var second = feed.Subscribe(landed => Hear(other, landed));
        for (var sequence = 1; sequence <= 500; sequence++)
            feed.Publish(Landed(sequence));

        await Vendor.UntilAsync(() => one.Count == 500 && other.Count == 500, "not everything was heard");
        Assert.Equal(Enumerable.Range(1, 500).Select(number => (long)number), one);
        Assert.Equal(one, other);
    }

    [Fact]
    public async Task Publish_WithASubscriberThatThrowsOrHangs_ReachesTheOthers()
    {
        var feed = new LiveFeed(NullLogger<LiveFeed>.Instance);
        var heard = new ConcurrentQueue<long>();
        var never = new TaskCompletionSource();
        using var throwing = feed.Subscribe(_ => throw new InvalidOperationException());
        using var failing = feed.Subscribe(_ => Task.FromException(new InvalidOperationException()));
        using var hanging = feed.Subscribe(_ => never.Task);
        using var well = feed.Subscribe(landed => Hear(heard, landed));

        feed.Publish(Landed(1));
        feed.Publish(Landed(2));

        await Vendor.UntilAsync(() => heard.Count == 2, "a subscriber's trouble reached another");
        never.SetResult();
    }

    [Fact]
    public async Task Publish_WhileAnEarlierOneIsStillWorkedOn_IsHeardAtOnce()
    {
        var feed = new LiveFeed(NullLogger<LiveFeed>.Instance);
        var heard = new ConcurrentQueue<long>();
        var slow = new TaskCompletionSource();
        using var subscription = feed.Subscribe(async landed =>
        {
            heard.Enqueue(landed.Sequence);
            await slow.Task;
        });

        feed.Publish(Landed(1));
        feed.Publish(Landed(2));

        await Vendor.UntilAsync(() => heard.Count == 2, "the second waits for the first to be done");
        slow.SetResult();
    }

    [Fact]
    public async Task Subscription_Disposed_HearsNothingMore()
    {
        var feed = new LiveFeed(NullLogger<LiveFeed>.Instance);
        var heard = new ConcurrentQueue<long>();
        var subscription = feed.Subscribe(landed => Hear(heard, landed));
        feed.Publish(Landed(1));
        await Vendor.UntilAsync(() => heard.Count == 1, "nothing was heard");
        subscription.Dispose();
        using var other = feed.Subscribe(landed => Hear(heard, landed));

        feed.Publish(Landed(2));

        await Vendor.UntilAsync(() => heard.Count == 2, "nothing more was heard");
        Assert.Equal(1, feed.Subscribers);
    }

    [Fact]
    [Trait("Requirement", "D9")]
    public async Task Landings_OfManyDeliveries_AreToldOnceInOrderAndAfterTheCommit()
    {
        using var site = new TestSite(Vendor.OneConnection);
        using var client = site.Anonymous();
        var heard = new ConcurrentQueue<Landed>();
        var missing = new ConcurrentQueue<long>();
        using var subscription = site.Services.GetRequiredService<LiveFeed>().Subscribe(async landed =>
        {
            heard.Enqueue(landed);
            await using var db = await site.Contexts.CreateDbContextAsync();
            foreach (var id in landed.CallIds)
            {
                if (await db.Calls.FindAsync(id) is null)
                    missing.Enqueue(id);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 150).Select(number => site.PostAsync($$"""{"task_id":"t{{number % 3}}","details":[{"call_id":"c{{number}}"},{"call_id":"d{{number}}"}]}""")));

        await Vendor.UntilAsync(() => heard.Count >= 150, "not every landing was told");
        Assert.Equal(heard.Select(landed => landed.Sequence).Order(), heard.Select(landed => landed.Sequence));
        Assert.Equal(150, heard.Select(landed => landed.DeliveryId).Distinct().Count());
        Assert.Equal(150, heard.Count);
        Assert.All(heard, landed => Assert.Equal((2, 2), (landed.Calls, landed.CallIds.Count)));
        Assert.Empty(missing);
    }

    [Fact]
    [Trait("Requirement", "L4")]
    public async Task Landing_OfAManyCalls_NamesAHundred()
    {
        using var site = new TestSite(Vendor.OneConnection);
        using var client = site.Anonymous();
        var heard = new TaskCompletionSource<Landed>();
        using var subscription = site.Services.GetRequiredService<LiveFeed>().Subscribe(landed =>
        {
            heard.TrySetResult(landed);
            return Task.CompletedTask;
        });

        await site.PostAsync($$"""{"task_id":"t","details":[{{string.Join(',', Enumerable.Range(0, 250).Select(number => $$"""{"call_id":"c{{number}}"}"""))}}]}""");

        var landed = await heard.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((250, 100), (landed.Calls, landed.CallIds.Count));
    }

    internal static Landed Landed(long sequence) => new(sequence, sequence, 1, "one", ["t"], [], 1);

    private static Task Hear(ConcurrentQueue<long> heard, Landed landed)
    {
        heard.Enqueue(landed.Sequence);
        return Task.CompletedTask;
    }
}

[Trait("Requirement", "L6")]
public sealed class LiveRefreshTests
{
    private readonly LiveFeed feed = new(NullLogger<LiveFeed>.Instance);
    private int refreshes;

    [Fact]
    public async Task Burst_IsTheFirstAtOnceAndOneMore()
    {
        var running = new TaskCompletionSource();
        using var refresh = new LiveRefresh(feed, _ => true, () => Interlocked.Increment(ref refreshes) == 1 ? running.Task : Task.CompletedTask, TimeProvider.System, TimeSpan.FromMilliseconds(1));
        for (var sequence = 1; sequence <= 100; sequence++)
            feed.Publish(LiveFeedTests.Landed(sequence));

        await Vendor.UntilAsync(() => refreshes == 1, "nothing was refreshed");
        await EverybodyHeardAsync();
        Assert.Equal(1, refreshes);
        running.SetResult();
        await Vendor.UntilAsync(() => refreshes == 2, "what came meanwhile was forgotten");
        await Task.Delay(100);
        Assert.Equal(2, refreshes);
    }

    [Fact]
    public async Task Refresh_ThatIsSlow_IsNeverOverlapped()
    {
        var (inside, most) = (0, 0);
        using var refresh = new LiveRefresh(
            feed,
            _ => true,
            async () =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Delay(5);
                Interlocked.Decrement(ref inside);
                Interlocked.Increment(ref refreshes);
            },
            TimeProvider.System,
            TimeSpan.Zero);
        for (var sequence = 1; sequence <= 200; sequence++)
        {
            feed.Publish(LiveFeedTests.Landed(sequence));
            if (sequence % 20 == 0)
                await Task.Delay(3);
        }

        await EverybodyHeardAsync();
        await Vendor.UntilAsync(() => refreshes > 1 && Volatile.Read(ref inside) == 0, "nothing was refreshed");
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Landing_DuringTheRest_IsRefreshedAfterIt()
    {
        using var refresh = new LiveRefresh(feed, _ => true, Count, TimeProvider.System, TimeSpan.FromMilliseconds(300));
        feed.Publish(LiveFeedTests.Landed(1));
        await Vendor.UntilAsync(() => refreshes == 1, "nothing was refreshed");

        feed.Publish(LiveFeedTests.Landed(2));

        await Vendor.UntilAsync(() => refreshes == 2, "what came during the rest was forgotten");
    }

    [Fact]
    public async Task Landing_OfNoConcern_RefreshesNothing()
    {
        using var refresh = new LiveRefresh(feed, landed => landed.ConnectionId == 2, Count, TimeProvider.System);
        feed.Publish(LiveFeedTests.Landed(1));

        await EverybodyHeardAsync();
        Assert.Equal(0, refreshes);
    }

    [Fact]
    public async Task Refresh_ThatThrows_IsTriedAgainWithTheNextLanding()
    {
        using var refresh = new LiveRefresh(feed, _ => true, () => Interlocked.Increment(ref refreshes) == 1 ? throw new InvalidOperationException() : Task.CompletedTask, TimeProvider.System, TimeSpan.Zero);
        feed.Publish(LiveFeedTests.Landed(1));
        await Vendor.UntilAsync(() => refreshes == 1, "nothing was refreshed");
        await EverybodyHeardAsync();

        await Vendor.UntilAsync(
            () =>
            {
                feed.Publish(LiveFeedTests.Landed(2));
                return refreshes > 1;
            },
            "one failure ended the refreshing");
    }

    [Fact]
    public async Task Dispose_EndsIt_AlsoTwice()
    {
        var refresh = new LiveRefresh(feed, _ => true, Count, TimeProvider.System);
        refresh.Dispose();
        refresh.Dispose();

        feed.Publish(LiveFeedTests.Landed(1));
        await refresh.RequestAsync();

        await EverybodyHeardAsync();
        Assert.Equal(0, refreshes);
    }

    private Task Count()
    {
        Interlocked.Increment(ref refreshes);
        return Task.CompletedTask;
    }

    /// <summary>Whoever subscribed earlier has heard what was published earlier.</summary>
    private async Task EverybodyHeardAsync()
    {
        var last = new TaskCompletionSource();
        using var subscription = feed.Subscribe(_ =>
        {
            last.TrySetResult();
            return Task.CompletedTask;
        });
        feed.Publish(new Landed(0, 0, 0, "", [], [], 0));
        await last.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await Task.Delay(50);
    }
}
