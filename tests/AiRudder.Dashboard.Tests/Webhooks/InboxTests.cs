using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Tests.Webhooks;

public sealed class InboxTests : IAsyncDisposable
{
    private readonly FakeStore store = new();
    private Inbox? inbox;

    [Fact]
    [Trait("Requirement", "D1")]
    public async Task D1_Store_BeforeTheCommit_DoesNotReturn()
    {
        await StartAsync();
        var waiting = inbox!.StoreAsync(Delivery("a"), default);
        await store.EnteredAsync();

        Assert.False(waiting.IsCompleted);
        store.Release();
        Assert.Equal(new StoredDelivery(1, 1), await waiting);
    }

    [Fact]
    [Trait("Requirement", "D1")]
    public async Task Store_WhileACommitRuns_SharesTheNextOne()
    {
        await StartAsync();
        var first = inbox!.StoreAsync(Delivery("first"), default);
        await store.EnteredAsync();
        var others = Enumerable.Range(0, 20).Select(number => inbox.StoreAsync(Delivery($"other {number}"), default)).ToArray();
        store.Release();
        await first;
        await store.EnteredAsync();
        Assert.All(others, other => Assert.False(other.IsCompleted));
        store.Release();
        await Task.WhenAll(others);

        Assert.Equal([1, 20], store.Groups.Select(group => group.Count));
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"other {number}"), store.Groups.Last().Select(delivery => delivery.Source));
    }

    [Fact]
    [Trait("Requirement", "D4")]
    public async Task Store_WhenTheStoreFails_TellsEveryWaitingOne_AndRecovers()
    {
        await StartAsync();
        store.Failure = new IOException("the disk is full");
        var first = inbox!.StoreAsync(Delivery("first"), default);
        await store.EnteredAsync();
        var others = Enumerable.Range(0, 5).Select(number => inbox.StoreAsync(Delivery($"other {number}"), default)).ToArray();
        store.Release();
        await Assert.ThrowsAsync<InboxUnavailableException>(() => first);
        Assert.NotNull(inbox.FailingSince);
        await store.EnteredAsync();
        store.Release();
        foreach (var other in others)
            await Assert.ThrowsAsync<InboxUnavailableException>(() => other);

        store.Failure = null;
        var again = inbox.StoreAsync(Delivery("again"), default);
        await store.EnteredAsync();
        store.Release();
        Assert.Equal(1, (await again).Copies);
        Assert.Null(inbox.FailingSince);
    }

    [Fact]
    [Trait("Requirement", "D4")]
    public async Task L3_Store_WhenTheQueueIsFull_IsUnavailableAtOnce()
    {
        await StartAsync(new WebhookOptions { QueueLength = 3, StoreTimeout = TimeSpan.FromMinutes(5) });
        var first = inbox!.StoreAsync(Delivery("first"), default);
        await store.EnteredAsync();
        var queued = Enumerable.Range(0, 3).Select(number => inbox.StoreAsync(Delivery($"queued {number}"), default)).ToArray();

        await Assert.ThrowsAsync<InboxUnavailableException>(() => inbox.StoreAsync(Delivery("one too many"), default));

        store.Release(2);
        await Task.WhenAll([first, .. queued]);
    }

    [Fact]
    [Trait("Requirement", "L8")]
    public async Task L8_Store_WhenTheCommitHangs_IsUnavailableAfterItsTime()
    {
        await StartAsync(new WebhookOptions { StoreTimeout = TimeSpan.FromMilliseconds(50) });

        await Assert.ThrowsAsync<InboxUnavailableException>(() => inbox!.StoreAsync(Delivery("a"), default));

        store.Release();
    }

    [Fact]
    [Trait("Requirement", "D11")]
    public async Task D11_Stop_WithDeliveriesWaiting_CommitsThemAndTakesNoMore()
    {
        await StartAsync();
        var first = inbox!.StoreAsync(Delivery("first"), default);
        await store.EnteredAsync();
        var queued = inbox.StoreAsync(Delivery("queued"), default);
        var stop = inbox.StopAsync(default);
        store.Release(2);
        await stop;

        Assert.Equal(1, (await first).Copies);
        Assert.Equal(1, (await queued).Copies);
        await Assert.ThrowsAsync<InboxUnavailableException>(() => inbox.StoreAsync(Delivery("late"), default));
    }

    [Fact]
    [Trait("Requirement", "D1")]
    public async Task Stored_WhenSomebodyWhoListensThrows_IsStillStored()
    {
        await StartAsync();
        inbox!.Stored += () => throw new InvalidOperationException("a listener's trouble");
        store.Release();

        Assert.Equal(1, (await inbox.StoreAsync(Delivery("a"), default)).Copies);
        store.Release();
        await inbox.StoreAsync(Delivery("b"), default);
        Assert.Null(inbox.FailingSince);
    }

    public async ValueTask DisposeAsync()
    {
        store.Release(100);
        if (inbox is not null)
        {
            await inbox.StopAsync(default);
            inbox.Dispose();
        }

    }

    private async Task StartAsync(WebhookOptions? options = null)
    {
        inbox = new Inbox(store, Options.Create(options ?? new WebhookOptions { StoreTimeout = TimeSpan.FromMinutes(5) }), TimeProvider.System, NullLogger<Inbox>.Instance);
        await inbox.StartAsync(default);
    }

    private static IncomingDelivery Delivery(string name) => new()
    {
        ConnectionId = 1, UrlKind = "", Sha256 = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)), Bytes = 2, ReceivedAt = DateTimeOffset.UnixEpoch, Source = name, Headers = "{}",
        Encoding = BodyEncoding.AsReceived, Content = [1, 2],
    };

    /// <summary>Each commit waits for permission.</summary>
    private sealed class FakeStore : IInboxStore
    {
        private readonly SemaphoreSlim entered = new(0);
        private readonly SemaphoreSlim allowed = new(0);
        private long last;

        public ConcurrentQueue<IReadOnlyList<IncomingDelivery>> Groups { get; } = new();

        public Exception? Failure { get; set; }

        public async Task EnteredAsync() => Assert.True(await entered.WaitAsync(TimeSpan.FromMinutes(1)));

        public void Release(int commits = 1) => allowed.Release(commits);

        public async Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel)
        {
            Groups.Enqueue(deliveries);
            entered.Release();
            await allowed.WaitAsync(cancel);
            return Failure is null ? [.. deliveries.Select(_ => new StoredDelivery(++last, 1))] : throw Failure;
        }

        public Task ProveAsync(CancellationToken cancel) => Failure is null ? Task.CompletedTask : throw Failure;

        public Task BringInAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
