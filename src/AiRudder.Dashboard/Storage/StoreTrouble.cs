using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Storage;

/// <summary>Tells trouble of the store, which passes and concerns everything, from trouble with what was to be stored.</summary>
public static class StoreTrouble
{
    /// <summary>SQLite: busy, locked, out of memory, read-only, I/O error, disk full, cannot open.</summary>
    private static readonly HashSet<int> Sqlite = [5, 6, 7, 8, 10, 13, 14];

    /// <summary>SQL Server: time-out, connection lost, deadlock victim, database away or starting, log or disk full, resources short.</summary>
    private static readonly HashSet<int> SqlServer = [-2, 20, 64, 121, 233, 258, 701, 926, 1105, 1204, 1205, 1222, 4060, 9002, 10053, 10054, 10060, 10061, 10928, 10929, 11001, 17142, 18401, 40197, 40501, 40613];

    public static bool Is(Exception? error) => error switch
    {
        null => false,
        DbException { IsTransient: true } or TimeoutException => true,
        SqliteException sqlite when Sqlite.Contains(sqlite.SqliteErrorCode) => true,
        SqlException server when server.Errors.Cast<SqlError>().Any(one => SqlServer.Contains(one.Number)) => true,
        _ => Is(error.InnerException),
    };
}
