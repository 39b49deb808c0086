namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>The most memory the product held while it was watched.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly long before;
    private readonly Task watching;
    private long most;

    public MemoryWatch(Product product)
    {
        before = most = product.AnonymousMegabytes();
        watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && product.IsRunning)
            {
                most = Math.Max(most, product.AnonymousMegabytes());
                await Task.Delay(50);
            }
        });
    }

    /// <summary>Megabytes.</summary>
    public long Growth => most - before;

    public override string ToString() => $"memory grew from {before} to {most} MB";

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }
}
