using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>
/// Brings arrivals from the inbox's file into the database, in the order of their ids. They are removed there only after they are
/// durable here; doing it twice, after a crash or by two processes, changes nothing.
/// </summary>
internal sealed class SqliteInboxMover(IOptions<StorageOptions> storage, WriteGate gate) : IDisposable
{
    /// <summary>Rows and bytes per transaction.</summary>
    private const int Most = 256;

    private const int MostBytes = 4 * 1024 * 1024;

    private const string Waiting = """SELECT EXISTS (SELECT 1 FROM "Arrivals") OR EXISTS (SELECT 1 FROM "ArrivalCopies")""";

    private const string ReadArrivals =
        """
        SELECT "Id", "ConnectionId", "UrlKind", "Sha256", "Bytes", "ReceivedAt", "Source", "Headers", "Encoding", "Content", "File" FROM "Arrivals" ORDER BY "Id" LIMIT @most
        """;

    /// <summary>Copies of what is itself brought in.</summary>
    private const string ReadCopies =
        """
        SELECT "Id", "DeliveryId", "ReceivedAt", "Source" FROM "ArrivalCopies"
        WHERE NOT EXISTS (SELECT 1 FROM "Arrivals" WHERE "Arrivals"."Id" = "ArrivalCopies"."DeliveryId") ORDER BY "Id" LIMIT @most
        """;

    private const string InsertDelivery =
        """
        INSERT OR IGNORE INTO "Deliveries" ("Id", "ConnectionId", "UrlKind", "Sha256", "Bytes", "ReceivedAt", "Source", "Headers", "Copies", "Outcome", "Calls", "QuarantinedCalls", "FailedAttempts", "Run")
        VALUES (@id, @connection, @kind, @sha256, @bytes, @at, @source, @headers, 1, 0, 0, 0, 0, 0) RETURNING "Id"
        """;

    private const string FindDelivery = """SELECT "Id" FROM "Deliveries" WHERE "ConnectionId" = @connection AND "UrlKind" = @kind AND "Sha256" = @sha256""";

    private const string InsertBody = """INSERT INTO "DeliveryBodies" ("DeliveryId", "Encoding", "Content", "File") VALUES (@id, @encoding, @content, @file)""";

    private const string InsertCopy =
        """INSERT OR IGNORE INTO "DeliveryCopies" ("Id", "DeliveryId", "ReceivedAt", "Source") SELECT @id, @delivery, @at, @source WHERE EXISTS (SELECT 1 FROM "Deliveries" WHERE "Id" = @delivery)""";

    private const string CountCopy = """UPDATE "Deliveries" SET "Copies" = "Copies" + 1, "LastCopyAt" = max(coalesce("LastCopyAt", 0), @at) WHERE "Id" = @id""";

    private readonly SemaphoreSlim turn = new(1, 1);
    private Statements? open;

