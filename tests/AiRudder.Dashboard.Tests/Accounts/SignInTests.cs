using System.Net;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class SignInTests : IDisposable
{
    private const string Email = "ada@example.com";

    private readonly TestClock clock = new() { Now = DateTimeOffset.Parse("2026-03-14T09:00Z", System.Globalization.CultureInfo.InvariantCulture) };
    private readonly TestSite site;

    public SignInTests() => site = new(new Dictionary<string, string?>
    {
        ["FirstAdministrator:Email"] = Email,
        ["FirstAdministrator:Password"] = TestSite.Password,
    }, clock);

    public void Dispose() => site.Dispose();

    [Fact]
    public async Task FirstAdministrator_EmptyStore_SignsInAndComesBackToItsPage()
    {
        using var client = site.Anonymous();

        var asked = await client.GetAsync("/people?x=1");
        Assert.Equal("/sign-in?returnUrl=%2Fpeople%3Fx%3D1", asked.Headers.Location!.OriginalString);
        var signedIn = await TestSite.SignInAsync(client, Email, TestSite.Password, asked.Headers.Location.OriginalString);

        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Equal("/people?x=1", signedIn.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/people?x=1")).StatusCode);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("AiRudder.Dashboard=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Cookie_OverHttps_IsBoundToTheHost()
    {
        using var client = site.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new("https://dashboard.example.com") });

        var signedIn = await TestSite.SignInAsync(client, Email, TestSite.Password);

        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("__Host-AiRudder.Dashboard=", StringComparison.Ordinal));
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/;", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/people")).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task ReturnUrl_ElsewhereThanHere_LeadsToTheFirstPage(string url)
    {
        using var client = site.Anonymous();
        var signedIn = await TestSite.SignInAsync(client, Email, TestSite.Password, "/sign-in?returnUrl=" + Uri.EscapeDataString(url));
        Assert.Equal("/", signedIn.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task SignIn_WithoutAntiforgeryToken_Refused()
    {
        using var client = site.Anonymous();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "sign-in", ["Form.Email"] = Email, ["Form.Password"] = TestSite.Password });

        var answer = await client.PostAsync("/sign-in", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Not understood", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // The page that says so lets one choose the language, a form with a token of its own; nobody is signed in by it.
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], value => !value.StartsWith("AiRudder.Form=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_WrongOrUnknown_SameAnswer()
    {
        using var client = site.Anonymous();

        var wrong = await Shown(await TestSite.SignInAsync(client, Email, "not this one at all"));
        var unknown = await Shown(await TestSite.SignInAsync(client, "nobody@example.com", "not this one at all"));

        Assert.Contains("did not let you in", wrong, StringComparison.Ordinal);
        Assert.Equal(wrong, unknown.Replace("nobody@example.com", Email, StringComparison.Ordinal));

        // The notice and the form without its token.
        static async Task<string> Shown(HttpResponseMessage answer)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var html = await answer.Content.ReadAsStringAsync();
            var body = html[html.IndexOf("<h1>", StringComparison.Ordinal)..html.IndexOf("</main>", StringComparison.Ordinal)];
            return System.Text.RegularExpressions.Regex.Replace(body, "RequestVerificationToken\" value=\"[^\"]*\"", "");
        }
    }

    [Fact]
    public async Task SignIn_FiveFailuresAtOnce_LocksEvenForTheRightPassword()
    {
        using var client = site.Anonymous();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TestSite.SignInAsync(site.Anonymous(), Email, "not this one at all")));

        Assert.Equal(HttpStatusCode.OK, (await TestSite.SignInAsync(client, Email, TestSite.Password)).StatusCode);
        await using var db = await site.Contexts.CreateDbContextAsync();
        var left = (await db.Users.SingleAsync()).LockoutEnd!.Value - DateTimeOffset.UtcNow;
        Assert.InRange(left, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));
    }

    [Fact]
    public async Task SignIn_ManyTriesFromOneSource_ToldToWait()
    {
        using var strict = new TestSite(new Dictionary<string, string?> { ["SignIn:AttemptsPerMinute"] = "2" });
        using var client = strict.Anonymous();
        for (var i = 0; i < 2; i++)
            await TestSite.SignInAsync(client, $"{i}@example.com", "whatever it is");

        var answer = await TestSite.SignInAsync(client, "3@example.com", "whatever it is");

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(int.Parse(answer.Headers.GetValues("Retry-After").Single(), System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Contains("Too many tries", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_Idle_EndsAfterHalfAnHour()
    {
        using var client = await site.SignInAsync(Role.Supervisor);

        clock.Now += TimeSpan.FromMinutes(29);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/session")).StatusCode);
        clock.Now += TimeSpan.FromMinutes(29);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/session")).StatusCode);
        clock.Now += TimeSpan.FromMinutes(31);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/session")).StatusCode);
    }

    [Fact]
    public async Task Session_OpenPageOnly_IsNotActivity()
    {
        using var client = await site.SignInAsync(Role.Supervisor);

        for (var minutes = 0; minutes < 40; minutes += 10)
        {
            await client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
            clock.Now += TimeSpan.FromMinutes(10);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/session")).StatusCode);
    }

    [Fact]
    public async Task Session_TwelveHours_EndsHoweverBusy()
    {
        using var client = await site.SignInAsync(Role.Supervisor);

        for (var minutes = 0; minutes < 12 * 60; minutes += 20)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/session")).StatusCode);
            clock.Now += TimeSpan.FromMinutes(20);
        }

        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/session")).StatusCode);
    }

    [Fact]
    public async Task SignOut_EndsTheSessionForEveryCopyOfTheCookie()
    {
        using var client = site.Anonymous();
        var signedIn = await TestSite.SignInAsync(client, Email, TestSite.Password);
        var stolen = signedIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("AiRudder.Dashboard=", StringComparison.Ordinal)).Split(';')[0];
        using var thief = site.CreateClient(new() { HandleCookies = false, AllowAutoRedirect = false });
        thief.DefaultRequestHeaders.Add("Cookie", stolen);
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/api/session")).StatusCode);

        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/sign-out", null)).StatusCode);
        var html = await client.GetStringAsync("/password");
        var token = System.Text.RegularExpressions.Regex.Matches(html, "__RequestVerificationToken\" value=\"([^\"]*)\"").Last().Groups[1].Value;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token });
        Assert.Equal(HttpStatusCode.Redirect, (await client.PostAsync("/sign-out", form)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/session")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/session")).StatusCode);
    }

    [Fact]
    public async Task OneTimePassword_OpensNothingButThePageForANewOne()
    {
        var people = site.Services.GetRequiredService<People>();
        Assert.Empty(await people.CreateAsync("grace@example.com", Role.Administrator, "given on a slip of paper", oneTime: true));
        using var client = site.Anonymous();
        await TestSite.SignInAsync(client, "grace@example.com", "given on a slip of paper");

        Assert.Equal("/password", (await client.GetAsync("/people")).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/session")).StatusCode);

        var changed = await TestSite.PostFormAsync(client, "/password", new()
        {
            ["Form.Current"] = "given on a slip of paper",
            ["Form.Password"] = TestSite.Password,
            ["Form.Again"] = TestSite.Password,
        });
        Assert.Equal("/", changed.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/people")).StatusCode);
    }
}
