using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>The schema is made by processes that are killed while they make it. Whoever comes next finishes the work.</summary>
internal sealed class SchemaFault : Fault
{
    public override string Name => "schema";

    public override string Proves => "D11";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        var folder = Folder(scratch);
        await using var product = new Product(folder);
        var rounds = isShort ? 4 : 30;
        for (var i = 0; i < rounds; i++)
        {
            product.Spawn("migrate");
            for (var wait = 0; wait < 500 && product.IsRunning && !File.Exists(Path.Combine(folder, "dashboard.db")); wait++)
            {
                await Task.Delay(5);
            }

            await Task.Delay(Between(0, 0.6));
            await product.KillAsync();
        }

        product.Spawn("migrate");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var ended = await Task.WhenAny(product.ExitCodeAsync(), Task.Delay(Timeout.Infinite, limit.Token)) is Task<int> exit ? await exit : -1;
        verdict.Demand(ended == 0, ended < 0 ? $"after {rounds} kills the upgrade waited for ever" : $"after {rounds} kills the upgrade ended with exit code {ended}");
        await product.KillAsync();
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger);
        await product.StartAsync(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 20; i++)
        {
            await sender.PostAsync(SentBody.Next());
        }

        verdict.Count(ledger);
        await new Inspection(product, verdict).CompareAsync(ledger);
    }
}
