using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Storage;

/// <summary>
/// Tells trouble of the store (full, locked, away, a failing disk) from trouble with what is stored: the first passes without
/// anybody's doing, and nothing that waited for it is to blame. A body's own file that cannot be read is that body's trouble: it must
/// not hold up the others.
/// </summary>
public static class StoreTrouble
{
    /// <summary>Primary result codes: busy, locked, no memory, read-only, I/O error, corrupt, full, cannot open, locking protocol, no database.</summary>
    private static readonly int[] Sqlite = [5, 6, 7, 8, 10, 11, 13, 14, 15, 26];

    /// <summary>Time-out, deadlock victim, broken or refused connections.</summary>
    private static readonly int[] SqlServer = [-2, -1, 2, 53, 64, 121, 233, 1205, 1222, 10053, 10054, 10060, 10061, 40197, 40501, 40613];

    /// <summary>Severities from here on are the server's: resources, hardware, a lost connection.</summary>
    private const byte ServersOwn = 17;

    public static bool Is(Exception? error) => error switch
    {
        null => false,
        TimeoutException => true,
        SqliteException sqlite when Sqlite.Contains(sqlite.SqliteErrorCode) => true,
        SqlException server when server.Class >= ServersOwn || SqlServer.Contains(server.Number) => true,
        _ => Is(error.InnerException),
    };
}
