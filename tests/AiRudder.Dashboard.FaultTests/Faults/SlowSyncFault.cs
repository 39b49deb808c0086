using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>The disk takes its time. Answers stay true and in time, and those who wait share a sync.</summary>
internal sealed class SlowSyncFault : Fault
{
    private const int Posters = 48;

    /// <summary>Beyond this the sender may have hung up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public override string Name => "slow-sync";

    public override string Proves => "L3, L8";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        if (await Shim.CreateAsync(scratch) is not { } shim)
        {
            verdict.Skip(Shim.Unavailable);
            return;
        }

        await using var product = new Product(Folder(scratch), shim: shim);
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger, TimeSpan.FromSeconds(30));
        await product.StartAsync();
        foreach (var (delay, seconds) in new[] { (0.3, isShort ? 3 : 10), (2.0, isShort ? 5 : 20) })
        {
            shim.DelaySync = TimeSpan.FromSeconds(delay);
            var before = ledger.Acknowledged.Count;
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
            await sender.PostAsync(Posters, SentBody.Next, stop.Token);
            var accepted = ledger.Acknowledged.Count - before;
            verdict.Note($"sync of {delay} s: {accepted / (double)seconds:0} accepted a second, slowest answer so far {ledger.Slowest.TotalSeconds:0.0} s, {ledger.Unavailable} of 503");

            // One sync for each body would give one in each delay.
            verdict.Demand(accepted > seconds / delay * 3, $"only {accepted} accepted in {seconds} s: those who wait do not share a sync");
        }

        verdict.Demand(ledger.Slowest < Patience, $"an answer took {ledger.Slowest.TotalSeconds:0.0} s");
        shim.DelaySync = TimeSpan.Zero;
        await sender.RetryAsync(TimeSpan.FromSeconds(30));
        verdict.Count(ledger);
        await new Inspection(product, verdict).CompareAsync(ledger);
    }
}
