using System.Diagnostics;
using System.Net;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiRudder.Dashboard.Tests.Faults;

[Trait("Requirement", "D11")]
public sealed class AbandonedUpgradeTests
{
    private const int Deliveries = 20_000;

    [Fact]
    public async Task D11_Start_AfterAnUpgradeWasKilled_DoesNotWaitForIt()
    {
        await using var site = new TestSite();
        using (var killed = new SqliteConnection($"Data Source={Path.Combine(site.Folder, "dashboard.db")};Pooling=False"))
        {
            killed.Open();
            using var command = killed.CreateCommand();
            command.CommandText =
                """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-21 12:00:00')""";
            command.ExecuteNonQuery();
        }

        using var answer = await Task.Run(() => site.Anonymous().GetAsync(new Uri("/health/ready", UriKind.Relative))).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>An installation of the first version with deliveries in it, and upgrades that are killed at one moment after the other.</summary>
    [Fact]
    public async Task D11_Upgrade_KilledAgainAndAgain_IsFinishedByTheNextStart()
    {
        await using var site = new TestSite();
        var database = $"Data Source={Path.Combine(site.Folder, "dashboard.db")};Pooling=False";
        await using (var old = new SqliteDashboardDb(new DbContextOptionsBuilder<SqliteDashboardDb>().UseSqlite(database).AddInterceptors(new SqlitePragmas()).Options))
        {
            await old.GetService<IMigrator>().MigrateAsync(old.Database.GetMigrations().First());
            await old.Database.ExecuteSqlRawAsync(
                $$"""
                INSERT INTO "Connections" ("Id", "Name", "TimeZone", "CreatedAt") VALUES (1, 'old', 'Asia/Jakarta', 0);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {{Deliveries}})
                INSERT INTO "Deliveries" ("ConnectionId", "UrlKind", "Sha256", "Bytes", "ReceivedAt", "Source", "Headers", "Copies", "Outcome", "Calls", "QuarantinedCalls", "FailedAttempts")
                SELECT 1, '', randomblob(32), 2, i, '127.0.0.1', '{{"{{}}"}}', 1, 3, 0, 0, 0 FROM n;
                """);
        }

        for (var moment = 300; moment <= 1500; moment += 200)
        {
            using var upgrade = Process.Start(new ProcessStartInfo("dotnet", [typeof(Verbs).Assembly.Location, "migrate", $"--DataDirectory={site.Folder}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.Delay(moment);
            upgrade.Kill();
            await upgrade.WaitForExitAsync();
        }

        using var answer = await Task.Run(() => site.Anonymous().GetAsync(new Uri("/health/ready", UriKind.Relative))).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var db = await site.Contexts.CreateDbContextAsync();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(Deliveries, await db.Deliveries.CountAsync());
    }
}
