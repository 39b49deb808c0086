using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>AIRUDDER's side of a <see cref="TestSite"/>: settings of a connection, posting, waiting for what comes of it.</summary>
public static class Vendor
{
    /// <summary>Of the connection that <see cref="OneConnection"/> describes.</summary>
    public static readonly string OnlyToken = Token("only");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Waits longer for a commit than a sender would: a busy machine is no reason for a test to fail.</summary>
    public static IReadOnlyDictionary<string, string?> OneConnection =>
        Settings(0, "Pinjaman Cepat", OnlyToken, "Asia/Jakarta").Append(new("Webhooks:StoreTimeout", "00:00:50")).ToDictionary();

    /// <summary>A token that is always the same for the same word.</summary>
    public static string Token(string word) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(word)));

    public static IEnumerable<KeyValuePair<string, string?>> Settings(int index, string name, string token, string zone) =>
    [
        new($"Connections:{index}:Name", name),
        new($"Connections:{index}:Token", token),
        new($"Connections:{index}:TimeZone", zone),
    ];

    public static string Url(string token, string? kind = null) => $"/webhooks/airudder/{token}{(kind is null ? "" : "/" + kind)}";

    /// <summary>Posts and waits until the delivery is no longer pending.</summary>
    /// <returns>The delivery as the API shows it.</returns>
    public static async Task<JsonObject> PostAsync(this TestSite site, string token, byte[] body, string? kind = null, string? contentType = "application/json", string? contentEncoding = null)
    {
        using var client = site.Anonymous();
        using var content = new ByteArrayContent(body);
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        if (contentEncoding is not null)
            content.Headers.ContentEncoding.Add(contentEncoding);

        using var answer = await client.PostAsync(Url(token, kind), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await site.SettledAsync(IdOf(answer));
    }

    public static Task<JsonObject> PostAsync(this TestSite site, string body, string? kind = null) => site.PostAsync(OnlyToken, Encoding.UTF8.GetBytes(body), kind);

    public static string IdOf(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("X-Delivery-Id"));

    /// <summary>Waits until the delivery is no longer pending.</summary>
    public static async Task<JsonObject> SettledAsync(this TestSite site, string id)
    {
        using var api = site.Api(Role.Administrator);
        return await UntilAsync(
            async () => (await api.GetFromJsonAsync<JsonObject>($"/api/deliveries/{id}"))!,
            delivery => delivery["outcome"]!.GetValue<string>() != "pending",
            $"delivery {id} is pending");
    }

    /// <summary>Waits until so many arrivals of the delivery, or more, are counted: the later may be brought in from the inbox after the first was read.</summary>
    public static async Task<int> CopiesAsync(this TestSite site, string id, int least)
    {
        using var api = site.Api(Role.Administrator);
        return await UntilAsync(
            async () => (await api.GetFromJsonAsync<JsonObject>($"/api/deliveries/{id}"))!["copies"]!.GetValue<int>(),
            copies => copies >= least,
            $"delivery {id} has fewer than {least} copies");
    }

    /// <summary>Looks again and again until it is so.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> enough, string waiting)
    {
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            var seen = await look();
            if (enough(seen))
                return seen;

            Assert.True(Environment.TickCount64 < end, $"{waiting}, after {Patience}");
            await Task.Delay(20);
        }
    }

    public static Task UntilAsync(Func<bool> enough, string waiting) => UntilAsync(() => Task.FromResult(enough()), so => so, waiting);
}
