using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Novelties;
using AiRudder.Dashboard.Webhooks.Uploads;
using AiRudder.Dashboard.Webhooks.Watch;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRudder.Dashboard.Tests.Webhooks.Watch;

/// <summary>The deliveries page on a store of its own.</summary>
[Trait("Requirement", "L10")]
public sealed class DeliveriesPageTests : BunitContext
{
    private readonly CallRoad road = new(services: services => services.AddSingleton<LiveFeed>());

    private readonly BunitAuthorizationContext who;

    public DeliveriesPageTests()
    {
        road.Services.GetRequiredService<ConnectionDirectory>().ReloadAsync(default).GetAwaiter().GetResult();
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLogging();
        Services.AddSingleton<TimeProvider>(road.Clock);
        Services.AddSingleton<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider, Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider>();
        Services.AddSingleton(road.Contexts);
        Services.AddSingleton(road.Services.GetRequiredService<AiRudder.Dashboard.Storage.WriteGate>());
        Services.AddSingleton<AiRudder.Dashboard.Accounts.Audit.AuditLog>();
        Services.AddFallbackServiceProvider(road.Services);
        who = this.AddAuthorization().SetAuthorized("ann@example.org");
        who.SetRoles(nameof(Role.Administrator));
        who.SetPolicies([.. Enum.GetNames<Permission>()]);
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    [Fact]
    public void Page_WithNothingReceived_SaysWhatToDo()
    {
        var page = Show();

        page.WaitForAssertion(() => Assert.Contains("Nothing has been received yet", page.Markup, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal("–", page.FindAll(".tile .v")[0].TextContent), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Page_ShowsWhatWasReceived_AndNarrowsByReason()
    {
        await road.ReceiveAsync("null");
        var other = await road.ReceiveAsync("[]");
        await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a"}]}""");

        Assert.Equal(3, Show().FindAll("tbody tr").Count);
        var narrowed = Show("?outcome=quarantined&reason=The%20body%20is%20JSON%2C%20but%20no%20object.");
        narrowed.WaitForAssertion(() => Assert.Equal($"/deliveries/{other.Id}", Assert.Single(narrowed.FindAll("tbody tr a")).GetAttribute("href")));
    }

    [Fact]
    [Trait("Requirement", "D10")]
    public async Task D10_Gap_IsShownWithItsTasks_AndCanBeDismissedAndOpenedAgain()
    {
        await AddGapAsync();
        var page = Show("?show=gaps");

        Assert.Contains("Calls may be missing", page.Find(".alarms").TextContent, StringComparison.Ordinal);
        Assert.Equal("Name of running", page.Find(".task").TextContent);
        var pull = page.FindAll(".actions button").Single(button => button.TextContent == "Fill from the pull API");
        Assert.True(pull.HasAttribute("disabled"));
        Assert.Equal("No pull API keys on this connection.", pull.GetAttribute("title"));

        await page.FindAll(".actions button").Single(button => button.TextContent == "Dismiss").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("dismissed by", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".alarms"));
        await page.FindAll(".actions button").Single(button => button.TextContent == "Open again").ClickAsync(new());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".alarms")));
    }

    [Fact]
    [Trait("Requirement", "D10")]
    public async Task D10_Gap_IsFilledFromAFile()
    {
        await AddGapAsync();
        var inbox = road.Services.GetRequiredService<Inbox>();
        await inbox.StartAsync(default);
        var page = Show("?show=gaps");
        await page.FindAll(".actions button").Single(button => button.TextContent == "Fill from a file").ClickAsync(new());

        page.FindComponents<InputFile>()[0].UploadFiles(InputFileContent.CreateFromText("{\"task_id\":\"t\",\"details\":[{\"call_id\":\"missing\"}]}\n{\"task_id\":\"t2\"}\n", "calls.ndjson"));
        await page.FindAll(".fields button").First(button => button.TextContent == "Upload").ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("filled by", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Contains("2 new, 0 already there", page.Find(".gap").TextContent, StringComparison.Ordinal);
        await inbox.StopAsync(default);
        await road.Services.GetRequiredService<IInboxStore>().BringInAsync(default);
        await using var db = road.Db();
        Assert.Equal(2, await db.Deliveries.CountAsync(row => row.Source == FileUpload.Source));
    }

    [Fact]
    [Trait("Requirement", "S4")]
    public async Task S4_WhoMayNotReplay_SeesGapsButNoActions()
    {
        await AddGapAsync();
        who.SetRoles(nameof(Role.Supervisor));

        var page = Show("?show=gaps");

        Assert.Single(page.FindAll(".gap"));
        Assert.Empty(page.FindAll(".actions, input[type=file]"));
    }

    [Fact]
    [Trait("Requirement", "D7")]
    public async Task D7_Group_IsReplayedFromThePage()
    {
        await road.ReceiveAsync("null");
        await road.ReceiveAsync("[]");
        var page = Show("?show=quarantine");

        Assert.Equal(2, page.FindAll("tbody tr").Count);
        await page.FindAll("tbody button")[0].ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("1 delivery was put back into the queue.", page.Markup, StringComparison.Ordinal));
        await using var db = road.Db();
        Assert.Equal(1, await db.Deliveries.CountAsync(row => row.Outcome == DeliveryOutcome.Pending));
    }

    [Fact]
    public async Task Novelty_IsShownAsText_AndMarkedAsExpected()
    {
        var delivery = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a","ring_type":"busy"}]}""");
        using var writer = new NoveltyWriter(
            road.Services.GetRequiredService<SchemaWatch>(), road.Contexts, road.Services.GetRequiredService<WriteGate>(), road.Clock, NullLogger<NoveltyWriter>.Instance);
        await writer.FlushAsync(default);
        var page = Show("?show=novelties");

        Assert.Equal(("details[].ring_type", "busy"), (page.Find("tbody code").TextContent, page.FindAll("tbody bdi")[1].TextContent));
        Assert.Equal($"/deliveries/{delivery.Id}", page.Find("tbody a").GetAttribute("href"));
        await page.Find("tbody button").ClickAsync(new());

        page.WaitForAssertion(() => Assert.Contains("expected", page.Find("tbody tr.known").TextContent, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("feed", "Loss clock")]
    [InlineData("refused", "retired address")]
    [InlineData("gaps", "No gap is known")]
    [InlineData("quarantine", "Nothing is in quarantine")]
    [InlineData("novelties", "Nothing new so far")]
    public void Page_TabIsInTheAddress(string tab, string words)
    {
        var page = Show($"?show={tab}");

        Assert.Contains(words, page.Markup, StringComparison.Ordinal);
        Assert.EndsWith($"show={tab}", page.Find("nav.tabs a.on").GetAttribute("href"), StringComparison.Ordinal);
    }

    private async Task AddGapAsync()
    {
        var build = new CallBuilder(road.Contexts, road.Connection);
        var from = road.Clock.Now.AddHours(-2);
        build.Call(build.Task("running", "calling"), from.AddMinutes(-10)).Save();
        await using var db = road.Db();
        db.Add(new ReceivingGap { From = from, Until = from.AddMinutes(7), MayHaveLost = true });
        await db.SaveChangesAsync();
    }

    private IRenderedComponent<Deliveries> Show(string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/deliveries" + query);
        var scope = new ScopeReader(road.Contexts, road.Clock).Read("http://localhost/", [road.Connection]);
        var page = Render<Deliveries>(it => it.AddCascadingValue(scope));
        page.WaitForAssertion(() => Assert.DoesNotContain("bone", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        return page;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            road.Dispose();
        }
    }
}
