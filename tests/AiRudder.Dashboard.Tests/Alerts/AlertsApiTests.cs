using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Alerts;

public sealed class AlertsApiTests
{
    [Fact]
    public async Task Alerts_OpenOrAll_ComeInPagesNewestFirst()
    {
        using var site = new TestSite();
        using var client = site.Api(Role.Qa);
        await using (var db = site.Contexts.CreateDbContext())
        {
            foreach (var state in new[] { AlertState.Resolved, AlertState.Open, AlertState.Acknowledged })
                db.Add(new Alert { RuleId = 5, Name = "n", Words = state.ToString(), State = state, OpenedAt = DateTimeOffset.UnixEpoch });

            await db.SaveChangesAsync();
        }

        var open = await client.GetFromJsonAsync<JsonElement>("/api/alerts");
        Assert.Equal(["acknowledged", "open"], States(open));
        var first = await client.GetFromJsonAsync<JsonElement>("/api/alerts?state=all&limit=2");
        var second = await client.GetFromJsonAsync<JsonElement>($"/api/alerts?state=all&limit=2&cursor={first.GetProperty("next").GetString()}");
        Assert.Equal(["acknowledged", "open", "resolved"], States(first).Concat(States(second)));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/alerts?state=some")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/alerts?cursor=x")).StatusCode);
        Assert.Contains("/api/alerts", await client.GetStringAsync("/openapi/v1.json"), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> States(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("state").GetString());
}
