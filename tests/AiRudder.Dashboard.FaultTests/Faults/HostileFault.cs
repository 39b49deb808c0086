using System.IO.Compression;
using System.Net;
using System.Text;
using AiRudder.Dashboard.FaultTests.Rig;
using AiRudder.Simulator;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>Bodies that no sender should send. Each is kept and answered 200, none stays pending, and good calls beside them are not touched.</summary>
internal sealed class HostileFault : Fault
{
    public override string Name => "hostile";

    public override string Proves => "D3, D7, D8, L2";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        await using var product = new Product(Folder(scratch));
        await product.StartAsync();
        await using var companion = new Companion(product, scratch);
        await Task.Delay(500);
        await using var memory = new MemoryWatch(product);
        var bodies = HostileCatalogue.Bodies().Concat(Ours()).ToList();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Parallel.ForEachAsync(bodies, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (body, cancel) =>
        {
            var answer = await body.PostAsync(product.Webhook, http, cancel);
            verdict.Demand(answer == "200 OK", $"'{body.Name}' was answered {answer}");
        });
        var inspection = new Inspection(product, verdict);
        await inspection.SettleAsync(TimeSpan.FromMinutes(3));
        await companion.EndAsync(verdict, TimeSpan.FromSeconds(5));
        await inspection.SettleAsync(TimeSpan.FromMinutes(3));
        verdict.Note($"{bodies.Count} hostile bodies; {memory}");
        verdict.Demand(memory.Growth <= 512, $"{memory}: more than 512 MB");

        var calls = (await inspection.CallsAsync()).ToLookup(call => call.CallId);
        foreach (var good in new[] { "beside-40-mb", "beside-deep", "beside-many-keys", "after-deep-envelope" })
        {
            verdict.Demand(calls[good].Count() == 1, $"the good call '{good}' is there {calls[good].Count()} times");
        }

        await CompanionIsThereAsync(companion.Ledger, inspection, verdict);
        await TooLargeAsync(product, verdict);
    }

    private static async Task CompanionIsThereAsync(Ledger ledger, Inspection inspection, Verdict verdict)
    {
        var held = (await inspection.DeliveriesAsync()).ToLookup(delivery => delivery.Sha256);
        var present = ledger.Acknowledged.Keys.Count(sha => held[sha].Any());
        verdict.Count(present, ledger.Acknowledged.Count - present, ledger.Acknowledged.Keys.Count(sha => held[sha].Skip(1).Any()));
    }

    private static IEnumerable<HostileBody> Ours()
    {
        yield return Around("element of 40 MB beside a good one", $$"""{"call_id":"large","human_robot_summary":"{{new string('x', 40_000_000)}}"},{{SentBody.Call("beside-40-mb")}}""");
        yield return Around("deep element beside a good one", $$"""{"call_id":"deep","variables":{{new string('[', 100_000)}}{{new string(']', 100_000)}}},{{SentBody.Call("beside-deep")}}""");
        yield return Around("a million keys beside a good call", $$"""{"call_id":"keys",{{Keys(1_000_000)}}},{{SentBody.Call("beside-many-keys")}}""");
        yield return new("a million keys at the top", Encoding.UTF8.GetBytes($$"""{"task_id":"keys",{{Keys(1_000_000)}},"details":[]}"""));
        yield return new("sixty million letters at the top", Encoding.UTF8.GetBytes($$"""{"task_id":"{{new string('t', 60_000_000)}}","details":[]}"""));
        yield return new("many long fields at the top", Encoding.UTF8.GetBytes($$"""{{{string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"f{i}\":\"{new string('v', 5_000_000)}\""))}},"details":[]}"""));
        yield return new("deep envelope", Encoding.UTF8.GetBytes($$"""{"task_id":"deep-envelope","extra":{{new string('[', 500)}}{{new string(']', 500)}},"details":[{{SentBody.Call("after-deep-envelope")}}]}"""));
        yield return new("deep envelope, later version", Encoding.UTF8.GetBytes(SentBody.Text(SentBody.Call("after-deep-envelope", duration: 33))));
        yield return new("envelope too deep to read", Encoding.UTF8.GetBytes($$"""{"task_id":"deep-envelope-2","extra":{{new string('[', 5_000)}}{{new string(']', 5_000)}},"details":[]}"""));
        yield return Around("sixteen million numbers in a call", $$"""{"call_id":"numbers","variables":[{{string.Concat(Enumerable.Repeat("1,", 15_000_000))}}1]}""");
        yield return Around("five million empty calls", string.Join(',', Enumerable.Repeat("{}", 5_000_000)));
        yield return Packed("gzip bomb of blanks", [.. Enumerable.Repeat((byte)' ', 200_000_000)]);
        yield return Packed("gzip bomb of brackets", [.. Enumerable.Repeat((byte)'[', 100_000_000)]);
        yield return Around("a number of a million digits", $$"""{"call_id":"digits","duration":{{new string('9', 1_000_000)}}}""");
    }

    private static string Keys(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"key{i}\":1"));

    private static HostileBody Around(string name, string elements) => new(name, Encoding.UTF8.GetBytes(SentBody.Text(elements, name)));

    private static HostileBody Packed(string name, byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return new(name, packed.ToArray()) { Encoding = "gzip" };
    }

    /// <summary>One byte too many, announced and not announced.</summary>
    private static async Task TooLargeAsync(Product product, Verdict verdict)
    {
        const long limit = 268_435_456;
        foreach (var announced in new[] { true, false })
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
            using var request = new HttpRequestMessage(HttpMethod.Post, product.Webhook) { Content = new StreamContent(new EndlessStream(limit + 1)) };
            request.Headers.ExpectContinue = announced;
            request.Content.Headers.ContentLength = announced ? limit + 1 : null;
            request.Headers.TransferEncodingChunked = !announced;
            try
            {
                using var answer = await http.SendAsync(request);
                verdict.Demand(answer.StatusCode == HttpStatusCode.RequestEntityTooLarge, $"a body above the limit was answered {(int)answer.StatusCode}");
            }
            catch (HttpRequestException error)
            {
                verdict.Wrong($"a body above the limit ({(announced ? "announced" : "chunked")}) got no answer: {error.Message}");
            }
        }
    }
}
