using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiRudder.Dashboard.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiRudder.Dashboard.BrowserTests;

/// <summary>
/// Whatever counts calls leads to exactly those calls. Every link to the list that shows a number must say by <c>data-count</c> how many, and
/// is followed, on every page that has some; charts are looked at as tables, whose cells have the links of their slices and bars.
/// </summary>
[Collection(nameof(ProductFloor))]
public sealed partial class DrillDownTests(ProductFloor floor)
{
    private const int Known = 8;

    private static readonly string Robot = new('d', 32);

    [ChromiumFact]
    public async Task EveryCount_Followed_ListsExactlySoManyCalls()
    {
        var task = await SeedAsync();
        await using var visitor = await floor.SignInAsync(Role.Administrator);
        var today = DateTime.UtcNow.AddHours(7);
        var days = $"from={today.AddDays(-1):yyyy-MM-dd}&to={today:yyyy-MM-dd}";
        string[] pages = ["/", $"/?{days}", $"/?from={today.AddDays(-8):yyyy-MM-dd}&to={today:yyyy-MM-dd}", $"/intentions?{days}", $"/intentions?{days}&meaningsNow=true", $"/tasks?{days}", $"/tasks/{task}", $"/tasks/{task}?{days}", $"/lines?{days}"];

        var (links, findings) = (new Dictionary<string, (long Count, string Page)>(), new List<string>());
        foreach (var page in pages)
        {
            var found = await LinksAsync(visitor.Page, page);
            if (page != "/")
            {
                Assert.True(found.Count > 8, $"{page} has only {found.Count} links to calls.");
            }

            foreach (var link in found)
            {
                if (link.Count < 0)
                {
                    findings.Add($"{page}: the link to {link.Href} shows a number, '{link.Says}', and does not say how many calls it leads to");
                    continue;
                }

                if (!link.Says.Contains(link.Count.ToString("N0", CultureInfo.InvariantCulture), StringComparison.Ordinal))
                {
                    findings.Add($"{page}: the link to {link.Href} counts {link.Count} and says '{link.Says}'");
                }

                if (!links.TryAdd(link.Href, (link.Count, page)) && links[link.Href].Count != link.Count)
                {
                    findings.Add($"{link.Href} is {links[link.Href].Count} on {links[link.Href].Page} and {link.Count} on {page}");
                }
            }
        }

        foreach (var (href, (count, page)) in links)
        {
            // As it is delivered before its circuit begins: there are hundreds.
            var answer = await visitor.Page.APIRequest.GetAsync(href);
            var listed = Status().Match(await answer.TextAsync()) is { Success: true } status ? long.Parse(status.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : -1;
            if (listed != count)
            {
                findings.Add($"{page} counts {count}, {href} lists {listed}");
            }
        }

        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
        Assert.Empty(visitor.Errors);
    }

    [ChromiumFact]
    public async Task TileAndSlice_Clicked_LeadToTheCalls()
    {
        await SeedAsync();
        await using var visitor = await floor.SignInAsync(Role.Supervisor);
        var today = DateTime.UtcNow.AddHours(7);
        await visitor.Page.GotoAsync($"/?from={today.AddDays(-1):yyyy-MM-dd}&to={today:yyyy-MM-dd}");
        await visitor.IsLiveAsync();
        var tile = visitor.Page.Locator("a.tile").First;
        var count = await tile.GetAttributeAsync("data-count");
        await tile.ClickAsync();
        await visitor.Page.WaitForURLAsync(url => url.Contains("/calls?", StringComparison.Ordinal));
        Assert.Equal(count, (await CountAsync(visitor.Page)).ToString(CultureInfo.InvariantCulture));

        await visitor.Page.GotoAsync($"/?from={today.AddDays(-1):yyyy-MM-dd}&to={today:yyyy-MM-dd}");
        await visitor.IsLiveAsync();
        var slice = visitor.Page.Locator(".apexcharts-pie-area").First;
        await Expect(slice).ToBeVisibleAsync();

        // A ring has nothing in its middle, where a pointer would be sent.
        await slice.DispatchEventAsync("mousedown");
        await visitor.Page.WaitForURLAsync(url => url.Contains("label=", StringComparison.Ordinal));
    }

    private static async Task<List<Link>> LinksAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await Expect(page.Locator("header .pill")).Not.ToHaveTextAsync("…");
        await Expect(page.Locator(".bone")).ToHaveCountAsync(0);
        if (path != "/")
        {
            // In the small hours nobody has been called today yet; of the days before there is something.
            await Expect(page.Locator("main a[data-count]").First).ToBeAttachedAsync();
        }

        var charts = page.Locator("button.swap");
        for (var i = 0; i < await charts.CountAsync(); i++)
        {
            await charts.Nth(i).ClickAsync();
            await Expect(charts.Nth(i)).ToHaveAttributeAsync("aria-pressed", "true");
        }

        var found = await page.EvaluateAsync<string>(
            """
            () => JSON.stringify([...document.querySelectorAll("main a[href]")]
              .filter((link) => new URL(link.href).pathname === "/calls" && (link.dataset.count !== undefined || /\d/.test(link.textContent)))
              .map((link) => ({ href: link.getAttribute("href"), count: Number(link.dataset.count ?? -1), says: `${link.textContent} ${link.title} ${link.ariaLabel ?? ""}` })))
            """);
        return JsonSerializer.Deserialize<List<Link>>(found, JsonSerializerOptions.Web)!;
    }

