using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Tests.Operations;

[Trait("Requirement", "L9")]
public sealed class BackupTests : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("backup-").FullName;

    private string File1 => At("one.zip");

    [Fact]
    public async Task L9_Backup_WhilePosting_HoldsAllThatWasAcknowledgedBefore()
    {
        var acknowledged = new Dictionary<string, byte[]>();
        using (var site = new TestSite(Vendor.OneConnection))
        {
            foreach (var body in Enumerable.Range(0, 30).Select(i => Body($"before-{i}")).Append(Body("large", Noise(3_000_000))))
            {
                acknowledged[(await site.PostAsync(Vendor.OnlyToken, body))["id"]!.ToString()] = body;
            }

            using var stop = new CancellationTokenSource();
            var meanwhile = Task.Run(async () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    await site.PostAsync(Vendor.OnlyToken, i % 5 == 0 ? Body($"meanwhile-{i}", Noise(1_500_000)) : Body($"meanwhile-{i}"));
                }
            });
            using var keeper = new Operator(site.Folder);
            Assert.True(await keeper.BackUpAsync(File1));
            await stop.CancelAsync();
            await meanwhile;
        }

        await RestoreAsync("elsewhere");
        using var restored = new TestSite(new Dictionary<string, string?>(Vendor.OneConnection) { ["DataDirectory"] = At("elsewhere") });
        using var api = restored.Api(Role.Administrator);
        foreach (var (id, body) in acknowledged)
        {
            Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), Convert.ToHexString(SHA256.HashData(await api.GetByteArrayAsync($"/api/deliveries/{id}/raw"))));
        }

        var calls = (await api.GetStringAsync("/api/calls?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["callId"]!.ToString()).ToHashSet();
        Assert.All(Enumerable.Range(0, 30), i => Assert.Contains($"before-{i}", calls));
        await restored.PostAsync(Vendor.OnlyToken, Body("after"));
    }

    [Fact]
    public async Task L9_DataDirectory_HoldsNothingThatABackupDoesNotKnow()
    {
        using var site = new TestSite(Vendor.OneConnection);
        await site.SignInAsync(Role.Supervisor);
        await site.PostAsync(Vendor.OnlyToken, Body("large", Noise(3_000_000)));
        using var keeper = new Operator(site.Folder);
        await keeper.BackUpAsync(File1);

        string[] known = ["dashboard.db", "dashboard.db-wal", "dashboard.db-shm", "dashboard.inbox.db", "dashboard.inbox.db-wal", "dashboard.inbox.db-shm", "upgrade.lock", "in-use.lock", "last-backup.json", .. DataDirectory.Folders];
        Assert.All(Directory.EnumerateFileSystemEntries(site.Folder), path => Assert.Contains(Path.GetFileName(path), known));
        using var backup = await BackupFile.OpenAsync(File1, default);
        Assert.Equal(["bodies", "database.db", "keys"], backup.Manifest.Entries.Select(entry => entry.Path.Split('/')[0]).Distinct().Order());
    }

    [Fact]
    public async Task L9_Backup_OverAFileThatIsThere_IsRefusedUnlessForced()
    {
        using var store = new TestStore();
        using var keeper = new Operator(store.Folder);
        await File.WriteAllTextAsync(File1, "mine");

        await Assert.ThrowsAsync<OperationException>(() => keeper.BackUpAsync(File1));

        Assert.Equal("mine", await File.ReadAllTextAsync(File1));
        Assert.True(await keeper.BackUpAsync(File1, force: true));
        using var backup = await BackupFile.OpenAsync(File1, default);
        await backup.VerifyAsync(default);
        Assert.Equal([File1], Directory.EnumerateFileSystemEntries(scratch));
    }

    [Fact]
    public async Task L9_Backup_Cancelled_LeavesNothing()
    {
        using var store = new TestStore();
        Directory.CreateDirectory(Path.Combine(store.Folder, "keys"));
        await File.WriteAllTextAsync(Path.Combine(store.Folder, "keys", "key.xml"), "<key/>");
        using var cancel = new CancellationTokenSource();
        using var keeper = new Operator(store.Folder, new CancellingClock(cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeper.BackUpAsync(File1, cancel: cancel.Token));

        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch));
        Assert.Null(LastBackup.Read(keeper.Directory));
    }

    [Fact]
    public async Task L9_Backup_WithABodyThatIsGone_SaysSoAndKeepsTheRest()
    {
        using var site = new TestSite(Vendor.OneConnection);
        await site.PostAsync(Vendor.OnlyToken, Body("large", Noise(3_000_000)));
        await site.PostAsync(Vendor.OnlyToken, Body("other", Noise(3_000_000)));
        var gone = Directory.EnumerateFiles(Path.Combine(site.Folder, "bodies")).First();
        File.Delete(gone);
        using var keeper = new Operator(site.Folder);

        Assert.False(await keeper.BackUpAsync(File1));

        using var backup = await BackupFile.OpenAsync(File1, default);
        Assert.Equal([Path.GetFileName(gone)], backup.Manifest.Missing);
        Assert.Single(backup.Manifest.Entries, entry => entry.Path.StartsWith("bodies/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task L9_Backup_OfSqlServer_HoldsTheFilesAndSaysWhoBacksUpTheDatabase()
    {
        Dictionary<string, string?> settings = new() { ["Storage:Provider"] = "SqlServer", ["ConnectionStrings:Dashboard"] = "Server=nowhere" };
        Directory.CreateDirectory(At("node/bodies"));
        await File.WriteAllTextAsync(At("node/bodies/abc.deflate"), "body");
        using var keeper = new Operator(At("node"), settings: settings);
        await keeper.BackUpAsync(File1);
        using var other = new Operator(At("other"), settings: settings);
        await other.RestoreAsync(File1);

        Assert.Contains("BACKUP DATABASE", keeper.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal("body", await File.ReadAllTextAsync(At("other/bodies/abc.deflate")));
        using var wrong = new Operator(At("wrong"));
        Assert.Contains("SqlServer", (await Assert.ThrowsAsync<OperationException>(() => wrong.RestoreAsync(File1))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { "backup", "/tmp/a.zip", "--DataDirectory", "/data" }, new[] { "--DataDirectory", "/data" })]
    [InlineData(new[] { "backup", "/tmp/a.zip", "--force", "--DataDirectory", "/data" }, new[] { "--DataDirectory", "/data" })]
    [InlineData(new[] { "restore", "a.zip", "--DataDirectory=/data", "--force" }, new[] { "--DataDirectory=/data" })]
    [InlineData(new[] { "backup" }, new string[0])]
    [InlineData(new[] { "--Role", "Show" }, new[] { "--Role", "Show" })]
    public void Settings_DoNotMistakeAPathForOne(string[] args, string[] expected) => Assert.Equal(expected, Verbs.SettingsOf(args));

    public void Dispose()
    {
        TestSite.Delete(scratch);
    }

    private string At(string name) => Path.Combine(scratch, name);

    private async Task RestoreAsync(string folder)
    {
        using var restorer = new Operator(At(folder));
        await restorer.RestoreAsync(File1);
    }

    internal static byte[] Body(string callId, string summary = "short") =>
        Encoding.UTF8.GetBytes($$"""{"task_id":"t","details":[{"call_id":"{{callId}}","human_robot_summary":"{{summary}}"}]}""");

    /// <summary>Letters that do not shrink to a row's size.</summary>
    internal static string Noise(int length) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(length * 3 / 4));

    /// <summary>Calls the backup off when it looks at the clock for the second time: it is in the middle then.</summary>
    private sealed class CancellingClock(CancellationTokenSource cancel) : TimeProvider
    {
        private int looks;

        public override long GetTimestamp()
        {
            if (++looks == 2)
            {
                cancel.Cancel();
            }

            return base.GetTimestamp();
        }
    }
}
