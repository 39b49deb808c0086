using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Operations;

[Trait("Requirement", "L9")]
public sealed class RestoreTests : IAsyncLifetime
{
    private readonly string scratch = Directory.CreateTempSubdirectory("restore-").FullName;

    private string Backup => At("backup.zip");

    private string Target => At("target");

    public async Task InitializeAsync()
    {
        using var site = new TestSite(Vendor.OneConnection);
        await site.PostAsync(Vendor.OnlyToken, BackupTests.Body("small"));
        await site.PostAsync(Vendor.OnlyToken, BackupTests.Body("large", BackupTests.Noise(3_000_000)));
        using var keeper = new Operator(site.Folder);
        Assert.True(await keeper.BackUpAsync(Backup));
    }

    [Fact]
    public async Task L9_Restore_OfADamagedEntry_NamesItAndTouchesNothing()
    {
        var bytes = await File.ReadAllBytesAsync(Backup);
        bytes[^500_000] ^= 1;
        await File.WriteAllBytesAsync(Backup, bytes);

        var error = await RefusedAsync();

        Assert.Contains("'bodies/", error, StringComparison.Ordinal);
        Assert.Contains("Nothing was restored", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Target, "dashboard.db")));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public async Task L9_Restore_OfAHalfWrittenFile_IsRefused(double share)
    {
        var bytes = await File.ReadAllBytesAsync(Backup);
        await File.WriteAllBytesAsync(Backup, bytes[..(int)(bytes.Length * share)]);

        Assert.Contains("no backup", await RefusedAsync(), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Target, "dashboard.db")));
    }

    [Fact]
    public async Task L9_Restore_WhoseManifestWasChanged_IsRefused()
    {
        using (var archive = System.IO.Compression.ZipFile.Open(Backup, System.IO.Compression.ZipArchiveMode.Update))
        {
            archive.Comment = archive.Comment[..^1] + (archive.Comment[^1] == '0' ? '1' : '0');
        }

        Assert.Contains("manifest.json", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task L9_Restore_WithAnEntryThatNoManifestNames_IsRefused()
    {
        using (var archive = System.IO.Compression.ZipFile.Open(Backup, System.IO.Compression.ZipArchiveMode.Update))
        {
            archive.CreateEntry("../outside.txt");
        }

        Assert.Contains("outside.txt", await RefusedAsync(), StringComparison.Ordinal);
        Assert.False(File.Exists(At("outside.txt")));
    }

    [Fact]
    public async Task L9_Restore_OfANewerSchema_IsRefused()
    {
        using var store = new TestStore();
        await using (var db = await store.Contexts.CreateDbContextAsync())
        {
            await db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_FromTheFuture', '99.0.0')""");
        }

        using (var keeper = new Operator(store.Folder))
        {
            await keeper.BackUpAsync(Backup, force: true);
        }

        Assert.Contains("FromTheFuture", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task L9_Restore_IntoAUsedDirectory_IsRefusedAndWithForceMovesItAside()
    {
        await RestoreAsync();
        using (var changed = new TestSite(Settings()))
        {
            await changed.PostAsync(Vendor.OnlyToken, BackupTests.Body("only here", BackupTests.Noise(2_000_000)));
        }

        SqliteConnection.ClearAllPools();
        Assert.Contains("--force", await RefusedAsync(), StringComparison.Ordinal);
        await RestoreAsync(force: true);

        Assert.Equal(2, await DeliveriesAsync(Path.Combine(Target, "dashboard.db")));
        var aside = Assert.Single(Directory.EnumerateDirectories(Target, "before-restore-*"));
        Assert.Equal(3, await DeliveriesAsync(Path.Combine(aside, "dashboard.db")));
        Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(aside, "bodies")).Count());
        Assert.Single(Directory.EnumerateFiles(Path.Combine(Target, "bodies")));
    }

    [Fact]
    public async Task L9_Restore_WhileAServerRuns_IsRefused()
    {
        using var site = new TestSite(Settings());
        await site.PostAsync(Vendor.OnlyToken, BackupTests.Body("running"));
        using var restorer = new Operator(Target);

        var error = await Assert.ThrowsAsync<DataDirectoryException>(() => restorer.RestoreAsync(Backup, force: true));

        Assert.Contains("stop it first", error.Message, StringComparison.Ordinal);
        await site.PostAsync(Vendor.OnlyToken, BackupTests.Body("still running"));
    }

    /// <summary>Each of them as a kill leaves it: while unpacking, when half is moved, and when all is moved but the end is not written.</summary>
    [Theory]
    [InlineData("unpacking")]
    [InlineData("moving")]
    [InlineData("moved")]
    public async Task L9_Restore_Interrupted_CanBeRepeated(string when)
    {
        using (var killed = new Operator(Target))
        {
            killed.Directory.TakeAlone();
            if (when == "unpacking")
            {
                Directory.CreateDirectory(Path.Combine(Target, "restoring", "bodies"));
                await File.WriteAllTextAsync(Path.Combine(Target, "restoring", "bodies", "half.deflate"), "half");
            }
            else
            {
                await RestoreElsewhereAsync();
                killed.Directory.BeginMoving();
                Directory.Move(At("elsewhere/bodies"), Path.Combine(Target, "bodies"));
                if (when == "moved")
                {
                    File.Move(At("elsewhere/dashboard.db"), Path.Combine(Target, "dashboard.db"));
                }
            }
        }

        if (when != "unpacking")
        {
            using var starting = new Operator(Target);
            Assert.Contains("repeat it", Assert.Throws<DataDirectoryException>(starting.Directory.Share).Message, StringComparison.Ordinal);
        }

        await RestoreAsync();

        Assert.Equal(2, await DeliveriesAsync(Path.Combine(Target, "dashboard.db")));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(Target, "bodies")));
        Assert.False(Directory.Exists(Path.Combine(Target, "restoring")));
        using var site = new TestSite(Settings());
        await site.PostAsync(Vendor.OnlyToken, BackupTests.Body("after"));
    }

    public Task DisposeAsync()
    {
        TestSite.Delete(scratch);
        return Task.CompletedTask;
    }

    private string At(string name) => Path.Combine(scratch, name);

    private Dictionary<string, string?> Settings() => new(Vendor.OneConnection) { ["DataDirectory"] = Target };

    private async Task RestoreAsync(bool force = false)
    {
        using var restorer = new Operator(Target);
        await restorer.RestoreAsync(Backup, force);
    }

    private async Task RestoreElsewhereAsync()
    {
        using var restorer = new Operator(At("elsewhere"));
        await restorer.RestoreAsync(Backup);
    }

    private async Task<string> RefusedAsync()
    {
        using var restorer = new Operator(Target);
        return (await Assert.ThrowsAsync<OperationException>(() => restorer.RestoreAsync(Backup))).Message;
    }

    private static async Task<long> DeliveriesAsync(string database)
    {
        await using var open = new SqliteConnection($"Data Source={database};Pooling=False");
        await open.OpenAsync();
        await using var command = open.CreateCommand();
        command.CommandText = """SELECT COUNT(*) FROM "Deliveries" """;
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
