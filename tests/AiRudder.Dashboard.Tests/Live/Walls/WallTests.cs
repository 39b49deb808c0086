using System.Net;
using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Live.Walls;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Live.Walls;

public sealed class WallTests : IDisposable
{
    private readonly TestClock clock = new() { Now = DateTimeOffset.UtcNow };
    private readonly TestSite site;

    public WallTests() => site = new TestSite(clock: clock);

    private WallLinks Links => site.Services.GetRequiredService<WallLinks>();

    private static ClaimsPrincipal Person(Role role) => new(new ClaimsIdentity([new(ClaimTypes.Role, role.ToString()), new(ClaimTypes.Name, "admin@example.com")], "test"));

    private async Task<HttpClient> ScreenAsync(int days = 30)
    {
        var secret = await Links.MakeAsync(Person(Role.Administrator), "Floor 3", days, default);
        var screen = site.Anonymous();
        var answer = await screen.GetAsync($"/wall/{secret}?tasks=a,b&every=30");
        Assert.Equal((HttpStatusCode.Redirect, "/wall?tasks=a,b&every=30"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        return screen;
    }

    [Fact]
    public async Task S3_Screen_SeesTheWallForWeeksWithoutAnybodyDoingAnything()
    {
        using var screen = await ScreenAsync();

        clock.Now += TimeSpan.FromDays(29);

        var page = await screen.GetStringAsync("/wall?tasks=a");
        Assert.Contains("data-wall", page, StringComparison.Ordinal);
        clock.Now += TimeSpan.FromDays(2);
        Assert.Equal(HttpStatusCode.Redirect, (await screen.GetAsync("/wall")).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/calls")]
    [InlineData("/tasks")]
    [InlineData("/people")]
    [InlineData("/api/calls")]
    [InlineData("/api/metrics/summary")]
    [InlineData("/hubs/live")]
    public async Task S4_Screen_MayDoNothingElse(string path)
    {
        using var screen = await ScreenAsync();

        var answer = await screen.GetAsync(path);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Screen_LinkTakenBack_IsDarkAndItsSecretOpensNothing()
    {
        using var screen = await ScreenAsync();
        var link = Assert.Single(await Links.ListAsync(default));

        await Links.RevokeAsync(Person(Role.Administrator), link.Id, default);

        Assert.Equal(HttpStatusCode.Redirect, (await screen.GetAsync("/wall")).StatusCode);
        using var nobody = site.Anonymous();
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.GetAsync("/wall/a-secret-nobody-made")).StatusCode);
    }

    [Fact]
    public async Task Person_OpensALink_StaysThatPerson()
    {
        var secret = await Links.MakeAsync(Person(Role.Administrator), "Floor 3", 30, default);
        using var supervisor = await site.SignInAsync(Role.Supervisor);

        Assert.Equal(HttpStatusCode.Redirect, (await supervisor.GetAsync($"/wall/{secret}")).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await supervisor.GetAsync("/calls")).StatusCode);
    }

    [Theory]
    [InlineData(Role.Supervisor)]
    [InlineData(Role.Qa)]
    public async Task S4_Links_AreMadeAndTakenBackByAdministratorsOnly(Role role)
    {
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Links.MakeAsync(Person(role), "Mine", 30, default));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Links.RevokeAsync(Person(role), 1, default));
        Assert.Empty(await Links.ListAsync(default));
    }

    [Fact]
    public async Task Wall_OfAPerson_HasNoChromeAroundIt()
    {
        using var supervisor = await site.SignInAsync(Role.Supervisor);

        var page = await supervisor.GetStringAsync("/?wall=1");

        Assert.Contains("data-wall", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<nav", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<header class=\"top\"", page, StringComparison.Ordinal);
    }

    public void Dispose() => site.Dispose();
}
