using System.Net;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Tests.Faults;

[Trait("Requirement", "D11")]
public sealed class AbandonedUpgradeTests
{
    [Fact]
    public async Task Start_AfterAnUpgradeWasKilled_DoesNotWaitForIt()
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
}
