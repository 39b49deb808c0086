using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>What one does with the list: mark, choose columns, keep views, look at a call beside it, take files.</summary>
public sealed class CallListPageTests : BunitContext
{
    private readonly TestStore store = new();
    private readonly CallSeed seed;
    private readonly BunitAuthorizationContext person;

    public CallListPageTests()
    {
        seed = new CallSeed(store);
        person = this.AddAuthorization();
        person.SetAuthorized("rani").SetPolicies(nameof(Permission.View), nameof(Permission.Listen), nameof(Permission.Export)).SetRoles(nameof(Role.Supervisor)).SetClaims(new Claim(ClaimTypes.NameIdentifier, "rani"));
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(new TestClock { Now = CallSeed.Start.AddHours(2) });
        Services.AddSingleton(store.Contexts);
        Services.AddSingleton(store.Services.GetRequiredService<WriteGate>());
        Services.AddSingleton(store.Services.GetRequiredService<DataDirectory>());
        Services.AddSingleton<LiveFeed>();
        Services.AddSingleton<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider, Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider>();
        Services.AddSingleton<AiRudder.Dashboard.Accounts.Audit.AuditLog>();
        Services.AddIntentions();
        Services.AddCalls();
        Services.AddReviews(NodeRole.Receive);
        Renderer.SetRendererInfo(new RendererInfo("Server", true));
    }