    public async Task BringInAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            open ??= await OpenAsync(cancel);
            while (open.IsWaiting())
            {
                using var pen = await gate.EnterAsync(cancel);
                open.Move();
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            open?.Dispose();
            open = null;
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Statements> OpenAsync(CancellationToken cancel)
    {
        var database = await SqliteInboxFile.ConnectDatabaseAsync(storage.Value.ConnectionString, cancel);
        SqliteConnection? inbox = null;
        try
        {
            inbox = await SqliteInboxFile.ConnectAsync(storage.Value.ConnectionString, cancel);
            await SqliteInboxFile.PrepareAsync(inbox, database, cancel);

            // Only this connection: what it removes may come back after a loss of power, and is then found to be in the database.
            using var relaxed = SqliteStatement.Prepare(inbox, "PRAGMA synchronous=NORMAL");
            relaxed.ExecuteNonQuery();
            return new Statements(inbox, database);
        }
        catch
        {
            await database.DisposeAsync();
            if (inbox is not null)
            {
                await inbox.DisposeAsync();
            }

            throw;
        }
    }

    public void Dispose()
    {
        open?.Dispose();
        turn.Dispose();
    }

    private sealed class Statements : IDisposable
    {
        private readonly SqliteConnection inbox;
        private readonly SqliteConnection database;
        private readonly SqliteCommand isWaiting;
        private readonly SqliteCommand readArrivals;
        private readonly SqliteCommand readCopies;
        private readonly SqliteCommand removeArrivals;
        private readonly SqliteCommand removeCopy;
        private readonly SqliteCommand begin;
        private readonly SqliteCommand commit;
        private readonly SqliteCommand rollback;
        private readonly SqliteCommand insertDelivery;
        private readonly SqliteCommand findDelivery;
        private readonly SqliteCommand insertBody;
        private readonly SqliteCommand insertCopy;
        private readonly SqliteCommand countCopy;

        public Statements(SqliteConnection inbox, SqliteConnection database)
        {
            this.inbox = inbox;
            this.database = database;
            isWaiting = SqliteStatement.Prepare(inbox, Waiting);
            readArrivals = SqliteStatement.Prepare(inbox, ReadArrivals, "@most");
            readCopies = SqliteStatement.Prepare(inbox, ReadCopies, "@most");
            removeArrivals = SqliteStatement.Prepare(inbox, """DELETE FROM "Arrivals" WHERE "Id" <= @id""", "@id");
            removeCopy = SqliteStatement.Prepare(inbox, """DELETE FROM "ArrivalCopies" WHERE "Id" = @id""", "@id");
            begin = SqliteStatement.Prepare(database, "BEGIN IMMEDIATE");
            commit = SqliteStatement.Prepare(database, "COMMIT");
            rollback = SqliteStatement.Prepare(database, "ROLLBACK");
            insertDelivery = SqliteStatement.Prepare(database, InsertDelivery, "@id", "@connection", "@kind", "@sha256", "@bytes", "@at", "@source", "@headers");
            findDelivery = SqliteStatement.Prepare(database, FindDelivery, "@connection", "@kind", "@sha256");
            insertBody = SqliteStatement.Prepare(database, InsertBody, "@id", "@encoding", "@content", "@file");
            insertCopy = SqliteStatement.Prepare(database, InsertCopy, "@id", "@delivery", "@at", "@source");
            countCopy = SqliteStatement.Prepare(database, CountCopy, "@id", "@at");
        }

        public bool IsWaiting() => (long)isWaiting.ExecuteScalar()! != 0;

        public void Move()
        {
            if (ReadRows(readArrivals) is { Count: > 0 } arrivals)
            {
                InTransaction(() => arrivals.ForEach(MoveArrival));
                removeArrivals.Bind(arrivals[^1][0]);
                removeArrivals.ExecuteNonQuery();
            }

            if (ReadRows(readCopies) is { Count: > 0 } copies)
            {
                InTransaction(() => copies.ForEach(MoveCopy));
                foreach (var copy in copies)
                {
                    removeCopy.Bind(copy[0]);
                    removeCopy.ExecuteNonQuery();
                }
            }
        }

        private void MoveArrival(object?[] row)
        {
            insertDelivery.Bind(row.AsSpan(0, 8));
            if (insertDelivery.ExecuteScalar() is not long id)
            {
                findDelivery.Bind(row.AsSpan(1, 3));
                if (findDelivery.ExecuteScalar() is long)
                {
                    // Brought in before the arrival could be removed.
                    return;
                }

                // The id belongs to another body: the file is older than the database, or newer. Nothing is lost for it.
                insertDelivery.Bind([null, .. row.AsSpan(1, 7)]);
                id = (long)insertDelivery.ExecuteScalar()!;
            }

            insertBody.Bind([id, .. row.AsSpan(8, 3)]);
            insertBody.ExecuteNonQuery();
        }

        private void MoveCopy(object?[] row)
        {
            insertCopy.Bind(row);
            if (insertCopy.ExecuteNonQuery() > 0)
            {
                countCopy.Bind(row[1], row[2]);
                countCopy.ExecuteNonQuery();
            }
        }

        private void InTransaction(Action work)
        {
            begin.ExecuteNonQuery();
            try
            {
                work();
                commit.ExecuteNonQuery();
            }
            catch
            {
                Rollback();
                throw;
            }
        }

        private void Rollback()
        {
            try
            {
                rollback.ExecuteNonQuery();
            }
            catch (SqliteException)
            {
                // SQLite has rolled back by itself; the connection is given up in any case.
            }
        }

        private static List<object?[]> ReadRows(SqliteCommand command)
        {
            command.Bind(Most);
            var rows = new List<object?[]>();
            var bytes = 0;
            using var reader = command.ExecuteReader();
            while (bytes < MostBytes && reader.Read())
            {
                var row = new object?[reader.FieldCount];
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
                }

                rows.Add(row);
                bytes += row.OfType<byte[]>().Sum(content => content.Length);
            }

            return rows;
        }

        public void Dispose()
        {
            foreach (var command in new[] { isWaiting, readArrivals, readCopies, removeArrivals, removeCopy, begin, commit, rollback, insertDelivery, findDelivery, insertBody, insertCopy, countCopy })
            {
                command.Dispose();
            }

            inbox.Dispose();
            database.Dispose();
        }
    }
}
