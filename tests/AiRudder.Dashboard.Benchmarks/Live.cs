using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.FaultTests.Rig;
using Microsoft.Playwright;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>From the post of a call to its row on a screen, with one floor open and with many, and what an open page takes of the server's memory.</summary>
internal sealed class Live(bool isShort, string[] args)
{
    private const int Pages = 20;
    private const int PerSecond = 50;
    private const string Email = "bench@example.com";
    private const string Password = "seven patient herons wade slowly";

    /// <summary>Rows show the last three digits of a number: so many calls can be told apart.</summary>
    private const int Distinct = 1000;

    private readonly StringBuilder rows = new();
    private readonly JsonNode template = JsonNode.Parse(typeof(Bodies).Assembly.GetManifestResourceStream("call.json")!)!;

    private TimeSpan Round => TimeSpan.FromSeconds(isShort ? 10 : 20);

    public async Task<string> RunAsync()
    {
        var chromium = new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Chromium on this machine: install it or name it in CHROMIUM.");
        var scratch = Directory.CreateTempSubdirectory("benchmark-").FullName;
        try
        {
            await using var product = new Product(Directory.CreateDirectory(Path.Combine(scratch, "product")).FullName, new Dictionary<string, string>
            {
                ["FirstAdministrator__Email"] = Email, ["FirstAdministrator__Password"] = Password, ["Circuits__PerPerson"] = "100",
            });
            await product.StartAsync();
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = chromium, Args = ["--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"],
            });
            await using var context = await browser.NewContextAsync(new() { BaseURL = $"http://127.0.0.1:{product.Port}" });
            var page = await SignInAsync(context);
            using var load = new Load(product.Webhook);
            await PostAsync(load, PerSecond, TimeSpan.FromSeconds(3), []);

            await page.GotoAsync("/");
            await LiveAsync(page);
            await MeasureAsync("T18", "1 call a second, one floor open", 1, page, load, product, 50);
            await MeasureAsync("–", $"{PerSecond} calls a second, one floor open", PerSecond, page, load, product, null);

            var alone = product.AnonymousMegabytes();
            var others = new List<IPage>();
            for (var i = 0; i < Pages; i++)
            {
                others.Add(await context.NewPageAsync());
                await others[^1].GotoAsync("/people");
                await LiveAsync(others[^1]);
            }

            var idle = product.AnonymousMegabytes();
            foreach (var other in others)
            {
                await other.GotoAsync("/");
                await LiveAsync(other);
            }

            await MeasureAsync("T17", $"{PerSecond} calls a second, {Pages + 1} floors open", PerSecond, page, load, product, 150);
            var live = product.AnonymousMegabytes();
            return Write(alone, idle, live);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task MeasureAsync(string target, string what, int perSecond, IPage page, Load load, Product product, double? goal)
    {
        Console.Error.WriteLine(what);
        await page.EvaluateAsync(
            """
            () => {
              window.seen = {};
              window.watching?.disconnect();
              const look = () => {
                const now = Date.now();
                for (const link of document.querySelectorAll("a.number")) window.seen[link.textContent.slice(-3)] ??= now;
              };
              look();
              window.before = new Set(Object.keys(window.seen));
              window.watching = new MutationObserver(look);
              window.watching.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
            }
            """);
        var before = (await page.EvaluateAsync<string[]>("() => [...window.before]")).ToHashSet();
        var sent = new ConcurrentDictionary<string, long>();
        var cpu = product.ProcessorTime();
        var started = Stopwatch.GetTimestamp();
        await PostAsync(load, perSecond, perSecond == 1 ? Round : TimeSpan.FromSeconds(Math.Min(Round.TotalSeconds, (Distinct - 100.0) / perSecond)), sent);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var busy = (product.ProcessorTime() - cpu) / Stopwatch.GetElapsedTime(started);
        var seen = await page.EvaluateAsync<Dictionary<string, double>>("() => window.seen");
        var known = sent.Where(pair => !before.Contains(pair.Key)).ToList();
        var taken = known.Where(pair => seen.ContainsKey(pair.Key)).Select(pair => seen[pair.Key] - pair.Value).Order().ToList();
        double At(double share) => taken.Count == 0 ? double.NaN : taken[Math.Min(taken.Count - 1, (int)(taken.Count * share))];
        rows.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| {target} | {what} | {At(0.5):N0} / {At(0.95):N0} | {(goal is { } most ? $"p95 ≤ {most:N0}" : "–")} | {known.Count - taken.Count} of {known.Count} | {busy:0.00} | {(goal is null ? "" : At(0.95) <= goal ? "reached" : "**missed**")} |"));
    }

    /// <summary>Posts calls at a fixed rate; each has a number of its own.</summary>
    private async Task PostAsync(Load load, int perSecond, TimeSpan time, ConcurrentDictionary<string, long> sent)
    {
        var posts = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < perSecond * time.TotalSeconds; i++)
        {
            var wait = TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            var digits = (next++ % Distinct).ToString("000", CultureInfo.InvariantCulture);
            var body = template.DeepClone();
            var call = body["details"]![0]!;
            (call["call_id"], call["callee"]) = (Guid.NewGuid().ToString("N"), $"+62812345{digits}");
            var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
            sent[digits] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            posts.Add(load.PostAsync(bytes));
        }

        await Task.WhenAll(posts);
    }

    private int next;

    private static async Task<IPage> SignInAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return page;
    }

    private static Task LiveAsync(IPage page) => Assertions.Expect(page.Locator("header .pill")).Not.ToHaveTextAsync("…", new() { Timeout = 60_000 });

    private string Write(long alone, long idle, long live)
    {
        var machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        return string.Create(CultureInfo.InvariantCulture, $"""
            `dotnet run -c Release --project tests/AiRudder.Dashboard.Benchmarks -- {string.Join(' ', args)}` on {TimeProvider.System.GetUtcNow():yyyy-MM-dd}: {machine}.
            Sender, server and the headless Chromium with all pages share these cores. Time from the post to the row in the page; what had not come three seconds after the last post is counted apart.

            | # | what | p50 / p95 ms | goal | not seen | server, cores | |
            | --- | --- | --- | --- | --- | --- | --- |
            {rows.ToString().TrimEnd()}

            Memory only the process holds (garbage included): {alone:N0} MB with one floor, {idle:N0} MB with {Pages} idle pages more ({Each(idle - alone)} KB each), {live:N0} MB when they are floors and followed the traffic ({Each(live - alone)} KB each).
            """);

        static string Each(long megabytes) => (Math.Max(0, megabytes) * 1024.0 / Pages).ToString("N0", CultureInfo.InvariantCulture);
    }
}
