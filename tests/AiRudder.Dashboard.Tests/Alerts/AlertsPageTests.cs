using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Alerts;

public sealed class AlertsPageTests : BunitContext
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly AlertRoad road = new();
    private readonly BunitAuthorizationContext who;

    public AlertsPageTests()
    {
        road.SetClock("2026-03-15 10:20");
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddLogging();
        Services.AddSingleton<TimeProvider>(road.Road.Clock);
        Services.AddFallbackServiceProvider(road.Road.Services);
        who = this.AddAuthorization().SetAuthorized("ann@example.org");
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
        Be(Role.Supervisor);
    }

    [Fact]
    public void Page_WithoutAlerts_SaysWhatOpensOne()
    {
        var page = Show<AlertsPage>();
        page.WaitForAssertion(() => Assert.Contains("No alert is open", page.Markup, StringComparison.Ordinal), Soon);
    }

    [Fact]
    public async Task Supervisor_AcknowledgesAndResolvesWithNotes()
    {
        await OpenAsync();
        var page = Show<AlertsPage>();
        page.WaitForAssertion(() => Assert.Contains("1 / 5", page.Markup, StringComparison.Ordinal), Soon);

        page.Do(it => it.Find("form input").Change("calling the carrier"));
        await page.InvokeAsync(() => page.Find("form").SubmitAsync());
        page.WaitForAssertion(() => Assert.Contains("acknowledged by", page.Markup, StringComparison.Ordinal), Soon);
        Assert.Contains("ann@example.org: calling the carrier", page.Find(".note").TextContent, StringComparison.Ordinal);

        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent == "Resolve").ClickAsync(new()));
        page.WaitForAssertion(() => Assert.Contains("No alert is open", page.Markup, StringComparison.Ordinal), Soon);
        var alert = Assert.Single(await road.AlertsAsync());
        Assert.Equal((AlertState.Resolved, "ann@example.org"), (alert.State, alert.ResolvedBy));
    }

    [Fact]
    [Trait("Requirement", "S4")]
    public async Task Quality_SeesAlertsButChangesNothing()
    {
        Be(Role.Qa);
        await OpenAsync();
        var page = Show<AlertsPage>();

        page.WaitForAssertion(() => Assert.Contains("1 / 5", page.Markup, StringComparison.Ordinal), Soon);
        Assert.Empty(page.FindAll("form"));
        Assert.Empty(Show<RuleList>().FindAll("button"));
    }

    [Fact]
    public async Task Administrator_WritesARuleAndSeesWhatItWouldHaveDone()
    {
        Be(Role.Administrator);
        AlertEvaluationTests.Dial(road, road.Build.Task(), "2026-03-14 10:00", connected: 1, of: 5);
        var list = Show<RuleList>();
        list.WaitForAssertion(() => Assert.Equal(5, list.FindAll("li").Count), Soon);
        await list.FindAll("button").Single(button => button.TextContent == "Add a rule").ClickAsync(new());

        list.Do(it => Label(it, "Name").Change("Too few answers"));
        list.Do(it => Label(it, "Threshold (%)").Change("50"));
        list.Do(it => Label(it, "Least n").Change("4"));
        await list.FindAll("button").Single(button => button.TextContent == "What would it have done?").ClickAsync(new());
        list.WaitForAssertion(() => Assert.Contains("Would have opened 1 time in the last 7 days", list.Find("[role=status]").TextContent, StringComparison.Ordinal), Soon);
        await list.Find("form").SubmitAsync();

        list.WaitForAssertion(() => Assert.Equal(6, list.FindAll("li").Count), Soon);
        Assert.Contains(" under 50 %, last hour, n ≥ 4", list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Floor_Card_RingsForWhatOpensAfterwards()
    {
        await OpenAsync(sound: true);
        var module = JSInterop.SetupModule("./alerts.js");
        module.Mode = JSRuntimeMode.Loose;
        module.Setup<bool>("wanted").SetResult(true);
        var card = Show<OpenAlerts>();
        card.WaitForAssertion(() => Assert.Single(card.FindAll("li")), Soon);
        Assert.Empty(module.Invocations["ring"]);

        await OpenAsync(sound: true, caller: "another");

        card.WaitForAssertion(() => Assert.Single(module.Invocations["ring"]), Soon);
        Assert.Equal(2, card.FindAll("li").Count);
    }

    [Fact]
    public async Task Bell_CountsWhatIsOpen()
    {
        var bell = Show<AlertBell>();
        Assert.Empty(bell.FindAll("a"));
        await OpenAsync();
        road.Road.Clock.Now += TimeSpan.FromSeconds(2);
        bell.WaitForAssertion(() => Assert.Equal("1alert", bell.Find("a").TextContent), Soon);
    }

    private async Task OpenAsync(bool sound = false, string caller = "one")
    {
        var rule = AlertRoad.AnswerRate();
        rule.Sound = sound;
        road.Add(rule);
        AlertEvaluationTests.Dial(road, road.Build.Task(caller), "2026-03-15 10:00", connected: 1, of: 5);
        await road.EvaluateAsync();
    }

    private void Be(Role role)
    {
        who.SetRoles(role.ToString());
        who.SetPolicies([.. Enum.GetValues<Permission>().Where(permission => Permissions.Allows(role, permission)).Select(permission => permission.ToString())]);
    }

    private IRenderedComponent<T> Show<T>()
        where T : IComponent =>
        Render<T>(it => it.AddCascadingValue(new ScopeReader(road.Road.Contexts, road.Road.Clock).Read("http://localhost/", [road.Road.Connection])));

    private static AngleSharp.Dom.IElement Label(IRenderedComponent<RuleList> list, string words) =>
        list.FindAll("label").First(label => label.TextContent.Trim().StartsWith(words, StringComparison.Ordinal)).QuerySelector("input")!;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            road.Dispose();
    }
}
