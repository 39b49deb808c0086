using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Storage;

/// <summary>What survives a loss of power hangs on these.</summary>
[Trait("Requirement", "D1")]
public sealed class SqlitePragmaTests
{
    [Fact]
    public async Task EfConnection_WhenOpened_WritesAheadAndSyncsFully()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();

        AssertDurable((SqliteConnection)db.Database.GetDbConnection());
    }

    [Fact]
    public async Task InboxConnection_WhenOpened_WritesAheadAndSyncsFully()
    {
        using var road = new CallRoad();
        await road.StoreAsync("{}");
        var store = Assert.IsType<SqliteInboxStore>(road.Services.GetRequiredService<IInboxStore>());

        var open = typeof(SqliteInboxStore).GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
            .Select(field => field.GetValue(store)).OfType<SqliteConnection>().ToList();
        Assert.NotEmpty(open);
        Assert.All(open, AssertDurable);
    }

    private static void AssertDurable(SqliteConnection connection)
    {
        Assert.Equal("wal", Value(connection, "journal_mode"));
        Assert.Equal(2L, Value(connection, "synchronous"));
        Assert.Equal(1L, Value(connection, "foreign_keys"));
        Assert.Equal(5000L, Value(connection, "busy_timeout"));
    }

    private static object? Value(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        return command.ExecuteScalar();
    }
}
