using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>
/// The whole product in this process, on a data folder of its own, with an API token for each role. Requests go to it in memory
/// unless <c>UseKestrel(0)</c> is called before the first one.
/// </summary>
public sealed partial class TestSite(IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? clock = null, Action<IServiceCollection>? services = null)
    : WebApplicationFactory<Program>
{
    /// <summary>Of every account that <see cref="SignInAsync(Role)"/> makes.</summary>
    public const string Password = "four quiet green lamps";

    private readonly string folder = Directory.CreateTempSubdirectory("site-").FullName;

    public string Folder => folder;

    /// <summary>The database with everything that was acknowledged, however busy the worker is.</summary>
    public async Task<DashboardDb> DbAsync()
    {
        await Services.GetRequiredService<IInboxStore>().BringInAsync(CancellationToken.None);
        return await Contexts.CreateDbContextAsync();
    }

    public IDbContextFactory<DashboardDb> Contexts => Services.GetRequiredService<IDbContextFactory<DashboardDb>>();

    public static string TokenOf(Role role) => $"token-of-the-{role.ToString().ToLowerInvariant()}-0123456789-0123456789";

    /// <summary>Somebody nobody knows. Redirects are seen, not followed; cookies are kept.</summary>
    public HttpClient Anonymous() => CreateClient(new() { AllowAutoRedirect = false, BaseAddress = ClientOptions.BaseAddress });

    /// <summary>A program with the API token of a role.</summary>
    public HttpClient Api(Role role)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(role));
        return client;
    }

    /// <summary>A browser in which a new person with this role has signed in.</summary>
    public async Task<HttpClient> SignInAsync(Role role)
    {
        var email = $"{role.ToString().ToLowerInvariant()}-{Guid.NewGuid():N}@example.com";
        Assert.Empty(await Services.GetRequiredService<People>().CreateAsync(email, role, Password, oneTime: false));
        var client = Anonymous();
        var answer = await SignInAsync(client, email, Password);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    /// <summary>Fills the sign-in form and sends it.</summary>
    public static Task<HttpResponseMessage> SignInAsync(HttpClient client, string email, string password, string page = "/sign-in") =>
        PostFormAsync(client, page, new() { ["Form.Email"] = email, ["Form.Password"] = password });

    /// <summary>Loads the page for its hidden fields and sends its first form with these values.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(HttpClient client, string page, Dictionary<string, string> values)
    {
        var html = await client.GetStringAsync(page);
        foreach (Match hidden in HiddenField().Matches(html))
            values.TryAdd(hidden.Groups["name"].Value, System.Net.WebUtility.HtmlDecode(hidden.Groups["value"].Value));

        using var form = new FormUrlEncodedContent(values);
        return await client.PostAsync(page, form);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("DataDirectory", folder);
        builder.UseSetting("SignIn:AttemptsPerMinute", "1000");

        // Bodies of tests name the vendor's real host.
        builder.UseSetting("Recordings:Keep", "false");
        foreach (var role in Enum.GetValues<Role>())
        {
            builder.UseSetting($"ApiTokens:{(int)role}:Name", role.ToString());
            builder.UseSetting($"ApiTokens:{(int)role}:Role", role.ToString());
            builder.UseSetting($"ApiTokens:{(int)role}:Token", TokenOf(role));
        }

        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
            builder.UseSetting(key, value);

        builder.ConfigureTestServices(collection =>
        {
            // Hashing is meant to take long; not here.
            collection.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 1000);
            if (clock is not null)
                collection.AddSingleton(clock);

            services?.Invoke(collection);
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(folder))
        {
            Delete(folder);
        }
    }

    /// <summary>A page that was left, or a job that was stopped, may still be reading, which makes files anew.</summary>
    internal static void Delete(string folder)
    {
        SqliteConnection.ClearAllPools();
        for (var tries = 0; ; tries++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (IOException) when (tries < 50)
            {
                Thread.Sleep(100);
                SqliteConnection.ClearAllPools();
            }
        }
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" />""")]
    private static partial Regex HiddenField();
}
