using System.Globalization;
using Microsoft.Playwright;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>A floor in a real browser, and when posted calls are in its document.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly IBrowser browser;
    private readonly IPage page;
    private readonly List<(string Number, double At)> sent = [];

    private Tab(IPlaywright playwright, IBrowser browser, IPage page) => (this.playwright, this.browser, this.page) = (playwright, browser, page);

    public int Missing { get; private set; }

    public static async Task<Tab> OpenAsync(Uri address, string email, string password)
    {
        var chromium = new[] { Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Chromium on this machine: install it or name it in CHROMIUM.");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium });
        var page = await browser.NewPageAsync(new() { BaseURL = address.ToString() });
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("header .pill")).Not.ToHaveTextAsync("…", new() { Timeout = 60_000 });
        return new Tab(playwright, browser, page);
    }

    /// <summary>From here on the first moment of each row is kept.</summary>
    public async Task WatchAsync()
    {
        sent.Clear();
        await page.EvaluateAsync(
            """
            () => {
              window.seen = new Map();
              window.watching?.disconnect();
              const look = (at) => {
                for (const link of document.querySelectorAll("a.number")) {
                  const key = link.getAttribute("href");
                  if (!window.seen.has(key)) window.seen.set(key, [link.textContent.slice(-3), at]);
                }
              };
              look(0);
              window.watching = new MutationObserver(() => look(Date.now()));
              window.watching.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
            }
            """);
    }

    public void Sent(int number) => sent.Add((number.ToString("000", CultureInfo.InvariantCulture), (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds));

    /// <summary>Milliseconds from post to document.</summary>
    public async Task<List<double>> EndAsync()
    {
        // Numbers come around again: a call is the first row with its number after its post, and rows come in the order of posts.
        var seen = (await page.EvaluateAsync<string[]>("() => [...window.seen.values()].filter(([, at]) => at > 0).map(([number, at]) => `${number} ${at}`)"))
            .Select(row => row.Split(' ')).ToLookup(row => row[0], row => double.Parse(row[1], CultureInfo.InvariantCulture));
        List<double> taken = [];
        foreach (var calls in sent.GroupBy(call => call.Number))
        {
            taken.AddRange(calls.Zip(seen[calls.Key].Order(), (call, at) => Math.Max(0, at - call.At)));
        }

        Missing = sent.Count - taken.Count;
        taken.Sort();
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
