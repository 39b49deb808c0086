using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>
/// Every version of every call comes six times, in a different order each round, to two processes on one data folder. There is
/// one call each, and every round ends in the same state.
/// </summary>
internal sealed class CopiesFault : Fault
{
    private const int Copies = 6;

    private static readonly string[] Compared = ["callId", "result", "label", "durationSeconds", "summary", "emotion", "turns", "variables", "ringType", "hangupType", "flags", "versions"];

    public override string Name => "copies";

    public override string Proves => "D5, D9";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        var calls = isShort ? 8 : 60;
        var growing = Enumerable.Range(0, calls).SelectMany(call => Enumerable.Range(1, 4).Select(version => Growing(call, version))).ToList();
        var contradicting = Enumerable.Range(0, calls).SelectMany(call => Enumerable.Range(1, 3).Select(version => Contradicting(call, version))).ToList();
        var states = new HashSet<string>();
        for (var seed = 1; seed <= (isShort ? 2 : 6); seed++)
        {
            states.Add(await RoundAsync(Path.Combine(scratch, $"{seed}"), growing, contradicting, seed, verdict));
        }

        verdict.Demand(states.Count == 1, $"the rounds ended in {states.Count} different states");
    }

    private static async Task<string> RoundAsync(string scratch, List<SentBody> growing, List<SentBody> contradicting, int seed, Verdict verdict)
    {
        var folder = Folder(scratch);
        await using var one = new Product(folder);
        await using var other = new Product(folder);
        using var ledger = new Ledger(scratch);
        using var toOne = new Sender(one.Webhook, ledger);
        using var toOther = new Sender(other.Webhook, ledger);
        await one.StartAsync();
        await other.StartAsync();

        // Where versions contradict each other their arrival decides, so that the first copies come in turn.
        for (var i = 0; i < contradicting.Count; i++)
        {
            await (i % 2 == 0 ? toOne : toOther).PostAsync(contradicting[i]);
        }

        var shuffled = Enumerable.Repeat(growing, Copies).Concat(Enumerable.Repeat(contradicting, Copies - 1)).SelectMany(bodies => bodies).ToArray();
        new Random(seed).Shuffle(shuffled);
        await Parallel.ForEachAsync(shuffled.Index(), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (it, _) => await (it.Index % 2 == 0 ? toOne : toOther).PostAsync(it.Item));
        verdict.Demand(ledger.Unavailable == 0, $"{ledger.Unavailable} answers of 503 although nothing was wrong");
        await toOne.RetryAsync(TimeSpan.FromSeconds(30));
        verdict.Count(ledger);
        var inspection = new Inspection(one, verdict);
        await inspection.CompareAsync(ledger);
        var copies = (await inspection.DeliveriesAsync()).Sum(delivery => delivery.Copies);
        verdict.Demand(copies == (growing.Count + contradicting.Count) * Copies, $"{copies} copies are counted, {(growing.Count + contradicting.Count) * Copies} were sent");
        return await StateAsync(other, inspection);
    }

    private static async Task<string> StateAsync(Product product, Inspection inspection)
    {
        var state = new StringBuilder();
        foreach (var call in (await inspection.CallsAsync()).OrderBy(call => call.CallId, StringComparer.Ordinal))
        {
            using var answer = JsonDocument.Parse(await product.Http.GetStringAsync(new Uri($"/api/calls/{call.Id}", UriKind.Relative)));
            foreach (var name in Compared)
            {
                if (answer.RootElement.TryGetProperty(name, out var value))
                {
                    state.Append(name).Append('=').Append(name == "versions" ? $"{value.GetArrayLength()}" : Sorted(value)).Append(' ');
                }
            }

            state.Append('\n');
        }

        return state.ToString();
    }

    /// <summary>The keys of an object have no order.</summary>
    private static string Sorted(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? string.Join(',', value.EnumerateObject().Select(pair => pair.ToString()).Order(StringComparer.Ordinal))
        : value.GetRawText();

    /// <summary>Versions that say more and more and never something else: any order must end the same.</summary>
    private static SentBody Growing(int call, int version) => Body($"growing-{call}", version, new Dictionary<string, object>
    {
        ["result"] = "finished",
        ["duration"] = version > 1 ? 42 : 0,
        ["asr_result"] = version > 2 ? new[] { new { time = "00:00:01", robottext = "Selamat pagi", text = "Ya" } } : [],
        ["human_robot_summary"] = version > 3 ? "Says yes." : "",
        ["variables"] = new Dictionary<string, string> { [$"from_version_{version}"] = "said" },
    });

    private static SentBody Contradicting(int call, int version) => Body($"contradicting-{call}", version, new Dictionary<string, object>
    {
        ["result"] = version == 2 ? "" : $"result {version}",
        ["result_label"] = ((char)('A' + version)).ToString(),
        ["duration"] = 10 * version,
        ["emotion"] = version == 1 ? "calm" : "",
    });

    private static SentBody Body(string callId, int version, Dictionary<string, object> fields)
    {
        fields["call_id"] = callId;
        fields["call_times"] = 1;
        fields["callee"] = "+628120000001";
        fields["ring_type"] = "normal";
        return SentBody.Of(Encoding.UTF8.GetBytes(SentBody.Text(JsonSerializer.Serialize(fields), $"task-{version}")), callId);
    }
}
