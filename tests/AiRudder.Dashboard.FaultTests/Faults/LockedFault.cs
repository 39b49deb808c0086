using System.Diagnostics;
using AiRudder.Dashboard.FaultTests.Rig;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>Another process holds the database's pen: a backup tool, a shell somebody forgot.</summary>
internal sealed class LockedFault : Fault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public override string Name => "locked";

    public override string Proves => "D4, L3, L8";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        await using var product = new Product(Folder(scratch));
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger, TimeSpan.FromSeconds(30));
        await product.StartAsync();
        foreach (var seconds in isShort ? new[] { 3, 12 } : [3, 12, 40])
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds + 1));
            Task posting;
            await using (var held = new SqliteConnection($"Data Source={Path.Combine(product.Folder, "dashboard.inbox.db")};Pooling=False"))
            {
                await held.OpenAsync();
                await using var pen = held.BeginTransaction(deferred: false);
                posting = sender.PostAsync(8, SentBody.Next, stop.Token, TimeSpan.FromMilliseconds(100));
                await Task.Delay(TimeSpan.FromSeconds(seconds));
            }

            var freed = Stopwatch.GetTimestamp();
            await posting;
            await sender.RetryAsync(TimeSpan.FromSeconds(30));
            verdict.Demand(!ledger.Unacknowledged.Any(), "receiving did not resume within 30 s");
            verdict.Note($"locked for {seconds} s: slowest answer so far {ledger.Slowest.TotalSeconds:0.0} s, {ledger.Unavailable} of 503, all accepted {Stopwatch.GetElapsedTime(freed).TotalSeconds:0.0} s after");
        }

        verdict.Demand(ledger.Slowest < Patience, $"an answer took {ledger.Slowest.TotalSeconds:0.0} s");
        verdict.Count(ledger);
        await new Inspection(product, verdict).CompareAsync(ledger);
    }
}
