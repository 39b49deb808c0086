using System.Runtime.CompilerServices;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class CallPagesTests : BunitContext
{
    private readonly TestStore store = new();
    private readonly CallSeed seed;
    private readonly BunitAuthorizationContext person;

    public CallPagesTests()
    {
        seed = new CallSeed(store);
        person = this.AddAuthorization();
        person.SetAuthorized("qa").SetPolicies(nameof(Permission.View), nameof(Permission.Listen));
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(new TestClock { Now = CallSeed.Start.AddHours(2) });
        Services.AddSingleton(store.Contexts);
        Services.AddSingleton(store.Services.GetRequiredService<WriteGate>());
        Services.AddSingleton(store.Services.GetRequiredService<DataDirectory>());
        Services.AddSingleton<LiveFeed>();
        Services.AddSingleton<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider, Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider>();
        Services.AddSingleton<AuditLog>();
        Services.AddIntentions();
        Services.AddCalls();
        Renderer.SetRendererInfo(new RendererInfo("Server", true));
    }

    [Fact]
    public void CallPage_VendorsOwnExample_ShowsEveryField()
    {
        var call = seed.AddVendorSample();
        person.SetPolicies(nameof(Permission.View), nameof(Permission.Listen), nameof(Permission.Reveal));

        var page = Open(call.Id);
        page.WaitForElement("button[aria-pressed=false]:not([data-follow])").Click();
        page.WaitForAssertion(() => Assert.Contains("+6212345678", page.Find("h1").TextContent, StringComparison.Ordinal));

        using (var db = store.Contexts.CreateDbContext())
        {
            Assert.Equal($"call {call.Id}", db.Set<AuditEntry>().Single(row => row.Action == AuditAction.Reveal).Target);
        }

        var text = page.Find(".call-columns").TextContent;
        string[] fields =
        [
            "Nov-20 DPD 1-7", "task-1", "finished", "single", "test_sip_line", "00c2a19f37ea4361f490af9237590ac5", "+6212345678", "E", "0:32", "ByCallee", "ByAgent", "normal", "Q1", "NameCheck", "whether", "Yes",
            "es correcto", "Completed", "Answered", "ConclusionReceive", "A1", "slots", "payment_method", "AutoDebet", "receiver_name", "MAI HOA", "callid38a0b923820dcc509a6f75849b", "2024-06-01 10:11:12", "rang 5 s",
            "1 turn", "Unwilling", "+85111111", "Hello, i am robot", "hello robot", "xxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxx", "2024-02-02 01:48:51", "artificial_fd964********be3252519", "redail_call", "Null",
        ];
        Assert.All(fields, field => Assert.Contains(field, text, StringComparison.Ordinal));
        Assert.Contains("hangup_type and hangup_by name different sides", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-link", page.Find(".call-columns .listen").InnerHtml, StringComparison.Ordinal);
        Assert.Equal($"/api/calls/{call.Id}/recording", page.Find("audio[data-testid=audio]").GetAttribute("src"));
        Assert.StartsWith("/deliveries/", page.Find("a[href^='/deliveries/']").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void P1_CallPage_WithoutReveal_HasNoNumberNameOrOriginalInItsMarkup()
    {
        var page = Open(seed.AddVendorSample().Id);

        page.WaitForElement("[data-turn]");
        foreach (var secret in new[] { "6212345678", "85111111", "MAI HOA", "secret-link", "robottext", "Reveal numbers" })
        {
            Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal);
        }

        Assert.Contains("•••• 678", page.Find("h1").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void CallPage_NoRecordingOrNotAllowed_SaysSoAndShowsTheTranscript()
    {
        var silent = seed.Add(turns: [new Turn(0, "Halo", "Iya")]);
        var heard = seed.AddVendorSample();

        Assert.Contains("There is no recording", Open(silent.Id).WaitForElement(".quiet-note").TextContent, StringComparison.Ordinal);
        person.SetPolicies(nameof(Permission.View));
        var page = Open(heard.Id);
        Assert.Contains("may read calls but not listen", page.WaitForElement(".quiet-note").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("audio"));
        Assert.Single(page.FindAll("[data-turn]"));
    }

    [Fact]
    public void CallPage_UnknownId_IsSaid() => Assert.Contains("There is no call 77", Open(77).WaitForElement(".empty h1").TextContent, StringComparison.Ordinal);

    [Fact]
    public void CallPage_SearchInTranscript_CountsAndMarks()
    {
        var page = Open(seed.Add(turns: [new Turn(0, "mau bayar?", "bayar besok")]).Id);

        page.WaitForElement("[data-find]").Input("bayar");

        page.WaitForAssertion(() => Assert.Equal("2 hits", page.Find(".find [role=status]").TextContent));
        Assert.Equal(2, page.FindAll("mark").Count);
    }

    [Fact]
    public void S5_CallPage_HostileValues_StayText()
    {
        var page = Open(seed.Add(
            call => (call.HangupBy, call.Label) = ("<script>1</script>", "<img src=x>"),
            detail =>
            {
                detail.VariablesJson = """{"<b>k</b>":"v"}""";
                detail.EntitiesJson = """{"link":"javascript:alert(1)"}""";
                detail.UnknownJson = """{"deep":{"a":[1,2]}}""";
                detail.Summary = "<a href=http://evil.example>pay</a>";
            }).Id);

        page.WaitForElement(".kv");
        Assert.Empty(page.FindAll("script, img, .kv b:not(.strong), a[href^='javascript'], a[href^='http']"));
    }

    [Fact]
    public void CallList_Rows_AreMaskedLinksAndSayTheirCount()
    {
        seed.Add();
        seed.Add(call => (call.Connected, call.DurationSeconds, call.Flags) = (false, 0, CallFlags.OddField));

        var page = List();

        page.WaitForAssertion(() => Assert.Equal(["/calls/2", "/calls/1"], page.FindAll("a[data-row]").Select(row => row.GetAttribute("href"))));
        page.WaitForAssertion(() => Assert.Contains("2 calls", page.Find("[role=status]").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("6281234", page.Markup, StringComparison.Ordinal);
        Assert.Contains("no answer", page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("a[download]"));
    }

    [Fact]
    public void CallList_FilterInTheAddress_NarrowsAndShowsChips()
    {
        seed.Add();
        seed.Add(call => call.Label = "B");

        var page = List("?label=B&callee=628123450002");

        page.WaitForAssertion(() => Assert.Equal("/calls/2", page.Find("a[data-row]").GetAttribute("href")));
        Assert.Equal(["number: •••• 002", "label: B"], page.FindAll(".chips a.cond").Select(chip => chip.TextContent.Trim()));
        Assert.Equal("/calls?callee=628123450002", page.FindAll(".chips a.cond")[1].GetAttribute("href"));
    }

    [Fact]
    public async Task CallList_FilterBar_WritesTheAddress()
    {
        seed.Add();
        var page = List("?cursor=");
        page.WaitForElement("a[data-row]");

        await page.InvokeAsync(() => page.Find("input[type=search]").Change("bayar lunas"));
        await page.InvokeAsync(() => page.Find("form.filters").Submit());

        page.WaitForAssertion(() => Assert.EndsWith("/calls?q=bayar%20lunas", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("No call fits", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void CallList_BadAddress_SaysWhatIsWrong() =>
        Assert.Contains("from: 'x' is not a day", List("?from=x").WaitForElement(".notice").TextContent, StringComparison.Ordinal);

    [Fact]
    public void CallList_Empty_SaysWhatWouldFillIt() =>
        Assert.Contains("A call appears here seconds after", List().WaitForElement(".empty").TextContent, StringComparison.Ordinal);

    [Fact]
    public void CallList_NewCalls_WaitBehindANotice()
    {
        seed.Add();
        var page = List();
        page.WaitForElement("a[data-row]");

        seed.Add();
        Publish(Services.GetRequiredService<LiveFeed>(), new Landed(1, 1, store.Connection.Id, store.Connection.Name, ["task-1"], [2], 1));

        var notice = page.WaitForElement(".fresh");
        Assert.Equal("1 new call", notice.TextContent);
        Assert.Single(page.FindAll("a[data-row]"));
        notice.Click();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("a[data-row]").Count));
        Assert.Empty(page.FindAll(".fresh"));
    }

    [Fact]
    public void CallList_MoreThanAPage_GoesOnByCursor()
    {
        for (var i = 0; i < 51; i++)
        {
            seed.Add();
        }

        var page = List();
        page.WaitForAssertion(() => Assert.Equal(50, page.FindAll("a[data-row]").Count));
        Services.GetRequiredService<NavigationManager>().NavigateTo(page.Find("a[rel=next]").GetAttribute("href")!);

        page.WaitForAssertion(() => Assert.Equal("/calls/1", Assert.Single(page.FindAll("a[data-row]")).GetAttribute("href")));
        Assert.Single(page.FindAll("a[rel=prev]"));
    }

    // What the worker says after a commit.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Publish")]
    private static extern void Publish(LiveFeed feed, Landed landed);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        store.Dispose();
    }

    private IRenderedComponent<CallPage> Open(long id) => Render<CallPage>(set => set.Add(it => it.Id, id.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private IRenderedComponent<CallList> List(string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/calls" + query);
        return Render<CallList>();
    }
}
