using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>Settings that SQLite keeps per connection, applied each time one is opened.</summary>
public sealed class SqlitePragmas : DbConnectionInterceptor
{
    /// <summary>
    /// WAL: readers never wait for the writer. FULL: a commit has reached the disk when it returns; NORMAL would lose
    /// acknowledged deliveries on power loss. Five seconds of waiting for the pen stay well below the sender's patience.
    /// Growth of the journal is bounded by checkpoints every 1,000 pages and by a truncation limit.
    /// </summary>
    public const string Sql =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; " +
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    public static void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }
}
