using System.Diagnostics;
using System.Net;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>
/// The disk answers EIO to every sync for a while, and the kernel forgets what it could not write. Afterwards power is lost: what
/// was acknowledged must not rest on forgotten pages.
/// </summary>
internal sealed class FailingSyncFault : Fault
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    public override string Name => "failing-sync";

    public override string Proves => "D1, D4";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        if (await Shim.CreateAsync(scratch, withShadow: true) is not { } shim)
        {
            verdict.Skip(Shim.Unavailable);
            return;
        }

        using var ledger = new Ledger(scratch);
        await using (var product = new Product(Folder(scratch), shim: shim))
        {
            using var sender = new Sender(product.Webhook, ledger);
            await product.StartAsync();
            await RefuseAsync(product, sender, ledger, shim, verdict, isShort ? 2 : 10);

            // Once more, and the process ends while syncs fail: the journal on disk is not what the kernel shows.
            await FailAsync(sender, ledger, shim, verdict, 1);
            await product.KillAsync();
            shim.FailSync = false;
            await product.StartAsync();
            for (var i = 0; i < 5; i++)
            {
                await sender.PostAsync(SentBody.Next());
            }

            await product.KillAsync();
        }

        var after = Path.Combine(scratch, "after-power-loss");
        shim.Restore(after);
        await using var restored = new Product(after);
        await restored.StartAsync();
        verdict.Count(ledger);
        await new Inspection(restored, verdict).CompareAsync(ledger);
    }

    private static async Task RefuseAsync(Product product, Sender sender, Ledger ledger, Shim shim, Verdict verdict, int seconds)
    {
        using (var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            await sender.PostAsync(8, SentBody.Next, stop.Token, TimeSpan.FromMilliseconds(20));
        }

        await FailAsync(sender, ledger, shim, verdict, seconds);
        var ready = await product.StatusAsync("/health/ready");
        verdict.Demand(ready == HttpStatusCode.ServiceUnavailable, $"/health/ready said {ready} while nothing could be stored");
        shim.FailSync = false;
        var ended = Stopwatch.GetTimestamp();
        await sender.RetryAsync(Recovery);
        verdict.Demand(!ledger.Unacknowledged.Any(), "receiving did not resume within 30 s");
        verdict.Note($"{ledger.Unavailable} answers of 503; all was accepted {Stopwatch.GetElapsedTime(ended).TotalSeconds:0.0} s after the fault");
    }

    private static async Task FailAsync(Sender sender, Ledger ledger, Shim shim, Verdict verdict, int seconds)
    {
        shim.FailSync = true;

        // A commit that was under way may still be answered.
        await Task.Delay(200);
        var before = ledger.Acknowledged.Count;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await sender.PostAsync(8, FewLarge, stop.Token, TimeSpan.FromMilliseconds(20));
        verdict.Demand(ledger.Acknowledged.Count == before, $"{ledger.Acknowledged.Count - before} bodies were acknowledged while no sync succeeded");
    }

    /// <summary>Now and then one that goes to a file.</summary>
    private static SentBody FewLarge() => Random.Shared.Next(20) == 0 ? SentBody.Batch(2, 800_000) : SentBody.Next();
}
