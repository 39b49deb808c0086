using AiRudder.Dashboard.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>The inbox on SQLite: a file of its own, one connection with statements that stay prepared.</summary>
public sealed class SqliteInboxStore(IOptions<StorageOptions> storage, WriteGate gate) : IInboxStore, IDisposable
{
    private const string FindArrival = """SELECT "Id" FROM "Arrivals" WHERE "ConnectionId" = @connection AND "UrlKind" = @kind AND "Sha256" = @sha256""";

    private const string FindDelivery = """SELECT "Id", "Copies" FROM "Deliveries" WHERE "ConnectionId" = @connection AND "UrlKind" = @kind AND "Sha256" = @sha256""";

    private const string InsertArrival =
        """
        INSERT INTO "Arrivals" ("ConnectionId", "UrlKind", "Sha256", "Bytes", "ReceivedAt", "Source", "Headers", "Encoding", "Content", "File")
        VALUES (@connection, @kind, @sha256, @bytes, @at, @source, @headers, @encoding, @content, @file) RETURNING "Id"
        """;

    private const string InsertCopy =
        """
        INSERT INTO "ArrivalCopies" ("DeliveryId", "ReceivedAt", "Source") VALUES (@id, @at, @source)
        RETURNING (SELECT count(*) FROM "ArrivalCopies" WHERE "DeliveryId" = @id)
        """;

    private readonly SqliteInboxMover mover = new(storage, gate);
    private readonly SemaphoreSlim turn = new(1, 1);
    private SqliteConnection? anchor;
    private Statements? open;

    public async Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            open ??= await OpenAsync(cancel);
            return open.Commit(deliveries);
        }
        catch
        {
            // The next attempt begins with a fresh look at the file.
            open?.Dispose();
            open = null;
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task ProveAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            open ??= await OpenAsync(cancel);
            open.Prove();
        }
        catch
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

    public Task BringInAsync(CancellationToken cancel) => mover.BringInAsync(cancel);

    private async Task<Statements> OpenAsync(CancellationToken cancel)
    {
        await using var database = await SqliteInboxFile.ConnectDatabaseAsync(storage.Value.ConnectionString, cancel);
        if (anchor is null)
        {
            // The pages of a failed sync may stand in the journal although they never reached the disk, and a later sync does not write
            // them again. They are no part of the file as long as somebody has it open: only who opens it first takes the journal at its
            // word. So somebody always has; and before anything is received the journal is emptied.
            var first = await SqliteInboxFile.ConnectAsync(storage.Value.ConnectionString, cancel);
            try
            {
                await SqliteInboxFile.PrepareAsync(first, database, cancel);
                anchor = first;
            }
            finally
            {
                if (anchor is null)
                {
                    await first.DisposeAsync();
                }
            }
        }

        var inbox = await SqliteInboxFile.ConnectAsync(storage.Value.ConnectionString, cancel);
        try
        {
            return new Statements(inbox, await SqliteInboxFile.ConnectDatabaseAsync(storage.Value.ConnectionString, cancel));
        }
        catch
        {
            await inbox.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        open?.Dispose();
        anchor?.Dispose();
        mover.Dispose();
        turn.Dispose();
    }

    /// <summary>Both connections with all statements prepared once.</summary>
    private sealed class Statements : IDisposable
    {
        private readonly SqliteConnection inbox;
        private readonly SqliteConnection database;
        private readonly SqliteCommand begin;
        private readonly SqliteCommand commit;
        private readonly SqliteCommand findArrival;
        private readonly SqliteCommand findDelivery;
        private readonly SqliteCommand insertArrival;
        private readonly SqliteCommand insertCopy;
        private readonly SqliteCommand prove;

        public Statements(SqliteConnection inbox, SqliteConnection database)
        {
            this.inbox = inbox;
            this.database = database;
            begin = SqliteStatement.Prepare(inbox, "BEGIN IMMEDIATE");
            commit = SqliteStatement.Prepare(inbox, "COMMIT");
            findArrival = SqliteStatement.Prepare(inbox, FindArrival, "@connection", "@kind", "@sha256");
            findDelivery = SqliteStatement.Prepare(database, FindDelivery, "@connection", "@kind", "@sha256");
            insertArrival = SqliteStatement.Prepare(inbox, InsertArrival, "@connection", "@kind", "@sha256", "@bytes", "@at", "@source", "@headers", "@encoding", "@content", "@file");
            insertCopy = SqliteStatement.Prepare(inbox, InsertCopy, "@id", "@at", "@source");
            prove = SqliteStatement.Prepare(inbox, """UPDATE "Proofs" SET "Value" = "Value" + 1 WHERE "Id" = 1""");
        }

        public void Prove() => prove.ExecuteNonQuery();

        public List<StoredDelivery> Commit(IReadOnlyList<IncomingDelivery> deliveries)
        {
            begin.ExecuteNonQuery();
            var stored = new List<StoredDelivery>(deliveries.Count);
            foreach (var it in deliveries)
            {
                var at = it.ReceivedAt.ToUnixTimeMilliseconds();
                if (Find(it) is { } known)
                {
                    insertCopy.Bind(known.Id, at, it.Source);
                    stored.Add(new StoredDelivery(known.Id, known.Copies + (int)(long)insertCopy.ExecuteScalar()!));
                }
                else
                {
                    insertArrival.Bind(it.ConnectionId, it.UrlKind, it.Sha256, it.Bytes, at, it.Source, it.Headers, (int)it.Encoding, it.Content, it.File);
                    stored.Add(new StoredDelivery((long)insertArrival.ExecuteScalar()!, 1));
                }
            }

            commit.ExecuteNonQuery();
            return stored;
        }

        /// <summary>
        /// The first copy of the same bytes. It leaves this file only after it is in the database, and not while this transaction is open: so
        /// that whoever looks here first and there then finds it.
        /// </summary>
        private StoredDelivery? Find(IncomingDelivery it)
        {
            findArrival.Bind(it.ConnectionId, it.UrlKind, it.Sha256);
            if (findArrival.ExecuteScalar() is long waiting)
            {
                return new StoredDelivery(waiting, 1);
            }

            findDelivery.Bind(it.ConnectionId, it.UrlKind, it.Sha256);
            using var row = findDelivery.ExecuteReader();
            return row.Read() ? new StoredDelivery(row.GetInt64(0), row.GetInt32(1)) : null;
        }

        public void Dispose()
        {
            foreach (var command in new[] { begin, commit, findArrival, findDelivery, insertArrival, insertCopy, prove })
            {
                command.Dispose();
            }

            inbox.Dispose();
            database.Dispose();
        }
    }
}
