using System.Data;
using System.Text.Json;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiRudder.Dashboard.Storage.SqlServer;

/// <summary>SQL Server's own bulk copy for what is new, EF Core's batches for what changes; inside the transaction that is open, with constraints checked.</summary>
public sealed class SqlServerBulkWrite : IBulkWrite
{
    public async Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        if (rows.Count == 0)
        {
            return;
        }

        var table = BulkTable.Of<TRow>(db);
        using var data = new DataTable();
        foreach (var column in table.Columns)
        {
            data.Columns.Add(column.Name, column.Type);
        }

        foreach (var row in rows)
        {
            data.Rows.Add([.. table.Columns.Select(column => column.Read(row))]);
        }

        using var copy = new SqlBulkCopy(
            (SqlConnection)db.Database.GetDbConnection(),
            SqlBulkCopyOptions.CheckConstraints,
            (SqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction())
        {
            DestinationTableName = $"[{table.Name}]",
        };
        foreach (var column in table.Columns)
        {
            copy.ColumnMappings.Add(column.Name, column.Name);
        }

        await copy.WriteToServerAsync(data, cancel);
    }

    public async Task UpdateAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        db.UpdateRange(rows);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
    }

    public async Task AddUpAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class
    {
        if (rows.Count == 0)
        {
            return;
        }

        var table = BulkTable.Of<TRow>(db);
        await using var command = new SqlCommand(AddUp(table), (SqlConnection)db.Database.GetDbConnection(), (SqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction());
        command.Parameters.Add("@rows", SqlDbType.NVarChar, -1).Value = JsonSerializer.Serialize(rows.Select(row => table.Columns.Select(column => column.Read(row))));
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>One statement for all rows: they travel as one parameter, an array of arrays.</summary>
    public static string AddUp(BulkTable table) =>
        $"""
        MERGE [{table.Name}] WITH (HOLDLOCK) AS [old]
        USING (SELECT * FROM OPENJSON(@rows) WITH ({string.Join(", ", table.Columns.Select((column, index) => $"[{column.Name}] {column.StoreType} '$[{index}]'"))})) AS [new]
        ON {string.Join(" AND ", table.Keys.Select(column => $"[old].[{column.Name}] = [new].[{column.Name}]"))}
        WHEN MATCHED THEN UPDATE SET {string.Join(", ", table.Sums.Select(column => $"[{column.Name}] = [old].[{column.Name}] + [new].[{column.Name}]"))}
        WHEN NOT MATCHED THEN INSERT ({string.Join(", ", table.Columns.Select(column => $"[{column.Name}]"))}) VALUES ({string.Join(", ", table.Columns.Select(column => $"[new].[{column.Name}]"))});
        """;
}
