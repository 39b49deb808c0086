using System.Net;
using System.Text;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>Call ids that look alike, or that no text column survives. Each is a call of its own, however often it comes.</summary>
internal sealed class IdentitiesFault : Fault
{
    /// <summary>As they stand between the quotes of a JSON string.</summary>
    private static readonly string[] Ids =
    [
        "AbCdEf", "abcdef", "ABCDEF", "abcdef ", " abcdef", "abcdef\\t", "abcdef\\u0000", "abcdef\\u0000x", "\\u0000", "caf\u00e9", "cafe\u0301", "CAF\u00c9",
        "stra\u00dfe", "strasse", "\uff11\uff12\uff13", "123", "\u0661\u0662\u0663", "\u212b", "\u00c5", "A\u030a", "i", "I", "\u0131", "\u0130", "\\ud83d", "\\ude00", "\\ud83dx", "\ufffd",
        "\\ufffd\\ufffd", "\ud83d\ude00", "a\u200db", "ab", "a\u00adb", "a\ufeffb", "\ufb01", "fi",
    ];

    public override string Name => "identities";

    public override string Proves => "D5, D6";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        await using var product = new Product(Folder(scratch));
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger);
        await product.StartAsync();
        var together = Body(string.Join(',', Ids.Select(id => SentBody.Call(id))));
        await sender.PostAsync(together);
        foreach (var id in Ids)
        {
            verdict.Demand(await sender.PostAsync(Body(SentBody.Call(id, duration: 99))) == HttpStatusCode.OK, $"call id '{id}' was not accepted");
        }

        // Without an id: number, task and count tell two apart, and the same number again is the same call.
        foreach (var (number, times, result) in new[] { (1, 1, "a"), (2, 1, "a"), (1, 2, "a"), (1, 1, "b") })
        {
            await sender.PostAsync(Body($$"""{"callee":"+62812000000{{number}}","call_times":{{times}},"result":"{{result}}"}"""));
        }

        var inspection = new Inspection(product, verdict);
        await inspection.SettleAsync(TimeSpan.FromMinutes(3));
        var wanted = Ids.Length + 3;
        var calls = await inspection.CallsAsync();
        verdict.Demand(calls.Count == wanted, $"{calls.Count} calls instead of {wanted}");
        verdict.Note($"{Ids.Length} ids alike but not equal and 3 calls without an id, each twice or more");
        verdict.Count(ledger);
        var held = (await inspection.DeliveriesAsync()).ToLookup(delivery => delivery.Sha256);
        verdict.Count(ledger.Acknowledged.Keys.Count(sha => held[sha].Any()), ledger.Acknowledged.Keys.Count(sha => !held[sha].Any()), held.Count(group => group.Skip(1).Any()));
    }

    private static SentBody Body(string elements) => SentBody.Of(Encoding.UTF8.GetBytes(SentBody.Text(elements)));
}
