using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>The process is killed again and again at moments nobody chose, some of them while it starts.</summary>
internal sealed class KillFault : Fault
{
    public override string Name => "kill";

    public override string Proves => "D1, D5, D9";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        await using var product = new Product(Folder(scratch));
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger);
        using var stop = new CancellationTokenSource();
        var posting = sender.PostAsync(16, SentBody.Next, stop.Token, TimeSpan.FromMilliseconds(isShort ? 40 : 20));
        var kills = isShort ? 6 : 40;
        for (var i = 0; i < kills; i++)
        {
            if (i % 3 == 2)
            {
                product.Spawn();
                await Task.Delay(Between(0.3, 2));
            }
            else
            {
                await product.StartAsync();
                await Task.Delay(Between(0.1, 1.5));
            }

            await product.KillAsync();
        }

        await product.StartAsync();
        await stop.CancelAsync();
        await posting;
        verdict.Note($"{kills} kills; {sender.Unanswered} posts without an answer were repeated");
        await sender.RetryAsync(TimeSpan.FromSeconds(60));
        verdict.Count(ledger);
        await new Inspection(product, verdict).CompareAsync(ledger, TimeSpan.FromMinutes(3));
    }
}
