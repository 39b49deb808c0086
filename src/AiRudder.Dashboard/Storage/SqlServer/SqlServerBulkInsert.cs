using System.Data;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiRudder.Dashboard.Storage.SqlServer;

/// <summary>SQL Server's own bulk copy, inside the transaction that is open, with constraints checked.</summary>
public sealed class SqlServerBulkInsert : IBulkInsert
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
}
