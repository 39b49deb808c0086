using System.Net;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class SetupTests : IDisposable
{
    private readonly TestSite site = new();

    public void Dispose() => site.Dispose();

    [Fact]
    public async Task Setup_WithTheSecret_MakesOneAdministratorOnce()
    {
        using var client = site.Anonymous();
        _ = site.Services;
        var page = "/setup?secret=" + site.Services.GetRequiredService<SetupSecret>().Renew();

        var weak = await TestSite.PostFormAsync(client, page, Values("short"));
        Assert.Equal(HttpStatusCode.OK, weak.StatusCode);
        Assert.Contains("shorter than 12", await weak.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var made = await TestSite.PostFormAsync(client, page, Values(TestSite.Password));
        Assert.Equal("/", made.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/people")).StatusCode);
        Assert.Equal(Role.Administrator, Assert.Single(await site.Services.GetRequiredService<People>().ListAsync(default)).Role);

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(page)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/setup?secret=" + site.Services.GetRequiredService<SetupSecret>().Renew())).StatusCode);
    }

    [Theory]
    [InlineData("/setup")]
    [InlineData("/setup?secret=guess")]
    public async Task Setup_WithoutTheSecret_NothingThere(string page)
    {
        using var client = site.Anonymous();
        var answer = await client.GetAsync(page);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("Form.Password", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_TwoAtOnce_OneWins()
    {
        using var client = site.Anonymous();
        _ = site.Services;
        var page = "/setup?secret=" + site.Services.GetRequiredService<SetupSecret>().Renew();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => PostQuietlyAsync(client, page, $"{i}@example.com"))));

        Assert.Single(await site.Services.GetRequiredService<People>().ListAsync(default));
    }

    [Fact]
    public async Task FirstAdministratorSettings_StoreWithAccounts_ChangeNothing()
    {
        var people = site.Services.GetRequiredService<People>();
        await people.CreateAsync("grace@example.com", Role.Administrator, TestSite.Password, oneTime: false);
        using var again = new TestSite(new Dictionary<string, string?>
        {
            ["DataDirectory"] = site.Folder,
            ["FirstAdministrator:Email"] = "ada@example.com",
            ["FirstAdministrator:Password"] = TestSite.Password,
        });

        var accounts = await again.Services.GetRequiredService<People>().ListAsync(default);

        Assert.Equal("grace@example.com", Assert.Single(accounts).Email);
    }

    private static async Task PostQuietlyAsync(HttpClient client, string page, string email)
    {
        try
        {
            await TestSite.PostFormAsync(client, page, new() { ["Form.Email"] = email, ["Form.Password"] = TestSite.Password, ["Form.Again"] = TestSite.Password });
        }
        catch (HttpRequestException)
        {
            // The form is gone already.
        }
    }

    private static Dictionary<string, string> Values(string password) =>
        new() { ["Form.Email"] = "ada@example.com", ["Form.Password"] = password, ["Form.Again"] = password };
}
