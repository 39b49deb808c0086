using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>
/// Deliveries arrive in a small file of their own beside the database: SQLite has one writer a file, and whoever stores calls, counts
/// or searches must never hold up the answer to the sender. From here they are brought into the database, see <see cref="SqliteInboxMover"/>.
/// </summary>
public static class SqliteInboxFile
{
    /// <summary>
    /// Ids are those of the database's rows, and the sequences go on behind them: an id once told to a sender is never given again, even
    /// when this file is lost.
    /// </summary>
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS "Arrivals" (
            "Id" INTEGER PRIMARY KEY AUTOINCREMENT, "ConnectionId" INTEGER NOT NULL, "UrlKind" TEXT NOT NULL, "Sha256" BLOB NOT NULL, "Bytes" INTEGER NOT NULL,
            "ReceivedAt" INTEGER NOT NULL, "Source" TEXT NOT NULL, "Headers" TEXT NOT NULL, "Encoding" INTEGER NOT NULL, "Content" BLOB, "File" TEXT);
        CREATE UNIQUE INDEX IF NOT EXISTS "IX_Arrivals" ON "Arrivals" ("ConnectionId", "UrlKind", "Sha256");
        CREATE TABLE IF NOT EXISTS "ArrivalCopies" ("Id" INTEGER PRIMARY KEY AUTOINCREMENT, "DeliveryId" INTEGER NOT NULL, "ReceivedAt" INTEGER NOT NULL, "Source" TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS "IX_ArrivalCopies" ON "ArrivalCopies" ("DeliveryId");
        CREATE TABLE IF NOT EXISTS "Proofs" ("Id" INTEGER PRIMARY KEY, "Value" INTEGER NOT NULL);
        INSERT OR IGNORE INTO "Proofs" ("Id", "Value") VALUES (1, 0);
        INSERT INTO "sqlite_sequence" ("name", "seq") SELECT 'Arrivals', 0 WHERE NOT EXISTS (SELECT 1 FROM "sqlite_sequence" WHERE "name" = 'Arrivals');
        INSERT INTO "sqlite_sequence" ("name", "seq") SELECT 'ArrivalCopies', 0 WHERE NOT EXISTS (SELECT 1 FROM "sqlite_sequence" WHERE "name" = 'ArrivalCopies');
        UPDATE "sqlite_sequence" SET "seq" = max("seq", @deliveries) WHERE "name" = 'Arrivals';
        UPDATE "sqlite_sequence" SET "seq" = max("seq", @copies) WHERE "name" = 'ArrivalCopies';
        """;

    /// <summary>Where it lies for this database.</summary>
    public static string PathOf(string connectionString)
    {
        var database = Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);
        return Path.Combine(Path.GetDirectoryName(database)!, Path.GetFileNameWithoutExtension(database) + ".inbox.db");
    }

    /// <summary>A connection to the file, durable as the database's own are.</summary>
    public static Task<SqliteConnection> ConnectAsync(string connectionString, CancellationToken cancel) => OpenAsync(
        new SqliteConnectionStringBuilder { DataSource = PathOf(connectionString), Pooling = false, DefaultTimeout = 5 }.ToString(), cancel);

    /// <summary>A connection to the database outside EF Core's pool.</summary>
    public static Task<SqliteConnection> ConnectDatabaseAsync(string connectionString, CancellationToken cancel) => OpenAsync(
        new SqliteConnectionStringBuilder(connectionString) { Pooling = false, DefaultTimeout = 5 }.ToString(), cancel);

    /// <summary>
    /// What a process does with the file before it trusts it: the tables are made, the sequences brought behind the database's, and the
    /// journal emptied (see <see cref="SqliteStart.MakeDurableAsync"/>).
    /// </summary>
    public static async Task PrepareAsync(SqliteConnection inbox, SqliteConnection database, CancellationToken cancel)
    {
        await using (var transaction = inbox.BeginTransaction(deferred: false))
        {
            await using var command = inbox.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = Schema;
            command.Parameters.AddWithValue("@deliveries", await LastAsync(database, "Deliveries", cancel));
            command.Parameters.AddWithValue("@copies", await LastAsync(database, "DeliveryCopies", cancel));
            await command.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        await using var checkpoint = inbox.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await checkpoint.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<long> LastAsync(SqliteConnection database, string table, CancellationToken cancel)
    {
        await using var command = database.CreateCommand();
        command.CommandText = """SELECT coalesce(max("seq"), 0) FROM "sqlite_sequence" WHERE "name" = @table""";
        command.Parameters.AddWithValue("@table", table);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<SqliteConnection> OpenAsync(string connectionString, CancellationToken cancel)
    {
        var fresh = new SqliteConnection(connectionString);
        try
        {
            await fresh.OpenAsync(cancel);
            SqlitePragmas.Apply(fresh);
            return fresh;
        }
        catch
        {
            await fresh.DisposeAsync();
            throw;
        }
    }
}
