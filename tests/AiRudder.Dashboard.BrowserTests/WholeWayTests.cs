using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiRudder.Dashboard.BrowserTests;

/// <summary>A posted call is seen, read and heard.</summary>
[Collection(nameof(ProductFloor))]
public sealed class WholeWayTests(ProductFloor floor)
{
    [ChromiumFact]
    public async Task PostedCall_TwoFloorsOpen_BothShowItAndAThirdHearsIt()
    {
        await using var one = await floor.SignInAsync(Role.Supervisor);
        await using var other = await floor.SignInAsync(Role.Qa, ColorScheme.Dark);
        await one.Page.GotoAsync("/");
        await other.Page.GotoAsync("/");
        await one.IsLiveAsync();
        await other.IsLiveAsync();

        var (body, task) = await CallWithSoundAsync();
        await floor.PostAsync(body);

        foreach (var page in new[] { one.Page, other.Page })
        {
            await Expect(page.Locator("tbody tr", new() { HasText = task }).First).ToBeVisibleAsync();
        }

        await using var third = await floor.SignInAsync(Role.Qa);
        await third.Page.GotoAsync($"/calls?task={Uri.EscapeDataString(task)}");
        await third.IsLiveAsync();
        await third.Page.Locator("tbody tr", new() { HasText = task }).Locator("a[href^='/calls/']").First.ClickAsync();
        await third.Page.WaitForURLAsync(url => url.Contains("/calls/", StringComparison.Ordinal));
        await third.IsLiveAsync();
        await HearAsync(third.Page);
        Assert.Empty(one.Errors.Concat(other.Errors).Concat(third.Errors));
    }

    [ChromiumFact]
    public async Task Batch_FloorOpen_IsOneRow()
    {
        await using var visitor = await floor.SignInAsync(Role.Supervisor);
        await visitor.Page.GotoAsync("/");
        await visitor.IsLiveAsync();
        var batch = JsonNode.Parse(await SampleAsync("call-collection-unanswered-batch-50-id.json"))!;
        var task = batch["task_name"] = $"BATCH_{Guid.NewGuid():N}";
        foreach (var call in batch["details"]!.AsArray())
        {
            call!["call_id"] = Guid.NewGuid().ToString("N");
        }

        await floor.PostAsync(batch.ToJsonString());

        var row = visitor.Page.Locator("tbody tr", new() { HasText = task.ToString() });
        await Expect(row.First).ToContainTextAsync("50 numbers unanswered");
        await Expect(row).ToHaveCountAsync(1);
    }

    [ChromiumFact]
    public async Task VendorsOwnExample_Posted_ShowsEveryFieldOnItsPage()
    {
        var sample = await SampleAsync("call-info-check-vendor-sample.json");
        await floor.PostAsync(sample);
        using var api = Api();
        var id = await WaitForCallAsync(api, "q=callid38a0b923820dcc509a6f75849b");
        await using var visitor = await floor.SignInAsync(Role.Administrator);
        await visitor.Page.GotoAsync($"/calls/{id}");
        await visitor.IsLiveAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Reveal numbers" }).ClickAsync();
        await Expect(visitor.Page.GetByTestId("callee")).ToHaveTextAsync("+6212345678");
        var text = await visitor.Page.Locator("main").TextContentAsync();
        foreach (var value in Values(JsonNode.Parse(sample)!).Distinct())
        {
            Assert.Contains(value, text, StringComparison.Ordinal);
        }
    }

    /// <summary>Plays, seeks by a turn and is at that second.</summary>
    private static async Task HearAsync(IPage page)
    {
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true })).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('[data-testid=audio]').readyState >= 1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('[data-testid=audio]').currentTime > 0.3");
        await page.EvaluateAsync("() => document.querySelector('[data-testid=audio]').pause()");

        var turn = page.Locator("[data-turn]").Nth(2);
        var at = double.Parse((await turn.GetAttributeAsync("data-at"))!, System.Globalization.CultureInfo.InvariantCulture);
        await turn.Locator("[data-seek-to]").ClickAsync();
        await page.WaitForFunctionAsync("at => Math.abs(document.querySelector('[data-testid=audio]').currentTime - at) < 0.3", at);
    }

    /// <summary>A simulated call under a task name of its own.</summary>
    private async Task<(string Body, string Task)> CallWithSoundAsync()
    {
        await floor.SimulateAsync(12, seed: 5);
        using var api = Api();
        var id = await WaitForCallAsync(api, "hasRecording=true&minDuration=25");
        var call = JsonNode.Parse(await api.GetStringAsync($"/api/calls/{id}"))!;
        var element = call["original"]!.DeepClone();
        element["call_id"] = Guid.NewGuid().ToString("N");
        var task = $"WHOLE_WAY_{Guid.NewGuid():N}";
        return (new JsonObject { ["task_id"] = task, ["task_name"] = task, ["status"] = "calling", ["details"] = new JsonArray(element) }.ToJsonString(), task);
    }

    private HttpClient Api()
    {
        var client = new HttpClient { BaseAddress = floor.Url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestSite.TokenOf(Role.Administrator));
        return client;
    }

    private static async Task<string> WaitForCallAsync(HttpClient api, string filter)
    {
        for (var i = 0; i < 450; i++)
        {
            var list = JsonNode.Parse(await api.GetStringAsync($"/api/calls?limit=1&{filter}"))!;
            if (list["items"]!.AsArray() is [{ } first, ..])
            {
                return first["id"]!.GetValue<string>();
            }

            await Task.Delay(200);
        }

        throw new TimeoutException($"No call fits {filter}.");
    }

    private static Task<string> SampleAsync(string name) => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Samples", name));

    /// <summary>Every text and number of the body, but what is a spelling of nothing.</summary>
    private static IEnumerable<string> Values(JsonNode node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Value is null ? [] : Values(field.Value)),
        JsonArray items => items.SelectMany(item => item is null ? [] : Values(item)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is "" or "-" or "{}" or "Null" ? [] : [value.GetValue<string>()],
        _ => [node.ToJsonString()],
    };
}
