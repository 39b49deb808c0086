using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>
/// A copy of the whole database as of one moment, while others write. It reads in one transaction and writes a file of its own, so that
/// the writer never waits for it; the online backup API would do the same page by page, and carry along what was deleted.
/// </summary>
internal static class SqliteSnapshot
{
    private const int Interrupted = 9;

    /// <param name="connectionString">Of the database.</param>
    /// <param name="target">A file that is empty or does not exist.</param>
    /// <param name="cancel">Stops it within moments.</param>
    public static async Task TakeAsync(string connectionString, string target, CancellationToken cancel)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString) { Pooling = false, Mode = SqliteOpenMode.ReadWrite };
        await using var source = new SqliteConnection(settings.ToString());
        await source.OpenAsync(cancel);
        await using var command = source.CreateCommand();
        command.CommandText = "VACUUM INTO @target";
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("@target", target);
        var handle = source.Handle!;
        await using var interrupt = cancel.Register(() => SQLitePCL.raw.sqlite3_interrupt(handle));
        try
        {
            await Task.Run(command.ExecuteNonQuery, cancel);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == Interrupted)
        {
            throw new OperationCanceledException("The snapshot was interrupted.", error, cancel);
        }
    }

    /// <summary>The upgrades that the schema in the snapshot has, in order.</summary>
    public static Task<IReadOnlyList<string>> MigrationsAsync(string snapshot, CancellationToken cancel) =>
        ReadAsync(snapshot, """SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY "MigrationId" """, cancel);

    /// <summary>The body files that the snapshot refers to. Not asked by way of the model, which may be newer than the snapshot.</summary>
    public static Task<IReadOnlyList<string>> BodyFilesAsync(string snapshot, CancellationToken cancel) =>
        ReadAsync(snapshot, """SELECT DISTINCT "File" FROM "DeliveryBodies" WHERE "File" IS NOT NULL ORDER BY "File" """, cancel);

    private static async Task<IReadOnlyList<string>> ReadAsync(string snapshot, string sql, CancellationToken cancel)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = snapshot, Pooling = false, Mode = SqliteOpenMode.ReadOnly };
        await using var open = new SqliteConnection(settings.ToString());
        await open.OpenAsync(cancel);
        await using var command = open.CreateCommand();
        command.CommandText = sql;
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
