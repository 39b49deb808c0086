using System.Net;
using System.Text;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Simulator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace AiRudder.Dashboard.BrowserTests;

/// <summary>The whole product on a real port, a browser, and the simulator's recordings: shared by all tests of the project.</summary>
public sealed class ProductFloor : IAsyncLifetime
{
    public const string Token = "browser-tests-0123456789-0123456789-0123456789-0123456789";

    private const string Password = "seven patient herons wade";

    private RecordingServer recordings = null!;
    private TestSite site = null!;
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Ends with a slash.</summary>
    public Uri Url { get; private set; } = null!;

    public Uri Webhook => new(Url, $"webhooks/airudder/{Token}");

    public HttpClient Http { get; } = new();

    public IServiceProvider Services => site.Services;

    public IDbContextFactory<DashboardDb> Contexts => site.Contexts;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is null)
        {
            return;
        }

        // A machine that builds something else beside the tests is slow, not wrong.
        Assertions.SetDefaultExpectTimeout(60_000);
        recordings = await RecordingServer.StartAsync();
        site = new TestSite(new Dictionary<string, string?>
        {
            ["Connections:0:Name"] = "Pinjaman Cepat",
            ["Connections:0:Token"] = Token,
            ["Connections:0:TimeZone"] = "Asia/Jakarta",
            ["Connections:0:Country"] = "ID",
            ["Recordings:AllowedHosts:0"] = recordings.BaseAddress.Authority,
            ["Recordings:AllowInsecureDevelopmentHosts"] = "true",
            ["Recordings:Keep"] = "true",
        });
        site.UseKestrel(0);
        site.StartServer();
        Url = site.ClientOptions.BaseAddress;
        foreach (var role in Enum.GetValues<Role>())
        {
            Assert.Empty(await Services.GetRequiredService<People>().CreateAsync($"{role}@example.com".ToLowerInvariant(), role, Password, oneTime: false));
        }

        await using (var db = site.Contexts.CreateDbContext())
        {
            db.LabelMeanings.AddRange(DemoLabels.For(db.Connections.Single().Id));
            await db.SaveChangesAsync();
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--autoplay-policy=no-user-gesture-required"] });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (site is not null)
        {
            await site.DisposeAsync();
            await recordings.DisposeAsync();
        }

        Http.Dispose();
    }

    /// <summary>A browser of its own in which somebody has signed in. Errors of its pages are collected.</summary>
    public async Task<Visitor> SignInAsync(Role role, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await browser!.NewContextAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height }, BaseURL = Url.ToString() });
        context.SetDefaultTimeout(60_000);
        var visitor = new Visitor(context, await context.NewPageAsync());
        await visitor.Page.GotoAsync("/sign-in");
        await visitor.Page.GetByLabel("E-mail").FillAsync($"{role}@example.com".ToLowerInvariant());
        await visitor.Page.GetByLabel("Password").FillAsync(Password);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await visitor.Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return visitor;
    }

    /// <summary>Posts a body as AIRUDDER does.</summary>
    public async Task PostAsync(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(Webhook, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Answered calls of the simulator, with recordings that play.</summary>
    public async Task SimulateAsync(int calls, int seed)
    {
        var traffic = new Traffic(
            new TrafficOptions
            {
                Webhook = Webhook, Recordings = recordings.BaseAddress, Countries = ["ID"], Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Jakarta"),
                History = TimeSpan.FromDays(1), HistoryCallsPerDay = calls, MaxCalls = calls, Seed = seed,
            },
            Http,
            TimeProvider.System);
        await traffic.RunHistoryAsync(null, CancellationToken.None);
    }
}

/// <summary>Somebody's browser.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly List<string> errors = [];
    private readonly IBrowserContext context;

    public Visitor(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What went wrong in the page's scripts so far.</summary>
    public IReadOnlyList<string> Errors => errors;

    /// <summary>
    /// Waits until the page's circuit is up: what is clicked on a prerendered page is lost. Only a circuit fills the feed's pill.
    /// </summary>
    public Task IsLiveAsync() =>
        Assertions.Expect(Page.Locator("header .pill")).Not.ToHaveTextAsync("…");

    public ValueTask DisposeAsync() => context.DisposeAsync();
}

/// <summary>One product and one browser for all tests of the project.</summary>
[CollectionDefinition(nameof(ProductFloor))]
public sealed class ProductFloorCollection : ICollectionFixture<ProductFloor>;
