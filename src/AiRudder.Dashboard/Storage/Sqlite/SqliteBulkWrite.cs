using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>One prepared statement per call, run once per row: SQLite has no faster way.</summary>
public sealed class SqliteBulkWrite : IBulkWrite
{
    public async Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        var table = BulkTable.Of<TRow>(db);
        await RunAsync(db, Insert(table), table, rows, cancel);
    }

    public async Task AddUpAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        var table = BulkTable.Of<TRow>(db);
        var keys = string.Join(", ", table.Keys.Select(column => $"\"{column.Name}\""));
        var sums = string.Join(", ", table.Sums.Select(column => $"\"{column.Name}\" = \"{column.Name}\" + excluded.\"{column.Name}\""));
        await RunAsync(db, $"{Insert(table)} ON CONFLICT ({keys}) DO UPDATE SET {sums}", table, rows, cancel);
    }

    public async Task UpdateAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        var table = BulkTable.Of<TRow>(db);
        var columns = table.Columns.Select((column, index) => (column.IsKey, Text: $"\"{column.Name}\" = @p{index}")).ToList();
        var values = string.Join(", ", columns.Where(column => !column.IsKey).Select(column => column.Text));
        var key = string.Join(" AND ", columns.Where(column => column.IsKey).Select(column => column.Text));
        await RunAsync(db, $"""UPDATE "{table.Name}" SET {values} WHERE {key}""", table, rows, cancel);
    }

    private static string Insert(BulkTable table)
    {
        var names = string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\""));
        var values = string.Join(", ", table.Columns.Select((_, index) => $"@p{index}"));
        return $"""INSERT INTO "{table.Name}" ({names}) VALUES ({values})""";
    }

    private static async Task RunAsync<TRow>(DashboardDb db, string sql, BulkTable table, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        if (rows.Count == 0)
        {
            return;
        }

        var connection = (SqliteConnection)db.Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        for (var i = 0; i < table.Columns.Count; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"@p{i}" });
        }

        foreach (var row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < table.Columns.Count; i++)
            {
                command.Parameters[i].Value = table.Columns[i].Read(row);
            }

            command.ExecuteNonQuery();
        }
    }
}
