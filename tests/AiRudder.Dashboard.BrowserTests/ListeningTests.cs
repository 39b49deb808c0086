using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Recordings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AiRudder.Dashboard.BrowserTests;

/// <summary>Hearing a call: on real sound, in a real browser.</summary>
[Collection(nameof(ProductFloor))]
public sealed class ListeningTests(ProductFloor floor)
{
    private const string Audio = "document.querySelector('[data-testid=audio]')";

    [ChromiumFact]
    public async Task Turns_Clicked_TheSoundIsThereWithinATenthOrThree()
    {
        var id = await KeptCallAsync();
        await using var visitor = await OpenAsync(id);
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync($"() => {Audio}.currentTime > 0.2");

        // Where the sound is when it was sent somewhere; it plays on before anybody could ask.
        await page.EvaluateAsync($"() => {{ window.sought = []; {Audio}.addEventListener('seeking', () => window.sought.push({Audio}.currentTime)); }}");
        foreach (var index in new[] { await page.Locator("[data-turn][data-at]").CountAsync() - 1, 1, 2 })
        {
            var turn = page.Locator("[data-turn]").Nth(index);
            var at = double.Parse((await turn.GetAttributeAsync("data-at"))!, CultureInfo.InvariantCulture);
            await turn.Locator("[data-seek-to]").ClickAsync();
            await page.WaitForFunctionAsync("() => window.sought.length > 0");
            Assert.InRange(await page.EvaluateAsync<double>("() => window.sought.splice(0)[0]"), at - 0.3, at + 0.3);
            await Expect(turn).ToHaveAttributeAsync("aria-current", "true");
        }

        // Enter on a turn does the same.
        await page.EvaluateAsync($"() => {Audio}.pause()");
        await page.Locator("[data-turn] [data-seek-to]").Nth(1).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync($"at => Math.abs({Audio}.currentTime - at) < 0.3", double.Parse((await page.Locator("[data-turn]").Nth(1).GetAttributeAsync("data-at"))!, CultureInfo.InvariantCulture));
        Assert.Empty(visitor.Errors);
    }

