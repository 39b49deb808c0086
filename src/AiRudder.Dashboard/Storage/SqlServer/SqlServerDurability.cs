using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Storage.SqlServer;

/// <summary>An answer of 200 promises that a delivery survives a loss of power; a database that delays its log cannot keep that promise.</summary>
public static class SqlServerDurability
{
    internal const string Ask = "SELECT CAST([delayed_durability] AS int) AS [Value] FROM [sys].[databases] WHERE [database_id] = DB_ID()";

    private const int Forced = 2;

    /// <exception cref="InvalidOperationException">The database forces delayed durability.</exception>
    public static async Task DemandAsync(SqlServerDashboardDb db)
    {
        if (await db.Database.SqlQueryRaw<int>(Ask).SingleAsync() == Forced)
        {
            throw new InvalidOperationException(
                "The database delays the durability of its commits, so deliveries that were answered 200 could be lost. Run ALTER DATABASE CURRENT SET DELAYED_DURABILITY = DISABLED, then start again.");
        }
    }
}