    private static async Task<long> ListedAsync(IPage page, string href)
    {
        await page.GotoAsync(href);
        return await CountAsync(page);
    }

    /// <summary>The number of calls the list says it has.</summary>
    private static async Task<long> CountAsync(IPage page)
    {
        var status = page.Locator("main [role=status]", new() { HasTextRegex = Calls() }).First;
        await Expect(status).ToBeVisibleAsync();
        return long.Parse(Calls().Match((await status.TextContentAsync())!).Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    /// <summary>Simulated calls of the last day, and some whose label, robot and transfer are chosen.</summary>
    private async Task<string> SeedAsync()
    {
        await floor.SimulateAsync(40, seed: 21);
        var task = $"DRILL_{Guid.NewGuid():N}";
        var sample = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Samples", "call-info-check-transferred-mx.json")))!;
        foreach (var (label, robot, transfer, number) in new[] { ("A", Robot, "taken", 1), ("A", Robot, "", 2), ("Z", Robot, "", 3), ("A", "", "", 4), ("--", Robot, "", 5), ("", "", "", 6), ("B", Robot, "", 6), ("B", Robot, "taken, never asked for", 7) })
        {
            var body = sample.DeepClone();
            (body["task_id"], body["task_name"], body["robot_hash"]) = (task, task, robot);
            var call = body["details"]![0]!;
            (call["robot_hash"], call["call_id"], call["result_label"], call["callee"]) = (robot, Guid.NewGuid().ToString("N"), label, $"+62812000000{number}");

            // Nothing answers there, and other tests listen to whatever calls there are.
            call["recording_link"] = "";
            var start = DateTime.UtcNow.AddHours(7).AddMinutes(-10 * number);
            foreach (var (name, seconds) in new[] { ("call_start_time", 0), ("call_dial_time", 0), ("call_connect_time", 5), ("robot_end_time", 40), ("call_end_time", 60) })
            {
                call[name] = start.AddSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            }

            if (transfer.Length == 0)
            {
                call.AsObject().Remove("transfer");
            }
            else if (transfer != "taken")
            {
                call["transfer"]!["TransferTime"] = "";
            }

            await floor.PostAsync(body.ToJsonString());
        }

        await using var visitor = await floor.SignInAsync(Role.Administrator);
        for (var i = 0; await ListedAsync(visitor.Page, $"/calls?task={task}") != Known; i++)
        {
            Assert.True(i < 450, "The calls did not land.");
            await Task.Delay(200);
        }

        return task;
    }

    [GeneratedRegex(@"^\s*([\d,]+)\+? calls?")]
    private static partial Regex Calls();

    [GeneratedRegex(@"role=""status""[^>]*>\s*([\d,]+)\+? calls?")]
    private static partial Regex Status();

    private sealed record Link(string Href, long Count, string Says);
}
