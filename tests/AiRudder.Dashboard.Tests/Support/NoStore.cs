using AiRudder.Dashboard.Webhooks;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>An inbox in which nothing ever arrives.</summary>
public sealed class NoStore : IInboxStore
{
    public Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel) => throw new NotSupportedException();

    public Task ProveAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task BringInAsync(CancellationToken cancel) => Task.CompletedTask;
}
