using System.Net;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>
/// A backup while deliveries arrive, restored elsewhere: all that was acknowledged before it began is there. Backups that are killed leave
/// nothing under the final name, and restores that are killed are repeated.
/// </summary>
internal sealed class BackupFault : Fault
{
    public override string Name => "backup";

    public override string Proves => "L9, D11";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        var file = Path.Combine(scratch, "backup.zip");
        using var before = new Ledger(scratch);
        using var meanwhile = new Ledger(scratch);
        await using (var product = new Product(Folder(scratch)))
        {
            using var first = new Sender(product.Webhook, before);
            using var second = new Sender(product.Webhook, meanwhile);
            await product.StartAsync();
            using (var enough = new CancellationTokenSource(TimeSpan.FromSeconds(isShort ? 3 : 20)))
            {
                await first.PostAsync(8, Next, enough.Token, TimeSpan.FromMilliseconds(10));
            }

            await first.RetryAsync(TimeSpan.FromSeconds(30));
            using var stop = new CancellationTokenSource();
            var posting = second.PostAsync(8, Next, stop.Token, TimeSpan.FromMilliseconds(10));
            for (var i = 0; i < (isShort ? 2 : 10); i++)
            {
                await KillAsync(product, Between(0.3, 2), "backup", file);
                verdict.Demand(!File.Exists(file) || await VerifiesAsync(scratch, file), "a killed backup left something unusable under the final name");
                File.Delete(file);
            }

            verdict.Demand(await product.RunVerbAsync("backup", file) == 0, "the backup failed");
            verdict.Demand(await product.RunVerbAsync("backup", file) == 1, "a second backup to the same file was not refused");
            verdict.Demand(await product.RunVerbAsync("restore", file, "--force") == 1, "a restore below a running server was not refused");
            await stop.CancelAsync();
            await posting;
            verdict.Demand(meanwhile.Unavailable == 0, $"{meanwhile.Unavailable} answers of 503 while the backup ran");
            verdict.Demand(meanwhile.Slowest < TimeSpan.FromSeconds(10), $"an answer took {meanwhile.Slowest.TotalSeconds:0.0} s while the backup ran");
            verdict.Note($"{meanwhile.Acknowledged.Count} accepted while backups ran, slowest answer {meanwhile.Slowest.TotalMilliseconds:0} ms; the backup has {new FileInfo(file).Length / 1024:N0} KB");
        }

        await using var restored = new Product(Folder(scratch, "elsewhere"));
        for (var i = 0; i < (isShort ? 2 : 10); i++)
        {
            await KillAsync(restored, Between(0.3, 1.5), "restore", file);
        }

        // One of the killed may have come to its end.
        verdict.Demand(await restored.RunVerbAsync("restore", file, "--force") == 0, "the restore failed");
        await restored.StartAsync();
        using var after = new Sender(restored.Webhook, before);
        verdict.Demand(await after.PostAsync(SentBody.Next()) == HttpStatusCode.OK, "the restored product does not receive");
        verdict.Count(before);

        // What came meanwhile may be there or not, but nothing that nobody sent.
        foreach (var body in meanwhile.Bodies)
        {
            before.Try(body);
        }

        await new Inspection(restored, verdict).CompareAsync(before, TimeSpan.FromMinutes(2));
    }

    private static SentBody Next() => Random.Shared.Next(60) == 0 ? SentBody.Batch(2, 700_000) : SentBody.Next();

    private static async Task KillAsync(Product product, TimeSpan after, params string[] arguments)
    {
        using var verb = product.Launch(arguments);
        await Task.WhenAny(verb.WaitForExitAsync(), Task.Delay(after));
        verb.Kill();
        await verb.WaitForExitAsync();
    }

    private static async Task<bool> VerifiesAsync(string scratch, string file)
    {
        var folder = Folder(scratch, $"verify-{Guid.NewGuid():N}");
        await using var elsewhere = new Product(folder);
        return await elsewhere.RunVerbAsync("restore", file) == 0;
    }
}
