using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Reviews;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace AiRudder.Dashboard.BrowserTests;

/// <summary>A reviewer works through the queue with the keyboard alone.</summary>
[Collection(nameof(ProductFloor))]
public sealed class ReviewTests(ProductFloor floor, ITestOutputHelper output)
{
    [ChromiumFact]
    public async Task Queue_WorkedWithKeysAlone_ScoresAndOpensTheNextCall()
    {
        await floor.SimulateAsync(30, seed: 41);

        // Of other tests' calls some have links that are dead, which a browser calls an error.
        await QueueKeptAsync(5);
        await ReviewExamples.AddAsync(floor.Services.GetRequiredService<Scorecards>(), "test", default);
        await using var visitor = await floor.SignInAsync(Role.Qa);
        var page = visitor.Page;
        await page.GotoAsync("/reviews");
        await visitor.IsLiveAsync();
        await Expect(page.Locator("a[data-row]").First).ToBeVisibleAsync();
        await Expect(page.Locator("html[data-review-keys]")).ToBeAttachedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.Contains("?review=", StringComparison.Ordinal));
        var first = page.Url;
        await Expect(page.Locator("html[data-review-keys]")).ToBeAttachedAsync();
        await Expect(page.Locator("[data-review-item][aria-current]")).ToBeVisibleAsync();
        foreach (var key in new[] { "1", "1", "x", "3", "0" })
        {
            var item = page.Locator("[data-review-item][aria-current]");
            await Expect(item).ToBeVisibleAsync();
            var text = await item.Locator("[data-focus-item]").TextContentAsync();
            await page.Keyboard.PressAsync(key);
            await Expect(page.Locator("[data-review-item]", new() { HasText = text }).Locator("[aria-pressed=true]")).ToBeVisibleAsync();
        }

        await Expect(page.Locator(".score")).ToContainTextAsync("Score 91.7");
        await page.Keyboard.PressAsync("n");
        await page.Locator("#notes textarea").FillAsync("heard twice");
        await page.Locator("#notes").GetByRole(AriaRole.Button, new() { Name = "Save note" }).ClickAsync();
        await Expect(page.Locator("#notes [data-note-at]")).ToBeVisibleAsync();
        await page.EvaluateAsync("() => document.activeElement?.blur()");
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync(url => url.Contains("?review=", StringComparison.Ordinal) && url != first);
        await Expect(page.Locator("[data-review-item][aria-current]")).ToBeVisibleAsync();
        await page.GotoAsync("/reviews/results");
        await Expect(page.Locator("tbody tr", new() { HasText = "91.7" })).ToHaveCountAsync(1);
        Assert.Empty(visitor.Errors);
    }

    [ChromiumFact]
    public async Task Next_TheCallThatComesPlaysFromOurKeptCopyFetchedBefore()
    {
        await floor.SimulateAsync(12, seed: 33);
        var kept = await QueueKeptAsync(3);
        await ReviewExamples.AddAsync(floor.Services.GetRequiredService<Scorecards>(), "test", default);
        await using var visitor = await floor.SignInAsync(Role.Qa);
        var page = visitor.Page;
        var asked = new List<(long Call, string? Purpose)>();
        page.Request += (_, request) =>
        {
            if (CallOf(request.Url) is { } call)
            {
                lock (asked)
                {
                    asked.Add((call, request.Headers.GetValueOrDefault("x-purpose")));
                }
            }
        };

        var before = await page.RunAndWaitForResponseAsync(
            () => page.GotoAsync($"/calls/{kept[0].Call}?review={kept[0].Item}"),
            answer => CallOf(answer.Url) is { } call && call != kept[0].Call && answer.Request.Headers.ContainsKey("x-purpose"));
        var next = CallOf(before.Url)!.Value;
        await using (var db = floor.Contexts.CreateDbContext())
        {
            // Our own copy, whole: its tag is the fingerprint that was kept with it.
            var row = await db.Recordings.SingleAsync(it => it.CallId == next);
            Assert.Equal(RecordingState.Kept, row.State);
            Assert.Equal(200, before.Status);
            Assert.Equal($"\"{Convert.ToHexStringLower(row.Sha256!)}\"", await before.HeaderValueAsync("etag"));
            Assert.Equal($"{row.Bytes}", await before.HeaderValueAsync("content-length"));
            Assert.Null(await before.FinishedAsync());
        }

        await page.EvaluateAsync("() => { document.addEventListener('keydown', (e) => { if (e.key === 'Enter') window.pressed = performance.now(); }, true); document.addEventListener('playing', () => { window.heard ??= performance.now(); }, true); }");
        await page.Locator("details.leave-out summary").ClickAsync();
        await page.Locator("details.leave-out input").FillAsync("heard before");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => url.Contains($"/calls/{next}?", StringComparison.Ordinal));
        await page.WaitForFunctionAsync("() => { const a = document.querySelector('[data-testid=audio]'); return a && !a.paused && a.currentTime > 0.2; }");

        Assert.StartsWith("blob:", await page.EvaluateAsync<string>("() => document.querySelector('[data-testid=audio]').currentSrc"), StringComparison.Ordinal);
        await Expect(page.Locator("[data-wave][data-drawn]")).ToBeAttachedAsync();
        lock (asked)
        {
            Assert.Equal([(next, "prefetch")], asked.Where(it => it.Call == next));
        }

        output.WriteLine($"From the key to the first sound of the next call: {await page.EvaluateAsync<double>("() => window.heard - window.pressed"):0} ms");
        Assert.Empty(visitor.Errors);
    }

    private static long? CallOf(string url) =>
        new Uri(url).Segments is [_, "api/", "calls/", var id, "recording"] ? long.Parse(id.TrimEnd('/'), System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>A queue of its own: nothing else is left in it, and the sound of each call is kept here.</summary>
    private async Task<IReadOnlyList<(long Call, long Item)>> QueueKeptAsync(int calls)
    {
        List<long> kept = [];
        for (var i = 0; kept.Count < calls; i++)
        {
            Assert.True(i < 900, "The recordings were not kept.");
            await Task.Delay(100);
            await using var db = floor.Contexts.CreateDbContext();
            kept = await db.Recordings
                .Where(row => row.State == RecordingState.Kept && db.Calls.Any(call => call.Id == row.CallId && call.DurationSeconds >= 10) && !db.ReviewItems.Any(item => item.CallId == row.CallId))
                .OrderBy(row => row.CallId).Select(row => row.CallId).Take(calls).ToListAsync();
        }

        await using var own = floor.Contexts.CreateDbContext();
        await own.ReviewItems.Where(item => item.State == ReviewItemState.Open || item.State == ReviewItemState.Claimed).ExecuteDeleteAsync();
        foreach (var call in kept)
        {
            await floor.Services.GetRequiredService<ReviewQueue>().AddAsync([call], new QueueWish { By = "test" }, default);
        }

        var items = await own.ReviewItems.Where(item => kept.Contains(item.CallId)).OrderBy(item => item.Id).ToListAsync();
        return [.. items.Select(item => (item.CallId, item.Id))];
    }
}
