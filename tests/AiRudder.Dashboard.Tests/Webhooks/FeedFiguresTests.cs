using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Webhooks;

/// <summary>What can be known of the feed from outside.</summary>
public sealed class FeedFiguresTests
{
    [Fact]
    public async Task T2_Export_ListsDeliveriesWithTheirHashAndCallsWithTheirDelivery()
    {
        using var site = new TestSite(Vendor.OneConnection);
        var body = Encoding.UTF8.GetBytes("""{"task_id":"t","details":[{"call_id":"a"}]}""");
        var id = (await site.PostAsync(Vendor.OnlyToken, body))["id"]!.ToString();
        using var api = site.Api(Role.Administrator);

        var delivery = JsonNode.Parse((await api.GetStringAsync("/api/deliveries?format=ndjson")).Trim())!;
        var call = JsonNode.Parse((await api.GetStringAsync("/api/calls?format=ndjson")).Trim())!;
        var whole = JsonNode.Parse(await api.GetStringAsync($"/api/calls/{call["id"]}"))!;

        Assert.Equal(id, $"{delivery["id"]}");
        Assert.Equal(body.Length, (int)delivery["bytes"]!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), $"{delivery["sha256"]}");
        Assert.Equal("processed", $"{delivery["outcome"]}");
        Assert.True(DateTimeOffset.TryParse($"{delivery["receivedAt"]}", System.Globalization.CultureInfo.InvariantCulture, out _));
        Assert.Equal(id, $"{Assert.Single(whole["deliveries"]!.AsArray())!["id"]}");
        var written = await site.Services.GetRequiredService<AuditQueries>().ListAsync(AuditAction.Export, null, null, null, default);
        Assert.Equal(["calls", "deliveries"], written.Select(line => line.Entry.Target));
        using var listener = site.Api(Role.Qa);
        foreach (var list in new[] { "/api/deliveries", "/api/calls" })
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, (await listener.GetAsync(list)).StatusCode);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await listener.GetAsync(list + "?format=ndjson")).StatusCode);
        }
    }

    [Fact]
    public async Task D2_Post_WhereNobodyReadsBodies_Is200()
    {
        using var site = new TestSite(new Dictionary<string, string?>(Vendor.OneConnection) { ["Role"] = "Receive" });
        using var client = site.Anonymous();
        foreach (var body in new byte[][] { [], "{\"task_id\":"u8.ToArray(), [0x1f, 0x8b, 0, 1, 2], """{"task_id":"t","details":[{"call_id":"a"}]}"""u8.ToArray() })
        {
            using var answer = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new ByteArrayContent(body));

            Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        }

        var kept = await site.Services.GetRequiredService<DeliveryQueries>().ListAsync(new(null, DeliveryOutcome.Pending), null, null, 10, default);
        Assert.Equal(4, kept.Count);
    }
}
