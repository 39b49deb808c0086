using System.Diagnostics;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;

namespace AiRudder.Dashboard.Tests.Operations;

[Trait("Requirement", "T1")]
public sealed class SettingsCheckTests
{
    /// <summary>The least that names a connection.</summary>
    private static readonly Dictionary<string, string?> Least = Vendor.OneConnection.ToDictionary();

    public static TheoryData<string, string?> Wrong => new()
    {
        { "Storage:Provider", "Oracle" },
        { "Storage:Provider", "1" },
        { "Role", "Watch" },
        { "Role", "0" },
        { "Webhooks:MaxBodyBytes", "0" },
        { "Webhooks:MaxBodyBytes", "-1" },
        { "Webhooks:MaxBodyBytes", "256 MB" },
        { "Webhooks:MaxBodyBytes", "99999999999" },
        { "Webhooks:MaxUploadBytes", "0" },
        { "Webhooks:QuietAlarm", "00:00:01" },
        { "Webhooks:QueueLength", "0" },
        { "Webhooks:QueueLength", "many" },
        { "Webhooks:StoreTimeout", "00:00:00" },
        { "Webhooks:StoreTimeout", "00:02:00" },
        { "Webhooks:StoreTimeout", "soon" },
        { "Live:PollInterval", "00:00:00" },
        { "Live:PollInterval", "1 s" },
        { "Webhooks:AllowPlainHttp", "yes" },
        { "Recordings:AllowInsecureDevelopmentHosts", "perhaps" },
        { "Recordings:Keep", "perhaps" },
        { "Recordings:Ffmpeg", "/nowhere/ffmpeg" },
        { "Recordings:Ffmpeg", "bin/ffmpeg" },
        { "Retention:Audio", "00:00:01" },
        { "Retention:Audio", "a month" },
        { "ConnectionStrings:Dashboard", "neither a file nor a server" },
        { "ConnectionStrings:Dashboard", "Nonsense=1" },
        { "Connections:0:Name", null },
        { "Connections:0:Name", " " },
        { "Connections:0:Name", new string('x', 201) },
        { "Connections:0:Token", null },
        { "Connections:0:Token", "too-short" },
        { "Connections:0:Token", "not/url/safe/000000000000000000000000000000000000" },
        { "Connections:0:TimeZone", null },
        { "Connections:0:TimeZone", "" },
        { "Connections:0:TimeZone", "Mars/Base" },
        { "Connections:0:Country", "IDN" },
        { "Connections:0:Country", "1D" },
    };

    [Fact]
    public void Nothing_IsWrongWithNothing() => Assert.Empty(SettingsCheck.Problems(Configuration([])));

    [Fact]
    public void T1_Nothing_IsWrongWithTheLeast() => Assert.Empty(SettingsCheck.Problems(Configuration(Least)));

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Setting_ThatIsWrong_HasItsSentence(string name, string? value)
    {
        var settings = new Dictionary<string, string?>(Least) { [name] = value };

        var problem = Assert.Single(SettingsCheck.Problems(Configuration(settings)));

        Assert.StartsWith(name, problem, StringComparison.Ordinal);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SqlServer_WithoutAConnectionString_IsWrong() =>
        Assert.StartsWith("ConnectionStrings:Dashboard", Assert.Single(SettingsCheck.Problems(Configuration(new() { ["Storage:Provider"] = "SqlServer" }))), StringComparison.Ordinal);

    [Fact]
    public void SqlServer_WithAWrongConnectionString_IsWrong() =>
        Assert.StartsWith(
            "ConnectionStrings:Dashboard",
            Assert.Single(SettingsCheck.Problems(Configuration(new() { ["Storage:Provider"] = "SqlServer", ["ConnectionStrings:Dashboard"] = "Nonsense=1" }))),
            StringComparison.Ordinal);

    [Fact]
    public void Connections_WithOneName_AreWrong() => Assert.StartsWith("Connections:1:Name", Problem("pinjaman CEPAT", Vendor.Token("other")), StringComparison.Ordinal);

    [Fact]
    public void Connections_WithOneToken_AreWrong()
    {
        var problem = Problem("Other", Vendor.OnlyToken);

        Assert.StartsWith("Connections:1:Token", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Vendor.OnlyToken, problem, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "S9")]
    public void Token_ThatIsWrong_IsNotRepeated() =>
        Assert.DoesNotContain("my-secret", Assert.Single(SettingsCheck.Problems(Configuration(new(Least) { ["Connections:0:Token"] = "my-secret" }))), StringComparison.Ordinal);

    [Fact]
    public async Task Process_WithWrongSettings_SaysEachInASentenceAndEndsWithTwo()
    {
        var folder = Directory.CreateTempSubdirectory("settings-");
        try
        {
            var (code, errors) = await RunAsync(
                ["--Role=Watch", "--Webhooks:MaxBodyBytes=lots", "--Connections:0:Name=x", "--Connections:0:TimeZone=Asia/Jakarta", $"--DataDirectory={Path.Combine(folder.FullName, "data")}"]);

            Assert.Equal(2, code);
            Assert.Equal(["Role 'Watch'", "Webhooks:MaxBodyBytes 'lots'", "Connections:0:Token is"], errors.Select(error => string.Join(' ', error.Split(' ')[..2])));
            Assert.Empty(folder.GetFileSystemInfos());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Connection_RenamedInTheSettings_KeepsItsCalls()
    {
        using var before = new TestSite(Vendor.OneConnection);
        await before.PostAsync("""{"task_id":"t","details":[{"call_id":"a"}]}""");
        await using var db = await before.Contexts.CreateDbContextAsync();
        var settings = new Dictionary<string, string?>(Vendor.OneConnection) { ["Connections:0:Name"] = "Renamed", ["ConnectionStrings:Dashboard"] = db.Database.GetConnectionString() };
        using var after = new TestSite(settings);

        var delivery = await after.PostAsync("""{"task_id":"t","details":[{"call_id":"a","duration":1}]}""");

        Assert.Equal("Renamed", delivery["connection"]!.GetValue<string>());
        await using var now = await after.Contexts.CreateDbContextAsync();
        Assert.Equal(2, (await now.Calls.SingleAsync()).Versions);
        Assert.Equal("Renamed", (await now.Connections.SingleAsync()).Name);
    }

    [Fact]
    public async Task Connection_WithANewTokenInTheSettings_KeepsTheOldOneToo()
    {
        using var before = new TestSite(Vendor.OneConnection);
        using var start = before.Anonymous();
        await using var db = await before.Contexts.CreateDbContextAsync();
        using var after = new TestSite(new Dictionary<string, string?>(Vendor.OneConnection) { ["Connections:0:Token"] = Vendor.Token("next"), ["ConnectionStrings:Dashboard"] = db.Database.GetConnectionString() });

        await after.PostAsync(Vendor.OnlyToken, "{}"u8.ToArray());
        await after.PostAsync(Vendor.Token("next"), """{"a":1}"""u8.ToArray());

        await using var now = await after.Contexts.CreateDbContextAsync();
        Assert.Equal(1, await now.Connections.CountAsync());
    }

    private static string Problem(string otherName, string otherToken) =>
        Assert.Single(SettingsCheck.Problems(Configuration(new(Least.Concat(Vendor.Settings(1, otherName, otherToken, "Asia/Manila"))))));

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static async Task<(int Code, string[] Errors)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(SettingsCheck).Assembly.Location, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
