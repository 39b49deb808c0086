using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>A delivery as the product lists it.</summary>
internal sealed record HeldDelivery(string Id, long Bytes, string Sha256, string Outcome, string? Reason, int Copies);

/// <summary>A call as the product lists it.</summary>
internal sealed record HeldCall(string Id, string? CallId);

/// <summary>Reads from the product what it holds, and compares it with what the sender was told.</summary>
internal sealed class Inspection(Product product, Verdict verdict)
{
    /// <summary>Waits until nothing is pending any more.</summary>
    public async Task<bool> SettleAsync(TimeSpan within)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < within)
        {
            using var answer = JsonDocument.Parse(await product.Http.GetStringAsync(new Uri("/api/deliveries?outcome=pending&limit=1", UriKind.Relative)));
            if (answer.RootElement.GetProperty("items").GetArrayLength() == 0)
            {
                return true;
            }

            await Task.Delay(100);
        }

        verdict.Wrong($"deliveries were still pending after {within.TotalSeconds:0} s");
        return false;
    }

    public Task<List<HeldDelivery>> DeliveriesAsync() => LinesAsync<HeldDelivery>("/api/deliveries?format=ndjson");

    public Task<List<HeldCall>> CallsAsync() => LinesAsync<HeldCall>("/api/calls?format=ndjson");

    /// <summary>Every acknowledged body is there exactly once, unharmed, and so are the calls of everything that is there.</summary>
    public async Task CompareAsync(Ledger ledger, TimeSpan? settleWithin = null)
    {
        await SettleAsync(settleWithin ?? TimeSpan.FromMinutes(4));
        var deliveries = (await DeliveriesAsync()).ToLookup(delivery => delivery.Sha256);
        var calls = (await CallsAsync()).ToLookup(call => call.CallId);
        int present = 0, lost = 0, doubled = 0, callsLost = 0, callsDoubled = 0;
        foreach (var body in ledger.Bodies)
        {
            var held = deliveries[body.Sha256].ToList();
            if (ledger.Acknowledged.TryGetValue(body.Sha256, out var id))
            {
                lost += held.Exists(delivery => delivery.Id == id && delivery.Bytes == body.Bytes.Length) && await IsWholeAsync(id, body) ? 0 : 1;
            }

            present += held.Count > 0 ? 1 : 0;
            doubled += held.Count > 1 ? 1 : 0;
            if (held.Count > 0)
            {
                callsLost += body.CallIds.Count(call => !calls[call].Any());
                callsDoubled += body.CallIds.Count(call => calls[call].Skip(1).Any());
            }
        }

        verdict.Count(present, lost, doubled);
        verdict.Demand(callsLost == 0, $"{callsLost} calls of stored bodies are missing");
        verdict.Demand(callsDoubled == 0, $"{callsDoubled} calls are there twice");
        var known = ledger.Bodies.Select(body => body.Sha256).ToHashSet();
        var strangers = deliveries.Count(group => !known.Contains(group.Key));
        verdict.Demand(strangers == 0, $"{strangers} deliveries that nobody sent");
        var refused = deliveries.SelectMany(group => group).Where(delivery => delivery.Outcome == "quarantined").ToList();
        verdict.Demand(refused.Count == 0, $"{refused.Count} good deliveries were quarantined, the first because: {refused.FirstOrDefault()?.Reason}");
    }

    /// <summary>How many acknowledged bodies are in the inbox, for a rig that must see loss: nothing is waited for, and no call is looked at.</summary>
    /// <exception cref="HttpRequestException">What is left of the inbox cannot be read.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    public async Task CompareInboxAsync(Ledger ledger)
    {
        var held = (await DeliveriesAsync()).Select(delivery => delivery.Sha256).ToHashSet();
        var present = ledger.Acknowledged.Keys.Count(held.Contains);
        verdict.Count(present, ledger.Acknowledged.Count - present, doubled: 0);
    }

    /// <summary>Looks at the very bytes, of all large bodies and of some small ones.</summary>
    private async Task<bool> IsWholeAsync(string id, SentBody body)
    {
        if (body.Bytes.Length < 1_000_000 && Random.Shared.Next(20) > 0)
        {
            return true;
        }

        using var answer = await product.Http.GetAsync(new Uri($"/api/deliveries/{id}/raw", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        return answer.IsSuccessStatusCode && Convert.ToHexStringLower(await SHA256.HashDataAsync(await answer.Content.ReadAsStreamAsync())) == body.Sha256;
    }

    private async Task<List<T>> LinesAsync<T>(string path)
    {
        var lines = new List<T>();
        using var reader = new StreamReader(await product.Http.GetStreamAsync(new Uri(path, UriKind.Relative)));
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Add(JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)!);
        }

        return lines;
    }
}
