namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>A working sender beside the fault: it must notice nothing.</summary>
internal sealed class Companion : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Sender sender;
    private readonly Task posting;

    public Companion(Product product, string scratch)
    {
        Ledger = new Ledger(scratch);
        sender = new Sender(product.Webhook, Ledger);
        posting = sender.PostAsync(2, () => SentBody.Batch(1), stop.Token, TimeSpan.FromMilliseconds(100));
    }

    public Ledger Ledger { get; }

    public async Task EndAsync(Verdict verdict, TimeSpan slowest)
    {
        await stop.CancelAsync();
        await posting;
        verdict.Note($"the sender beside it: {Ledger.Acknowledged.Count} accepted, {Ledger.Unavailable} of 503, slowest answer {Ledger.Slowest.TotalMilliseconds:0} ms");
        verdict.Demand(Ledger.Acknowledged.Count > 0, "the sender beside it was never heard");
        verdict.Demand(!Ledger.Unacknowledged.Any(), $"the sender beside it failed {Ledger.Unacknowledged.Count()} times");
        verdict.Demand(Ledger.Slowest <= slowest, $"the sender beside it waited {Ledger.Slowest.TotalSeconds:0.0} s");
        verdict.Count(Ledger);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await posting;
        sender.Dispose();
        Ledger.Dispose();
        stop.Dispose();
    }
}
