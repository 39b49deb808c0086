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

    private readonly List<IncomingDelivery> doubtful = [];
    private SqliteConnection? connection;

    public async Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel)
    {
        try
        {
            return Commit(await OpenAsync(cancel), deliveries);
        }
        catch
        {
            // The pages of a failed sync may be in the journal although they never reached the disk; a later sync would not write
            // them again. Whatever of these rows turns up after all is removed first, so that the sender's retry writes them anew.
            doubtful.AddRange(deliveries);
            connection?.Dispose();
            connection = null;
            throw;
        }
    }

    private List<StoredDelivery> Commit(SqliteConnection open, IReadOnlyList<IncomingDelivery> deliveries)
    {
        using var transaction = open.BeginTransaction(deferred: false);
        RemoveDoubtful(open, transaction);

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
        doubtful.Clear();
        return stored;
    }

    private void RemoveDoubtful(SqliteConnection open, SqliteTransaction transaction)
    {
        foreach (var it in doubtful)
        {
            using var remove = Prepare(
                open,
                transaction,
                """
                DELETE FROM "Deliveries" WHERE "ConnectionId" = @connection AND "UrlKind" = @kind AND "Sha256" = @sha256 AND "ReceivedAt" = @at AND "Outcome" = 0
                """,
                "@connection", "@kind", "@sha256", "@at");
            Bind(remove, it.ConnectionId, it.UrlKind, it.Sha256, it.ReceivedAt.ToUnixTimeMilliseconds());
            remove.ExecuteNonQuery();
        }
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken cancel)
    {
        if (connection is null)
        {
            // Not pooled: after a failure the next attempt must begin with a fresh look at the file.
            var settings = new SqliteConnectionStringBuilder(storage.Value.ConnectionString) { Pooling = false, DefaultTimeout = 5 };
            connection = new SqliteConnection(settings.ToString());
            await connection.OpenAsync(cancel);
            SqlitePragmas.Apply(connection);
        }

        return connection;
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

    public void Dispose() => connection?.Dispose();
}
