using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>One prepared statement per call, run once per row: SQLite has no faster way.</summary>
public sealed class SqliteBulkInsert : IBulkInsert
{
    public async Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        if (rows.Count == 0)
        {
            return;
        }

        var table = BulkTable.Of<TRow>(db);
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        await using var command = connection.CreateCommand();
        command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText =
            $"""INSERT INTO "{table.Name}" ({string.Join(", ", table.Columns.Select(column => $"\"{column.Name}\""))}) VALUES ({string.Join(", ", table.Columns.Select((_, index) => $"@p{index}"))})""";
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
