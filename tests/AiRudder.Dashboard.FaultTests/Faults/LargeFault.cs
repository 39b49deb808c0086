using System.Text;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>Four bodies of 100 MB at once, and one of fifty thousand calls, beside a sender at work.</summary>
internal sealed class LargeFault : Fault
{
    private const int LargeCall = 1_000_000;

    public override string Name => "large";

    public override string Proves => "L1, L2, L4, L5";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        await using var product = new Product(Folder(scratch));
        await product.StartAsync();
        await using var companion = new Companion(product, scratch);
        await Task.Delay(500);
        await using var memory = new MemoryWatch(product);
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger, TimeSpan.FromMinutes(2));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sender.PostAsync(SentBody.Batch(isShort ? 25 : 100, LargeCall))));
        await sender.PostAsync(Many(isShort ? 5_000 : 50_000));
        verdict.Demand(!ledger.Unacknowledged.Any(), $"{ledger.Unacknowledged.Count()} large bodies were not accepted");
        verdict.Note($"large bodies of {(isShort ? 25 : 100)} MB were answered within {ledger.Slowest.TotalSeconds:0.0} s");
        var inspection = new Inspection(product, verdict);
        await inspection.SettleAsync(TimeSpan.FromMinutes(3));
        await companion.EndAsync(verdict, TimeSpan.FromSeconds(10));
        verdict.Note($"{memory}");
        verdict.Demand(memory.Growth <= 512, $"{memory}: more than 512 MB");

        // What the sender beside it sent is compared with the large ones, as one.
        foreach (var body in companion.Ledger.Bodies)
        {
            ledger.Try(body);
            if (companion.Ledger.Acknowledged.TryGetValue(body.Sha256, out var id))
            {
                ledger.Acknowledge(body, id);
            }
        }

        await inspection.CompareAsync(ledger);
    }

    private static SentBody Many(int calls)
    {
        var ids = Enumerable.Range(0, calls).Select(i => $"many-{i}").ToList();
        return SentBody.Of(Encoding.UTF8.GetBytes(SentBody.Text(string.Join(',', ids.Select(id => SentBody.Call(id))))), ids);
    }
}