    [Fact]
    public void Marks_WithShift_ReachFromTheLastOneToThisOne()
    {
        var page = ListOf(5);

        Mark(page, 1);
        Mark(page, 3, shift: true);

        page.WaitForAssertion(() => Assert.Equal("3 marked", page.Find("[role=toolbar] b").TextContent));
        Assert.Equal([false, true, true, true, false], page.FindAll("[data-mark]").Select(box => box.HasAttribute("checked")));
        page.Do(it => it.Find("[data-clear-marks]").Click());
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=toolbar]")));
    }

    [Fact]
    public void Marks_ByWhoeverPlansReviews_CanBeQueued()
    {
        person.SetPolicies(nameof(Permission.View), nameof(Permission.Review), nameof(Permission.PlanReview));
        var page = ListOf(2);

        page.Do(it => it.Find("[data-mark-all]").Change(true));

        page.WaitForAssertion(() => Assert.Equal("Add 2 calls to review queue", page.Find("[data-add-to-queue]").TextContent));
        page.Do(it => it.Find("[data-add-to-queue]").Click());
        page.WaitForAssertion(() => Assert.Contains("2 queued", page.Find("[role=toolbar]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".exports"));
    }

    [Fact]
    public void Marks_AllOfThePage_AndAnotherFilterForgetsThem()
    {
        var page = ListOf(3);

        page.Do(it => it.Find("[data-mark-all]").Change(true));
        page.WaitForAssertion(() => Assert.Equal("3 marked", page.Find("[role=toolbar] b").TextContent));

        Services.GetRequiredService<NavigationManager>().NavigateTo("/calls?label=A");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=toolbar]")));
    }

    [Fact]
    public void Columns_Chosen_AreShownAndRemembered()
    {
        var page = ListOf(1);

        page.Do(it => it.Find("input[name=column][value=callId]").Change(true));

        page.WaitForAssertion(() => Assert.Contains("call-1", page.Find("tbody").TextContent, StringComparison.Ordinal));
        using var db = store.Contexts.CreateDbContext();
        Assert.EndsWith(",callId", Assert.Single(db.CallListChoices.AsNoTracking()).Columns, StringComparison.Ordinal);
        var again = List();
        again.WaitForAssertion(() => Assert.Contains("call-1", again.Find("tbody").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Columns_WithoutTheNumber_StillLeadToTheCall()
    {
        seed.Add();

        var page = List("?columns=task,talk");

        page.WaitForAssertion(() => Assert.Equal("/calls/1", page.Find("a[data-row]").GetAttribute("href")));
        Assert.Equal(["Task", "Talk"], page.FindAll("thead th:not(.mark)").Select(cell => cell.TextContent.Trim()));
    }

    [Fact]
    public void Views_Saved_AreOfferedAsTheirAddress()
    {
        seed.Add();
        var page = List("?label=A&cursor=&call=");
        page.WaitForElement("a[data-row]");

        page.WaitForAssertion(() => Assert.Contains("1 call", page.Find(".list-head [role=status]").TextContent, StringComparison.Ordinal));
        page.InvokeAsync(() => page.Find(".views form input").Input("Label A"));
        page.WaitForAssertion(() => Assert.False(page.Find(".views form button").HasAttribute("disabled")));
        page.InvokeAsync(() => page.Find(".views form").Submit());

        page.WaitForAssertion(() => Assert.Equal("/calls?label=A", page.Find(".views [data-view] a").GetAttribute("href")));
        Assert.Contains("Label A", page.Find(".views summary").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Views_OneToOpenWith_IsWhereABareAddressLeads()
    {
        seed.Add();
        seed.Add(call => call.Label = "B");
        var views = Services.GetRequiredService<SavedViews>();
        var rani = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "rani")], "test"));
        await views.KeepAsync(rani, "Only B", "?label=B", null, default);
        await views.OpenWithAsync(rani, 1, default);

        var page = List();

        page.WaitForAssertion(() => Assert.Equal("/calls/2", Assert.Single(page.FindAll("a[data-row]")).GetAttribute("href")));
        Assert.EndsWith("/calls?label=B", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        var all = List("?view=all");
        all.WaitForAssertion(() => Assert.Equal(2, all.FindAll("a[data-row]").Count));
    }

    [Fact]
    public void Beside_CallInTheAddress_IsShownAndRowsLeadThere()
    {
        seed.Add(turns: [new Turn(0, "mau bayar?", "besok")]);
        seed.Add();

        var page = List("?call=1&label=A");

        page.WaitForAssertion(() => Assert.Contains("mau bayar?", page.Find("aside.pane").TextContent, StringComparison.Ordinal));
        Assert.Equal(["/calls?call=2&label=A", "/calls?call=1&label=A"], page.FindAll("a[data-row]").Select(row => row.GetAttribute("href")));
        Assert.Equal("/calls?label=A", page.Find("[data-close-pane]").GetAttribute("href"));
        Assert.Single(page.FindAll("tr.shown"));
    }

    [Fact]
    public async Task P1_Search_SnippetIsMarkedTextAndMasked()
    {
        seed.Add(
            detail: detail => detail.VariablesJson = """{"receiver_name":"Siti Nurhaliza"}""",
            turns: [new Turn(0, "Apakah benar Ibu Siti Nurhaliza?", "<b>ya</b> saya mau bayar besok")]);
        await seed.IndexAsync();

        var page = List("?q=mau bayar");
        page.WaitForAssertion(() => Assert.Equal("mau bayar", page.Find("tr.said mark").TextContent));
        Assert.Contains("<b>ya</b> saya mau bayar besok", page.Find("tr.said").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("tr.said b"));

        var named = List("?q=Nurhaliza");
        named.WaitForElement("a[data-row]");
        Assert.DoesNotContain("Siti", named.Find("table").InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_IndexBehind_SaysByHowMuch()
    {
        var history = new CallBuilder(store);
        history.Call(history.Task("task2"), CallSeed.Start).Save();

        var page = List("?q=halo");

        page.WaitForAssertion(() => Assert.Contains("1 call behind", page.Find("p.notice").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Export_Ordered_IsListedAndCanBeCancelled()
    {
        var page = ListOf(1);

        page.Do(it => it.FindAll(".exports .kinds button")[1].Click());

        page.WaitForAssertion(() => Assert.Contains("waits for its turn", page.Find(".exports li").TextContent, StringComparison.Ordinal));
        page.Do(it => it.Find(".exports li button").Click());
        page.WaitForAssertion(() => Assert.Contains("cancelled", page.Find(".exports li").TextContent, StringComparison.Ordinal));
        using var db = store.Contexts.CreateDbContext();
        var job = Assert.Single(db.ExportJobs.AsNoTracking());
        Assert.Equal(("rani", ExportFormat.Xlsx, false), (job.AccountId, job.Format, job.Reveal));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        store.Dispose();
    }

    private static void Mark(IRenderedComponent<CallList> page, int row, bool shift = false) =>
        page.Do(it => it.FindAll("[data-mark]")[row].Click(new MouseEventArgs { ShiftKey = shift }));

    private IRenderedComponent<CallList> ListOf(int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            seed.Add();
        }

        var page = List();
        page.WaitForAssertion(() => Assert.Equal(calls, page.FindAll("a[data-row]").Count));
        return page;
    }

    private IRenderedComponent<CallList> List(string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/calls" + query);
        return Render<CallList>();
    }
}