    [ChromiumFact]
    public async Task SkipSilence_On_JumpsOverThePauseAndIsRememberedOnAnotherMachine()
    {
        var id = await KeptCallAsync();
        await using var visitor = await OpenAsync(id);
        var page = visitor.Page;
        var (from, to) = await LongestPauseAsync(id);
        await page.Locator("[data-skip]").ClickAsync();
        await page.EvaluateAsync($"at => {{ {Audio}.currentTime = at; }}", from + 0.05);
        await page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();

        await page.WaitForFunctionAsync($"end => {Audio}.currentTime >= end - 0.2", to);
        var played = await page.EvaluateAsync<double>(
            $"([from, to]) => {{ const p = {Audio}.played; let sum = 0; for (let i = 0; i < p.length; i++) sum += Math.max(0, Math.min(p.end(i), to) - Math.max(p.start(i), from)); return sum; }}",
            new[] { from, to });
        Assert.True(played < to - from - 0.2, $"{played:0.00} s were played of a pause of {to - from:0.00} s");

        await using var elsewhere = await OpenAsync(id);
        await Expect(elsewhere.Page.Locator("[data-skip]")).ToHaveAttributeAsync("aria-pressed", "true");
        await elsewhere.Page.Locator("[data-skip]").ClickAsync();
        await Expect(elsewhere.Page.Locator("[data-skip]")).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [ChromiumFact]
    public async Task Keys_DriveThePlayer()
    {
        var id = await KeptCallAsync();
        await using var visitor = await OpenAsync(id);
        var page = visitor.Page;
        await page.Locator("h1").ClickAsync();
        Task<double> Now() => page.EvaluateAsync<double>($"() => {Audio}.currentTime");

        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForFunctionAsync($"() => Math.abs({Audio}.currentTime - 5) < 0.3");
        await page.Keyboard.PressAsync("l");
        await page.WaitForFunctionAsync($"() => Math.abs({Audio}.currentTime - 10) < 0.3");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.InRange(await Now(), 0, 0.3);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.WaitForFunctionAsync($"at => Math.abs({Audio}.currentTime - at) < 0.3", double.Parse((await page.Locator("[data-turn]").Nth(1).GetAttributeAsync("data-at"))!, CultureInfo.InvariantCulture));
        await page.Keyboard.PressAsync("ArrowUp");
        await page.WaitForFunctionAsync($"() => {Audio}.currentTime < 0.3");
        await page.Keyboard.PressAsync("]");
        Assert.Equal(1.25, await page.EvaluateAsync<double>($"() => {Audio}.playbackRate"));
        await page.Keyboard.PressAsync("[");
        Assert.Equal(1, await page.EvaluateAsync<double>($"() => {Audio}.playbackRate"));
        await page.Keyboard.PressAsync("Space");
        await page.WaitForFunctionAsync($"() => !{Audio}.paused && {Audio}.currentTime > 0.1");
        await page.Keyboard.PressAsync("k");
        await page.WaitForFunctionAsync($"() => {Audio}.paused");
        Assert.Empty(visitor.Errors);
    }

    [ChromiumFact]
    public async Task KnownWaveform_IsDrawnBeforeAnySoundHasCome()
    {
        var id = await KeptCallAsync();
        await using var visitor = await floor.SignInAsync(Role.Qa);
        var asked = new List<string>();
        await visitor.Page.RouteAsync("**/recording", route =>
        {
            // Never answered: whatever is drawn came without the sound.
            asked.Add(route.Request.Headers.TryGetValue("range", out var range) ? range : "whole");
            return Task.CompletedTask;
        });
        await visitor.Page.GotoAsync($"/calls/{id}");

        await Expect(visitor.Page.Locator("[data-wave][data-drawn]")).ToBeAttachedAsync();
        await Expect(visitor.Page.Locator("[data-bands] i").First).ToBeAttachedAsync();
        Assert.NotEqual("–", await visitor.Page.Locator("[data-length]").TextContentAsync());
        Assert.DoesNotContain("whole", asked);
        Assert.True(asked.Count <= 1, string.Join(", ", asked));
    }

    [ChromiumFact]
    public async Task UnknownWaveform_FirstBrowserFetchesOnceDrawsAndKeepsIt()
    {
        var id = await KeptCallAsync();
        await using (var db = floor.Contexts.CreateDbContext())
        {
            // As on a server without ffmpeg: nothing drawn, and nobody to try.
            await db.Waveforms.Where(row => row.CallId == id).ExecuteDeleteAsync();
            await db.Recordings.Where(row => row.CallId == id).ExecuteUpdateAsync(row => row.SetProperty(it => it.DrawAttempts, 100));
        }

        await using var visitor = await floor.SignInAsync(Role.Qa);
        var asked = 0;
        visitor.Page.Request += (_, request) => asked += request.Url.EndsWith("/recording", StringComparison.Ordinal) ? 1 : 0;
        await visitor.Page.GotoAsync($"/calls/{id}");
        await Expect(visitor.Page.Locator("[data-wave][data-drawn]")).ToBeAttachedAsync();
        await visitor.Page.WaitForFunctionAsync($"() => {Audio}.readyState >= 1");
        Assert.Equal(1, asked);

        await WaitAsync(async db => await db.Waveforms.AnyAsync(row => row.CallId == id && row.ByBrowser), "the browser's waveform was not kept");
        await using var later = floor.Contexts.CreateDbContext();
        var waveform = await later.Waveforms.SingleAsync(row => row.CallId == id);
        Assert.NotEqual("[]", waveform.SilencesJson);
        Assert.Contains(waveform.Peaks, peak => peak > 40);
        Assert.Empty(visitor.Errors);
    }

    [ChromiumFact]
    public async Task TwoSides_AreDrawnApart()
    {
        var id = await KeptCallAsync();
        await using var db = floor.Contexts.CreateDbContext();
        var own = await db.Waveforms.AsNoTracking().SingleAsync(row => row.CallId == id);
        try
        {
            await db.Waveforms.Where(row => row.CallId == id).ExecuteUpdateAsync(row => row.SetProperty(it => it.Channels, 2).SetProperty(it => it.Peaks, own.Peaks.Concat(own.Peaks).ToArray()));
            await using var visitor = await OpenAsync(id);
            await Expect(visitor.Page.Locator("[data-wave] .canvases > div")).ToHaveCountAsync(2);
            Assert.Empty(visitor.Errors);
        }
        finally
        {
            await db.Waveforms.Where(row => row.CallId == id).ExecuteUpdateAsync(row => row.SetProperty(it => it.Channels, own.Channels).SetProperty(it => it.Peaks, own.Peaks));
        }
    }

    [ChromiumFact]
    public async Task Loop_ByKeyboard_RepeatsThePart()
    {
        var id = await KeptCallAsync();
        await using var visitor = await OpenAsync(id);
        var page = visitor.Page;
        await page.EvaluateAsync($"() => {{ {Audio}.currentTime = 2; }}");
        await page.Locator("[data-loop]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.EvaluateAsync($"() => {{ {Audio}.currentTime = 3; }}");
        await page.WaitForFunctionAsync($"() => Math.abs({Audio}.currentTime - 3) < 0.05");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-loop]")).ToHaveTextAsync("Repeating 0:02–0:03");

        await page.EvaluateAsync($"() => {{ window.back = 0; let last = 0; {Audio}.addEventListener('seeked', () => {{ if ({Audio}.currentTime < 2.5) window.back++; }}); {Audio}.currentTime = 2.6; }}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync("() => window.back >= 2");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-loop]")).ToHaveTextAsync("Loop");
    }

