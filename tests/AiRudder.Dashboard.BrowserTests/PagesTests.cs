using System.Text.RegularExpressions;
using AiRudder.Dashboard.Accounts;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiRudder.Dashboard.BrowserTests;

/// <summary>What must hold of every page: no script error, no serious finding of axe, nothing wider than the screen.</summary>
[Collection(nameof(ProductFloor))]
public sealed class PagesTests(ProductFloor floor)
{
    private static readonly string[] Paths = ["/", "/wall", "/tasks", "/intentions", "/calls", "/reviews", "/reviews/results", "/reviews/samples", "/reviews/rules", "/reviews/agreement", "/reviews/labels", "/reviews/scorecards", "/lines", "/alerts", "/deliveries", "/recordings", "/connections", "/people", "/audit", "/glossary"];

    [ChromiumTheory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task EveryPage_Opened_IsSoundAndAccessible(ColorScheme scheme, int width)
    {
        await floor.SimulateAsync(40, seed: 9);
        await using var visitor = await floor.SignInAsync(Role.Administrator, scheme, width);
        var paths = Paths.ToList();
        await visitor.Page.GotoAsync("/calls?connected=true");
        paths.Add(await FirstLinkAsync(visitor.Page, "/calls/"));

        // In the small hours nobody has been called today yet.
        await visitor.Page.GotoAsync($"/tasks?from={DateTime.UtcNow.AddDays(-2):yyyy-MM-dd}&to={DateTime.UtcNow.AddDays(1):yyyy-MM-dd}");
        paths.Add(await FirstLinkAsync(visitor.Page, "/tasks/"));
        await visitor.Page.GotoAsync("/deliveries");
        paths.Add(await FirstLinkAsync(visitor.Page, "/deliveries/"));

        var findings = new List<string>();
        foreach (var path in paths)
        {
            await visitor.Page.GotoAsync(path);
            await Expect(visitor.Page.Locator("h1").First).ToBeVisibleAsync();
            if (await visitor.Page.Locator("header .pill").CountAsync() > 0)
            {
                // While the circuit takes the page over, its title is drawn anew.
                await visitor.IsLiveAsync();
                await Expect(visitor.Page).ToHaveTitleAsync(new Regex("AiRudder Dashboard$"));
            }

            await Expect(visitor.Page.Locator(".bone")).ToHaveCountAsync(0);
            var axe = await visitor.Page.RunAxe();
            findings.AddRange(axe.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{path}: {Describe(violation)}"));
            if (await visitor.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth") is var wider && wider > 0)
            {
                findings.Add($"{path}: {wider} px wider than the screen");
            }
        }

        findings.AddRange(visitor.Errors.Select(error => $"script: {error}"));
        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
    }

    [ChromiumTheory]
    [InlineData(1200)]
    [InlineData(1400)]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task LiveCalls_OneUnansweredAndOneWithLongWords_FitIntoThePanel(int width)
    {
        // One number of a delivery has a row of its own when nobody answered.
        await PostAsync("""{"result":"finished","result_label":"F","intention_description":"Not reached","ring_type":"outofservice","duration":0}""");
        await PostAsync("""
            {"result":"finished","result_label":"B","intention_description":"Wants to talk to a person today","duration":87,
             "call_connect_time":"2026-01-21 10:02:00","call_end_time":"2026-01-21 10:03:27","hangup_type":"ByCallee",
             "transfer":{"TransferTime":"2026-01-21 10:02:51","TransferSuccessTime":"2026-01-21 10:02:59"}}
            """);
        await using var visitor = await floor.SignInAsync(Role.Qa, width: width);
        await visitor.Page.GotoAsync("/");
        await Expect(visitor.Page.Locator($"td[title='A_TASK_WITH_A_RATHER_LONG_NAME_{width}']")).ToHaveCountAsync(2);

        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("() => { const panel = document.querySelector('.stream .scroll'); return panel.scrollWidth - panel.clientWidth; }"));

        Task PostAsync(string call) => floor.PostAsync($$"""{"task_id":"room-{{width}}","task_name":"A_TASK_WITH_A_RATHER_LONG_NAME_{{width}}","details":[{{call}}]}""");
    }

    [ChromiumFact]
    public async Task SignIn_LightAndDark_HasNoSeriousFinding()
    {
        await using var visitor = await floor.SignInAsync(Role.Supervisor, ColorScheme.Dark, 390);
        await visitor.Page.Context.ClearCookiesAsync();
        await visitor.Page.GotoAsync("/");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        var axe = await visitor.Page.RunAxe();
        Assert.Empty(axe.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(Describe));
    }

    private static async Task<string> FirstLinkAsync(IPage page, string prefix)
    {
        var link = page.Locator($"main a[href^='{prefix}']").First;
        await Expect(link).ToBeAttachedAsync();
        return (await link.GetAttributeAsync("href"))!;
    }

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id} ({violation.Help}): {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}";
}
