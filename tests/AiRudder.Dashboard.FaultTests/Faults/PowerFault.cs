using System.Text.Json;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>
/// Power is lost, and the disk holds nothing but what it was told to keep. Once more with a journal that is not synced, to see that
/// the rig would notice.
/// </summary>
internal sealed class PowerFault : Fault
{
    public override string Name => "power";

    public override string Proves => "D1, D9";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        for (var i = 0; i < (isShort ? 1 : 5); i++)
        {
            if (!await LoseAsync(Path.Combine(scratch, $"{i}"), ignoreJournal: false, verdict))
            {
                verdict.Skip(Shim.Unavailable);
                return;
            }
        }

        var control = new Verdict();
        await LoseAsync(Path.Combine(scratch, "control"), ignoreJournal: true, control);
        verdict.Note($"with a journal that is not synced {control.Lost} of {control.Acknowledged} were lost, as they had to be");
        foreach (var note in control.Notes)
        {
            verdict.Note(note);
        }

        verdict.Demand(control.Lost > 0, "without syncs nothing was lost, so the rig cannot see loss");
    }

    private static async Task<bool> LoseAsync(string scratch, bool ignoreJournal, Verdict verdict)
    {
        var folder = Folder(scratch);
        if (await Shim.CreateAsync(scratch, withShadow: true) is not { } shim)
        {
            return false;
        }

        using var ledger = new Ledger(scratch);
        await using (var product = new Product(folder, shim: shim))
        {
            using var sender = new Sender(product.Webhook, ledger);
            await product.StartAsync();
            using var stop = new CancellationTokenSource();
            var posting = sender.PostAsync(6, () => Random.Shared.Next(40) == 0 ? SentBody.Batch(2, 800_000) : SentBody.Next(), stop.Token, TimeSpan.FromMilliseconds(20));
            await Task.Delay(Between(0.8, 1.2));
            shim.IgnoreJournal = ignoreJournal;
            var before = ledger.Acknowledged.Count;
            for (var wait = 0; wait < 100 && ledger.Acknowledged.Count < before + 20; wait++)
            {
                await Task.Delay(100);
            }

            await Task.Delay(Between(0, 0.3));
            await product.KillAsync();
            await stop.CancelAsync();
            await posting;
        }

        var after = Path.Combine(scratch, "after-power-loss");
        shim.Restore(after);
        await using var restored = new Product(after);
        verdict.Count(ledger);
        var inspection = new Inspection(restored, verdict);
        if (!ignoreJournal)
        {
            await restored.StartAsync();
            await inspection.CompareAsync(ledger);
            return true;
        }

        try
        {
            await restored.StartAsync();
            await inspection.CompareInboxAsync(ledger);
        }
        catch (Exception torn) when (torn is FaultException or HttpRequestException or IOException or JsonException)
        {
            // A database whose journal was never synced may come back torn. What cannot be read any more is lost as well.
            verdict.Count(present: 0, ledger.Acknowledged.Count, doubled: 0);
            verdict.Note($"all of them, because what was left could not be read: {torn.Message}");
        }

        return true;
    }
}
