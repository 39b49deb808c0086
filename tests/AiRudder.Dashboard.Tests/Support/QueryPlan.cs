using AiRudder.Dashboard.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>How SQLite goes about a query: which index it uses shows what the query costs over years.</summary>
internal static class QueryPlan
{
    /// <returns>The steps in SQLite's words, on one line.</returns>
    public static async Task<string> PlanAsync<T>(this IQueryable<T> query, DashboardDb db)
    {
        // The parameters' values do not matter: no statistics are kept.
        var lines = query.ToQueryString().Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        await db.Database.OpenConnectionAsync();
        await using var command = ((SqliteConnection)db.Database.GetDbConnection()).CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + string.Join('\n', lines.Where(line => !line.StartsWith(".param", StringComparison.Ordinal)));
        foreach (var name in lines.Where(line => line.StartsWith(".param set ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]))
        {
            command.Parameters.AddWithValue(name, 1);
        }

        var steps = new List<string>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            steps.Add(rows.GetString(3));
        }

        return string.Join("; ", steps);
    }
}
