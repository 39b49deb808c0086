using AiRudder.Dashboard.Webhooks;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage.SqlServer;

/// <summary>The inbox on SQL Server. Two nodes may store the same body at once: the unique index decides and the loser counts a copy.</summary>
public sealed class SqlServerInboxStore(IOptions<StorageOptions> storage) : IInboxStore
{
    internal const string CountCopy =
        """
        UPDATE [Deliveries] SET [Copies] = [Copies] + 1, [LastCopyAt] = @at OUTPUT inserted.[Id], inserted.[Copies]
        WHERE [ConnectionId] = @connection AND [UrlKind] = @kind AND [Sha256] = @sha256
        """;

    internal const string InsertDelivery =
        """
        INSERT INTO [Deliveries] ([ConnectionId], [UrlKind], [Sha256], [Bytes], [ReceivedAt], [Source], [Headers], [Copies], [Outcome], [Calls], [QuarantinedCalls], [FailedAttempts])
        OUTPUT inserted.[Id], inserted.[Copies]
        VALUES (@connection, @kind, @sha256, @bytes, @at, @source, @headers, 1, 0, 0, 0, 0)
        """;

    internal const string InsertBody =
        "INSERT INTO [DeliveryBodies] ([DeliveryId], [Encoding], [Content], [File]) VALUES (@id, @encoding, @content, @file)";

    internal const string InsertCopy =
        "INSERT INTO [DeliveryCopies] ([DeliveryId], [ReceivedAt], [Source]) VALUES (@id, @at, @source)";

    internal const string Prove = "UPDATE [Counters] SET [Value] = [Value] + 1 WHERE [Name] = 'health-checks'";

    private const int UniqueIndexViolated = 2601;
    private const int UniqueConstraintViolated = 2627;

    public async Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel)
    {
        await using var connection = new SqlConnection(storage.Value.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var transaction = (SqlTransaction)await connection.BeginTransactionAsync(cancel);
        var stored = new List<StoredDelivery>(deliveries.Count);
        foreach (var delivery in deliveries)
        {
            stored.Add(await StoreAsync(connection, transaction, delivery, cancel));
        }

        await transaction.CommitAsync(cancel);
        return stored;
    }

    public async Task ProveAsync(CancellationToken cancel)
    {
        await using var connection = new SqlConnection(storage.Value.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new SqlCommand(Prove, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public Task BringInAsync(CancellationToken cancel) => Task.CompletedTask;

    private static async Task<StoredDelivery> StoreAsync(SqlConnection connection, SqlTransaction transaction, IncomingDelivery delivery, CancellationToken cancel)
    {
        if (await KeyedAsync(CountCopy) is { } copy)
        {
            await AddCopyAsync(copy);
            return copy;
        }

        StoredDelivery fresh;
        try
        {
            fresh = (await KeyedAsync(InsertDelivery))!.Value;
        }
        catch (SqlException error) when (error.Number is UniqueIndexViolated or UniqueConstraintViolated)
        {
            var other = (await KeyedAsync(CountCopy))!.Value;
            await AddCopyAsync(other);
            return other;
        }

        await using var body = new SqlCommand(InsertBody, connection, transaction);
        body.Parameters.AddWithValue("@id", fresh.Id);
        body.Parameters.AddWithValue("@encoding", (byte)delivery.Encoding);
        body.Parameters.Add("@content", System.Data.SqlDbType.VarBinary, -1).Value = (object?)delivery.Content ?? DBNull.Value;
        body.Parameters.AddWithValue("@file", (object?)delivery.File ?? DBNull.Value);
        await body.ExecuteNonQueryAsync(cancel);
        return fresh;

        async Task<StoredDelivery?> KeyedAsync(string sql)
        {
            await using var command = new SqlCommand(sql, connection, transaction);
            command.Parameters.AddWithValue("@connection", delivery.ConnectionId);
            command.Parameters.AddWithValue("@kind", delivery.UrlKind);
            command.Parameters.AddWithValue("@sha256", delivery.Sha256);
            command.Parameters.AddWithValue("@at", delivery.ReceivedAt);
            if (sql == InsertDelivery)
            {
                command.Parameters.AddWithValue("@bytes", delivery.Bytes);
                command.Parameters.AddWithValue("@source", delivery.Source);
                command.Parameters.AddWithValue("@headers", delivery.Headers);
            }

            await using var row = await command.ExecuteReaderAsync(cancel);
            return await row.ReadAsync(cancel) ? new StoredDelivery(row.GetInt64(0), row.GetInt32(1)) : null;
        }

        async Task AddCopyAsync(StoredDelivery known)
        {
            await using var command = new SqlCommand(InsertCopy, connection, transaction);
            command.Parameters.AddWithValue("@id", known.Id);
            command.Parameters.AddWithValue("@at", delivery.ReceivedAt);
            command.Parameters.AddWithValue("@source", delivery.Source);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}
