using AiRudder.Dashboard.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>The inbox on SQLite: one connection of its own with prepared statements.</summary>
public sealed class SqliteInboxStore(IOptions<StorageOptions> storage) : IInboxStore, IDisposable
{
    private const string InsertDelivery =
        """
        INSERT INTO "Deliveries" ("ConnectionId", "UrlKind", "Sha256", "Bytes", "ReceivedAt", "Source", "Headers", "Copies", "Outcome", "Calls", "QuarantinedCalls", "FailedAttempts")
        VALUES (@connection, @kind, @sha256, @bytes, @at, @source, @headers, 1, 0, 0, 0, 0)
        ON CONFLICT ("ConnectionId", "UrlKind", "Sha256") DO UPDATE SET "Copies" = "Copies" + 1, "LastCopyAt" = excluded."ReceivedAt"
        RETURNING "Id", "Copies"
        """;

    private const string InsertBody =
        """INSERT INTO "DeliveryBodies" ("DeliveryId", "Encoding", "Content", "File") VALUES (@id, @encoding, @content, @file)""";

    private const string InsertCopy =
        """INSERT INTO "DeliveryCopies" ("DeliveryId", "ReceivedAt", "Source") VALUES (@id, @at, @source)""";

    private SqliteConnection? anchor;
    private SqliteConnection? connection;

    public async Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel)
    {
        try
        {
            return Commit(await OpenAsync(cancel), deliveries);
        }
        catch
        {
            connection?.Dispose();
            connection = null;
            throw;
        }
    }

    private static List<StoredDelivery> Commit(SqliteConnection open, IReadOnlyList<IncomingDelivery> deliveries)
    {
        using var transaction = open.BeginTransaction(deferred: false);
        using var delivery = Prepare(open, transaction, InsertDelivery, "@connection", "@kind", "@sha256", "@bytes", "@at", "@source", "@headers");
        using var body = Prepare(open, transaction, InsertBody, "@id", "@encoding", "@content", "@file");
        using var copy = Prepare(open, transaction, InsertCopy, "@id", "@at", "@source");
        var stored = new List<StoredDelivery>(deliveries.Count);
        foreach (var it in deliveries)
        {
            var at = it.ReceivedAt.ToUnixTimeMilliseconds();
            Bind(delivery, it.ConnectionId, it.UrlKind, it.Sha256, it.Bytes, at, it.Source, it.Headers);
            StoredDelivery result;
            using (var row = delivery.ExecuteReader())
            {
                row.Read();
                result = new StoredDelivery(row.GetInt64(0), row.GetInt32(1));
            }

            if (result.Copies == 1)
            {
                Bind(body, result.Id, (int)it.Encoding, (object?)it.Content ?? DBNull.Value, (object?)it.File ?? DBNull.Value);
                body.ExecuteNonQuery();
            }
            else
            {
                Bind(copy, result.Id, at, it.Source);
                copy.ExecuteNonQuery();
            }

            stored.Add(result);
        }

        transaction.Commit();
        return stored;
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancel)
    {
        // The pages of a failed sync may stand in the journal although they never reached the disk, and a later sync does not write
        // them again. They are no part of the database as long as somebody has it open: only who opens it first takes the journal at
        // its word. So somebody always has; and at start the journal is emptied before anything is received.
        anchor ??= await ConnectAsync(cancel);

        // After a failure the next attempt begins with a fresh look at the file.
        return connection ??= await ConnectAsync(cancel);
    }

    private async Task<SqliteConnection> ConnectAsync(CancellationToken cancel)
    {
        var settings = new SqliteConnectionStringBuilder(storage.Value.ConnectionString) { Pooling = false, DefaultTimeout = 5 };
        var fresh = new SqliteConnection(settings.ToString());
        try
        {
            await fresh.OpenAsync(cancel);
            SqlitePragmas.Apply(fresh);
            return fresh;
        }
        catch
        {
            await fresh.DisposeAsync();
            throw;
        }
    }

    private static SqliteCommand Prepare(SqliteConnection open, SqliteTransaction transaction, string sql, params ReadOnlySpan<string> names)
    {
        var command = open.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }

    public void Dispose()
    {
        connection?.Dispose();
        anchor?.Dispose();
    }
}