    [ChromiumFact]
    public async Task Nudge_MovesTurnsAndHoldsForTheRobot()
    {
        var id = await KeptCallAsync();
        await using var visitor = await OpenAsync(id);
        for (var i = 0; i < 5; i++)
        {
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Transcript 0.1 seconds later" }).ClickAsync();
        }

        await Expect(visitor.Page.Locator("[data-offset]")).ToHaveTextAsync("offset +0.5 s for this robot");
        await WaitAsync(async db => await db.Set<RobotNudge>().AnyAsync(row => row.Seconds == 0.5), "the nudge was not kept");
        var turn = visitor.Page.Locator("[data-turn]").Nth(2);
        var at = double.Parse((await turn.GetAttributeAsync("data-at"))!, CultureInfo.InvariantCulture);
        await turn.Locator("[data-seek-to]").ClickAsync();
        await visitor.Page.WaitForFunctionAsync($"at => Math.abs({Audio}.currentTime - at) < 0.1", at + 0.5);
        await visitor.Page.ReloadAsync();
        await visitor.IsLiveAsync();
        await Expect(visitor.Page.Locator("[data-offset]")).ToHaveTextAsync("offset +0.5 s for this robot");
        await using var clean = floor.Contexts.CreateDbContext();
        await clean.Set<RobotNudge>().ExecuteDeleteAsync();
    }

    [ChromiumFact]
    public async Task LiveRefreshOfTheCall_WhilePlaying_DoesNotTouchTheSound()
    {
        var id = await KeptCallAsync();
        await using var visitor = await OpenAsync(id);
        var page = visitor.Page;
        await page.EvaluateAsync($"() => {{ const a = {Audio}; a.dataset.mine = 'yes'; window.emptied = 0; a.addEventListener('emptied', () => window.emptied++); a.playbackRate = 0.5; }}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play", Exact = true }).ClickAsync();
        await page.WaitForFunctionAsync($"() => {Audio}.currentTime > 0.3");
        var view = await floor.Services.GetRequiredService<CallReader>().FindAsync(id, reveal: true, default);
        var element = System.Text.Json.Nodes.JsonNode.Parse(view!.Original!)!;
        element["summary"] = "changed while somebody listens";
        await floor.PostAsync(new System.Text.Json.Nodes.JsonObject { ["task_id"] = view.Task.VendorTaskId, ["task_name"] = view.Task.Name, ["details"] = new System.Text.Json.Nodes.JsonArray(element) }.ToJsonString());

        await Expect(page.GetByText("2 versions").Or(page.Locator("text=/\\b[2-9] versions/")).First).ToBeAttachedAsync();
        Assert.True(await page.EvaluateAsync<bool>($"() => !{Audio}.paused && {Audio}.dataset.mine === 'yes' && window.emptied === 0 && {Audio}.currentTime > 0.3"));
    }

    /// <summary>A simulated call whose sound is kept and drawn.</summary>
    private async Task<long> KeptCallAsync()
    {
        await floor.SimulateAsync(12, seed: 5);
        var decodes = new SoundDecoder(Options.Create(new RecordingOptions())).IsHere;
        long id = 0;
        await WaitAsync(
            async db => (id = await db.Recordings
                .Where(row => row.State == RecordingState.Kept && db.Calls.Any(call => call.Id == row.CallId && call.DurationSeconds >= 25))
                .OrderBy(row => row.CallId).Select(row => row.CallId).FirstOrDefaultAsync()) > 0,
            "no recording was kept");
        if (decodes)
        {
            await WaitAsync(async db => await db.Waveforms.AnyAsync(row => row.CallId == id) || await db.Recordings.AnyAsync(row => row.CallId == id && row.DrawAttempts > 2), "the recording was not drawn");
        }

        await using var own = floor.Contexts.CreateDbContext();
        if (!await own.Waveforms.AnyAsync(row => row.CallId == id))
        {
            // Without ffmpeg, or after the test of that: the first browser draws it.
            await using var first = await OpenAsync(id);
            await WaitAsync(async db => await db.Waveforms.AnyAsync(row => row.CallId == id), "no browser drew the recording");
        }

        return id;
    }

    private async Task<Visitor> OpenAsync(long id)
    {
        var visitor = await floor.SignInAsync(Role.Qa);
        await visitor.Page.GotoAsync($"/calls/{id}");
        await visitor.IsLiveAsync();
        await Expect(visitor.Page.Locator("[data-wave][data-drawn]")).ToBeAttachedAsync();
        await visitor.Page.WaitForFunctionAsync($"() => {Audio}.readyState >= 1");
        return visitor;
    }

    private async Task<(double From, double To)> LongestPauseAsync(long id)
    {
        await using var db = floor.Contexts.CreateDbContext();
        var json = await db.Waveforms.Where(row => row.CallId == id).Select(row => row.SilencesJson).SingleAsync();
        var pause = System.Text.Json.JsonSerializer.Deserialize<double[][]>(json)!.MaxBy(span => span[1] - span[0])!;
        return (pause[0], pause[1]);
    }

    private async Task WaitAsync(Func<AiRudder.Dashboard.Storage.DashboardDb, Task<bool>> look, string waiting)
    {
        for (var i = 0; i < 900; i++)
        {
            await using var db = floor.Contexts.CreateDbContext();
            if (await look(db))
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail(waiting);
    }
}
