using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Operations;

public sealed class DoctorTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly TestClock clock = new();

    public DoctorTests() => clock.Now = new DateTimeOffset(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Doctor_OfASoundInstallation_FindsNothingWrong()
    {
        await AddAsync(clock.Now, "here.deflate");
        Directory.CreateDirectory(Path.Combine(store.Folder, "bodies"));
        await File.WriteAllTextAsync(Path.Combine(store.Folder, "bodies", "here.deflate"), "");

        var lines = await ExamineAsync();

        // The disk is the machine's own.
        Assert.Equal(
            ["ok configuration", "ok storage", "ok integrity", "ok durability", "ok journal", "ok bodies", "ok clock", "ok keys", "ok backup"],
            lines.Where(line => !line.Contains(" disk ", StringComparison.Ordinal)).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2])));
    }

    [Fact]
    public async Task Doctor_WithoutABodyFile_NamesIt()
    {
        await AddAsync(clock.Now, "gone.deflate");

        Assert.Contains("gone.deflate", await WrongAsync("bodies"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task L8_Doctor_WithTheClockBehindTheNewestDelivery_SaysSo()
    {
        await AddAsync(clock.Now.AddHours(2));

        Assert.Contains("2026-12-01 14:00:00", await WrongAsync("clock"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task L9_Doctor_WithDeliveriesAndAnOldBackup_AsksForANewOne()
    {
        await AddAsync(clock.Now);
        clock.Now += TimeSpan.FromDays(8);
        Assert.Contains("none yet", await WrongAsync("backup"), StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("doctor-");
        try
        {
            using var keeper = new Operator(store.Folder, clock);
            await keeper.BackUpAsync(Path.Combine(folder.FullName, "b.zip"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        clock.Now += TimeSpan.FromDays(8);
        Assert.Contains(await ExamineAsync(), line => line.StartsWith("ok    backup", StringComparison.Ordinal));
        await AddAsync(clock.Now);
        Assert.Contains("more than 7 days", await WrongAsync("backup"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfADamagedDatabase_SaysSo()
    {
        await using (var db = await store.Contexts.CreateDbContextAsync())
        {
            db.AddRange(Enumerable.Range(0, 500).Select(i => new Counter { Name = $"filler-{i}", Value = i }));
            await db.SaveChangesAsync();
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        await using (var file = new FileStream(Path.Combine(store.Folder, "dashboard.db"), FileMode.Open))
        {
            // Every page but the first hundred kilobytes' worth of schema.
            for (file.Position = 200 * 1024; file.Position < file.Length - 64; file.Position += 4096)
            {
                file.Write(new byte[64]);
                file.Position -= 64;
            }
        }

        Assert.Contains("damaged", await WrongAsync("integrity"), StringComparison.Ordinal);
    }

    public void Dispose() => store.Dispose();

    private async Task<string> WrongAsync(string what)
    {
        var line = Assert.Single(await ExamineAsync(), line => line.Contains($" {what} ", StringComparison.Ordinal));
        Assert.StartsWith("WRONG", line, StringComparison.Ordinal);
        return line;
    }

    private async Task<string[]> ExamineAsync()
    {
        using var doctor = new Operator(store.Folder, clock);
        await doctor.ExamineAsync();
        return doctor.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task AddAsync(DateTimeOffset at, string? file = null)
    {
        await using var db = await store.Contexts.CreateDbContextAsync();
        var delivery = new Delivery { ConnectionId = store.Connection.Id, UrlKind = "", Sha256 = Guid.NewGuid().ToByteArray().Concat(new byte[16]).ToArray(), ReceivedAt = at, Source = "127.0.0.1", Headers = "{}" };
        db.Add(delivery);
        await db.SaveChangesAsync();
        db.Add(new DeliveryBody { DeliveryId = delivery.Id, File = file, Content = file is null ? [] : null });
        await db.SaveChangesAsync();
    }
}
