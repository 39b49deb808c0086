using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>The form, the queue and the notes as a reviewer sees them.</summary>
public sealed class ReviewPagesTests : BunitContext
{
    private readonly ReviewRoad road = new();
    private readonly BunitAuthorizationContext person;

    public ReviewPagesTests()
    {
        person = this.AddAuthorization();
        SignIn(ReviewRoad.Ana, Role.Qa);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(road.Clock);
        Services.AddSingleton(road.Store.Contexts);
        Services.AddSingleton(road.Get<AiRudder.Dashboard.Storage.WriteGate>());
        Services.AddSingleton(road.Get<AiRudder.Dashboard.Storage.IBulkWrite>());
        Services.AddSingleton<LiveFeed>();
        Services.AddSingleton<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider, Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider>();
        Services.AddSingleton<AiRudder.Dashboard.Accounts.Audit.AuditLog>();
        Services.AddIntentions();
        Services.AddCalls();
        Services.AddReviews(NodeRole.Receive);
        Renderer.SetRendererInfo(new RendererInfo("Server", true));
    }

    [Fact]
    public async Task Form_FilledByClicks_ScoresAndGoesToTheNextCall()
    {
        await road.ScorecardAsync();
        var ids = road.Calls(2);
        await road.QueueAsync(ids);
        var page = Open(ids[0], (await road.ItemOfAsync(ids[0])).Id);
        page.WaitForElement("[data-review-item][aria-current]");
        Assert.Equal("A", page.Find(".judge .letter").TextContent);

        for (var item = 0; item < 5; item++)
        {
            var number = $"{item + 1} ";
            page.WaitForAssertion(() => Assert.StartsWith(number, page.Find("[data-review-item][aria-current] [data-focus-item]").TextContent, StringComparison.Ordinal));
            page.Find("[data-review-item][aria-current]").QuerySelector(item == 3 ? "[data-points='2']" : "[data-points='1']")!.Click();
        }

        page.WaitForAssertion(() => Assert.StartsWith("Score 86.7", page.Find(".score").TextContent.Trim(), StringComparison.Ordinal));
        page.Find("[data-label-agree]").Click();
        page.Find("[data-save-next]").Click();

        page.WaitForAssertion(() => Assert.Contains($"/calls/{ids[1]}?review=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        await using var db = road.Db();
        var review = await db.Reviews.SingleAsync();
        Assert.Equal((ReviewRoad.Ana, LabelVerdict.Agrees, "A", null), (review.ReviewerId, review.LabelVerdict, review.ReviewLabel, review.Draft));
        Assert.Equal((ReviewItemState.Claimed, ReviewRoad.Ana), ((await road.ItemOfAsync(ids[1])).State, (await road.ItemOfAsync(ids[1])).ClaimedBy));
    }

    [Fact]
    public async Task Form_FatalItemFailed_SaysZeroAndWhy()
    {
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        var page = Open(call, (await road.ItemOfAsync(call)).Id);
        page.WaitForElement("[data-review-item][aria-current] [data-points='0']").Click();

        page.WaitForAssertion(() => Assert.Equal("Score 0 fatal item failed", string.Join(' ', page.Find(".score").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public async Task Form_LeftHalfFilled_KeepsItsDraft()
    {
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        var page = Open(call, (await road.ItemOfAsync(call)).Id);
        page.WaitForElement("[data-review-item][aria-current] [data-points='1']").Click();
        await DisposeComponentsAsync();

        var again = (await road.Get<ReviewDesk>().OpenAsync(call, ReviewRoad.Ana, default))!;
        Assert.Equal(1, Assert.Single(again.Draft.Points).Value);
    }

    [Fact]
    public async Task Form_TakenBySomebodyElse_SaysWhoAndOffersTheNext()
    {
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        var item = await road.ItemOfAsync(call);
        await road.Get<ReviewClaims>().ClaimAsync(item.Id, ReviewRoad.Ben, default);

        var page = Open(call, item.Id);

        Assert.Contains("ben@example.com is reviewing this call.", page.WaitForElement(".told").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-points]"));
    }

    [Fact]
    public async Task Queue_ChangedBySomebodyElse_StaysInTheReadersLanguage()
    {
        var calls = road.Calls(2);
        await road.QueueAsync([calls[0]]);
        using var reader = new InLanguage("es");
        var page = Render<ReviewsPage>();
        page.WaitForAssertion(() => Assert.StartsWith("1 pendientes", page.Find(".head [role=status]").TextContent, StringComparison.Ordinal));
        await road.QueueAsync([calls[1]]);

        using (new InLanguage("en"))
        {
            Services.GetRequiredService<ReviewQueue>().Tell();
        }

        page.WaitForAssertion(() => Assert.StartsWith("2 pendientes", page.Find(".head [role=status]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task S4_Form_WithoutTheRightToReview_IsNotThere()
    {
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);
        SignIn("id-eve", Role.Supervisor);

        var page = Open(call, (await road.ItemOfAsync(call)).Id);

        page.WaitForAssertion(() => Assert.Contains("Nobody has reviewed this call yet", page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[data-points], [data-note-here], [data-add-to-queue], textarea"));
        Assert.Equal(ReviewItemState.Open, (await road.ItemOfAsync(call)).State);
    }

    [Fact]
    public async Task Note_Written_IsListedWithItsSecondAndToldToThePlayer()
    {
        var call = road.Calls(1)[0];
        IReadOnlyList<double>? marks = null;
        var page = Render<CallNotes>(set => set.Add(it => it.CallId, call).Add(it => it.Now, () => Task.FromResult<double?>(73)).Add(it => it.Changed, seconds => marks = seconds));
        page.WaitForElement("[data-note-here]").Click();
        page.WaitForElement("textarea").Input("<b>not bold</b> @ben");
        page.Find("form").Submit();

        Assert.Equal("1:13", page.WaitForElement("[data-note-at='73']").TextContent);
        Assert.Empty(page.FindAll("li b"));
        Assert.Equal([73], marks!);
        Assert.Single(await road.Get<Notes>().MentioningAsync(ReviewRoad.Ben, default));
    }

    [Fact]
    public async Task Queue_Opened_ListsMineAndTakesTheNext()
    {
        var ids = road.Calls(3);
        await road.QueueAsync(ids);
        await road.Get<ReviewClaims>().ClaimAsync((await road.ItemOfAsync(ids[0])).Id, ReviewRoad.Ben, default);

        var page = Render<ReviewsPage>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("a[data-row]").Count));
        page.WaitForAssertion(() => Assert.Contains("2 open · 1 being reviewed", page.Find("[role=status]").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("+628", page.Markup, StringComparison.Ordinal);
        page.Find("[data-review-next]").Click();

        page.WaitForAssertion(() => Assert.Contains($"/calls/{ids[1]}?review=", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
    }

    [Fact]
    public void Queue_Empty_SaysWhatWouldFillIt() =>
        Assert.Contains("Calls come into the queue from", Render<ReviewsPage>().WaitForElement(".empty").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task QueueCount_WhatWaitsForMe_StandsInTheNavigation()
    {
        var count = Render<QueueCount>();
        Assert.Empty(count.FindAll(".count"));
        Services.GetRequiredService<ReviewQueue>();
        await Services.GetRequiredService<ReviewQueue>().AddAsync(road.Calls(2), new QueueWish { By = ReviewRoad.Ana }, default);

        count.WaitForAssertion(() => Assert.StartsWith("2", count.Find(".count").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddToQueue_SeveralCalls_SaysWhatBecameOfThem()
    {
        var ids = road.Calls(3);
        await road.QueueAsync([ids[0]]);
        var button = Render<AddToQueue>(set => set.Add(it => it.CallIds, ids));
        button.WaitForElement("[data-add-to-queue]").Click();

        button.WaitForAssertion(() => Assert.Equal("2 queued, 1 waiting already", button.Find("[role=status]").TextContent));
    }

    [Fact]
    public void Scorecard_Made_CanBePublishedAndIsThenFixed()
    {
        var page = Render<ScorecardsPage>();
        page.WaitForElement(".empty button").Click();
        page.WaitForElement("form input[required]").Change("Collections");
        page.Find("fieldset input[required]").Change("Identity checked");
        page.Find("form").Submit();
        page.WaitForElement("section.card .buttons .primary").Click();

        page.WaitForAssertion(() => Assert.Contains("version 1 in use", page.Find("section.card h2").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("section.card .buttons .primary"));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        road.Dispose();
    }

    private void SignIn(string id, Role role)
    {
        person.SetAuthorized(id).SetRoles(role.ToString()).SetClaims(new Claim(ClaimTypes.NameIdentifier, id))
            .SetPolicies([.. Enum.GetValues<Permission>().Where(permission => Permissions.Allows(role, permission)).Select(permission => permission.ToString())]);
    }

    private IRenderedComponent<CallReview> Open(long call, long? item) => Render<CallReview>(set => set
        .Add(it => it.Item, item)
        .Add(it => it.Call, new CallLine { Id = call.ToString(System.Globalization.CultureInfo.InvariantCulture), Connection = "c", TimeZone = "Asia/Jakarta", Label = "A" }));
}
