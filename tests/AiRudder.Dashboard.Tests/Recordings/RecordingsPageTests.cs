using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Tests.Calls;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Recordings;

public sealed class RecordingsPageTests : BunitContext
{
    private readonly TestStore store = new();
    private readonly CallSeed seed;
    private readonly BunitAuthorizationContext person;

    public RecordingsPageTests()
    {
        seed = new CallSeed(store);
        person = this.AddAuthorization();
        person.SetAuthorized("somebody").SetPolicies(nameof(Permission.View));
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(new TestClock());
        Services.AddSingleton(store.Contexts);
        Services.AddSingleton<LiveFeed>();
        Services.AddSingleton<RecordingQueries>();
        Renderer.SetRendererInfo(new RendererInfo("Server", true));
    }

    [Fact]
    public void Nothing_SaysWhatWouldFillIt() => Assert.Contains("seconds after AIRUDDER posts", Show().WaitForElement(".empty p").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Lost_HasItsReasonInWordsAndThePullWayWithWhyNot()
    {
        Add(RecordingState.Kept, null, 30);
        Add(RecordingState.Gone, "gone", 4_000);

        var page = Show();

        Assert.Equal(["Kept1 / 21 of 2", "Expected0 / 20 of 2", "Gone1 / 21 of 2", "Refused0 / 20 of 2"], page.WaitForElements(".tile").Select(tile => tile.TextContent));
        Assert.Contains("The recording is gone", page.Markup, StringComparison.Ordinal);
        var ask = page.FindAll("button").Single(button => button.TextContent == "Ask AIRUDDER for new links");
        Assert.True(ask.HasAttribute("disabled"));
        Assert.Contains("pull API", page.Find($"#{ask.GetAttribute("aria-describedby")}").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void S4_Retry_WithoutThePermission_IsNotThere()
    {
        Add(RecordingState.Gone, "gone", 10);

        var page = Show();

        page.WaitForElement("#no-pull");
        Assert.DoesNotContain(page.FindAll("button"), button => button.TextContent.Contains("again", StringComparison.Ordinal));
    }

    [Fact]
    public void Retry_OfOne_PutsItBack()
    {
        person.SetPolicies(nameof(Permission.View), nameof(Permission.Replay));
        Add(RecordingState.Gone, "gone", 10);
        var page = Show();

        page.WaitForElement("button[aria-label^='Try again: recording']").Click();

        page.WaitForAssertion(() => Assert.Contains("1 recording is tried again", page.Markup, StringComparison.Ordinal));
        using var db = store.Contexts.CreateDbContext();
        Assert.Equal(RecordingState.Expected, db.Recordings.Single().State);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        store.Dispose();
    }

    private void Add(RecordingState state, string? reason, long age)
    {
        var call = seed.Add();
        seed.Save(new Recording { CallId = call.Id, ConnectionId = call.ConnectionId, State = state, Reason = reason, Host = "api.airudder.com", LinkHash = new byte[32], CallAt = CallSeed.Start, AgeSeconds = age, Attempts = 1 });
    }

    private IRenderedComponent<RecordingsPage> Show()
    {
        var scope = new PageScope { Connections = [store.Connection], From = new(2026, 3, 15), To = new(2026, 3, 15), Today = new(2026, 3, 15) };
        return Render<RecordingsPage>(set => set.AddCascadingValue(scope));
    }
}
