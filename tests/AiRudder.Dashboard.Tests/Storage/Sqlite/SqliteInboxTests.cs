using System.Security.Cryptography;
using System.Text;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Tests.Storage.Sqlite;

/// <summary>The file in which deliveries arrive, and the way from there into the database.</summary>
public sealed class SqliteInboxTests : IDisposable
{
    private readonly CallRoad road = new();

    private IInboxStore Inbox => road.Services.GetRequiredService<IInboxStore>();

    private string ConnectionString => road.Services.GetRequiredService<IOptions<StorageOptions>>().Value.ConnectionString;

    [Fact]
    public async Task L3_WhileSomebodyHoldsThePen_DeliveriesAreStoredAllTheSame()
    {
        await CommitAsync("before");
        using (await road.Services.GetRequiredService<WriteGate>().EnterAsync(default))
        await using (var held = new SqliteConnection(ConnectionString + ";Pooling=False"))
        {
            await held.OpenAsync();
            await using var transaction = held.BeginTransaction(deferred: false);

            var stored = await CommitAsync("meanwhile", "before");

            Assert.Equal([1, 2], stored.Select(delivery => delivery.Copies));
        }

        await Inbox.BringInAsync(default);
        Assert.Equal([2, 1], await CopiesAsync());
    }

    [Fact]
    public async Task D5_BroughtInTwice_ChangesNothing()
    {
        await CommitAsync("a", "b", "a");
        var file = SqliteInboxFile.PathOf(ConnectionString);
        var before = await RowsAsync(file, "Arrivals");
        await Inbox.BringInAsync(default);
        Assert.Equal((2, 0), (before, await RowsAsync(file, "Arrivals")));

        // As after a loss of power: what was removed here is there again.
        await using (var database = new SqliteConnection(ConnectionString + ";Pooling=False"))
        {
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText =
                """
                ATTACH @file AS inbox;
                INSERT INTO inbox.Arrivals SELECT d.Id, ConnectionId, UrlKind, Sha256, Bytes, ReceivedAt, Source, Headers, Encoding, Content, File FROM main.Deliveries d JOIN main.DeliveryBodies ON DeliveryId = d.Id;
                INSERT INTO inbox.ArrivalCopies SELECT Id, DeliveryId, ReceivedAt, Source FROM main.DeliveryCopies;
                """;
            command.Parameters.AddWithValue("@file", file);
            Assert.True(await command.ExecuteNonQueryAsync() >= 3);
        }

        await Inbox.BringInAsync(default);

        Assert.Equal([2, 1], await CopiesAsync());
        Assert.Equal((0, 0), (await RowsAsync(file, "Arrivals"), await RowsAsync(file, "ArrivalCopies")));
    }

    [Fact]
    public async Task D1_InboxFileLost_IdsGoOnAndNothingIsTakenForSomethingElse()
    {
        var first = await CommitAsync("a", "b");
        await Inbox.BringInAsync(default);
        (Inbox as IDisposable)!.Dispose();
        SqliteConnection.ClearAllPools();
        foreach (var left in new[] { "", "-wal", "-shm" })
        {
            File.Delete(SqliteInboxFile.PathOf(ConnectionString) + left);
        }

        using var fresh = new SqliteInboxStore(road.Services.GetRequiredService<IOptions<StorageOptions>>(), road.Services.GetRequiredService<WriteGate>());
        var later = await fresh.CommitAsync([Delivery("c"), Delivery("a")], default);
        await fresh.BringInAsync(default);

        Assert.True(later[0].Id > first[1].Id);
        Assert.Equal((first[0].Id, 2), (later[1].Id, later[1].Copies));
        Assert.Equal([2, 1, 1], await CopiesAsync());
    }

    [Fact]
    public async Task D1_InboxOfAnotherTime_LosesNoBody()
    {
        await CommitAsync("old");
        await using (var database = new SqliteConnection(ConnectionString + ";Pooling=False"))
        {
            // The database went on without this file: its ids are taken by other bodies.
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText =
                """
                INSERT INTO Deliveries (Id, ConnectionId, UrlKind, Sha256, Bytes, ReceivedAt, Source, Headers, Copies, Outcome, Calls, QuarantinedCalls, FailedAttempts, Run)
                VALUES (1, 1, '', zeroblob(32), 1, 1, '', '{}', 1, 0, 0, 0, 0, 0)
                """;
            await command.ExecuteNonQueryAsync();
        }

        await Inbox.BringInAsync(default);

        await using var db = road.Db();
        var bodies = await db.Deliveries.OrderBy(row => row.Id).Select(row => row.Sha256).ToListAsync();
        Assert.Equal(2, bodies.Count);
        Assert.Equal(SHA256.HashData("old"u8), bodies[1]);
    }

    [Fact]
    public async Task D5_ManyProcesses_StoringAndBringingInAtOnce_KeepEachOnce()
    {
        var options = road.Services.GetRequiredService<IOptions<StorageOptions>>();
        await CommitAsync("first");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(process => Task.Run(async () =>
        {
            using var gate = new WriteGate(options);
            using var store = new SqliteInboxStore(options, gate);
            for (var number = 0; number < 40; number++)
            {
                await store.CommitAsync([Delivery($"{number}"), Delivery($"{process} {number}")], default);
                if (number % 3 == process)
                {
                    await store.BringInAsync(default);
                }
            }
        })));
        await Inbox.BringInAsync(default);

        await using var db = road.Db();
        Assert.Equal(1 + 40 + 120, await db.Deliveries.CountAsync());
        Assert.Equal(1 + (3 * 40) + 120, await db.Deliveries.SumAsync(row => row.Copies));
        Assert.Equal(80, await db.DeliveryCopies.CountAsync());
        Assert.Equal(1 + 40 + 120, await db.DeliveryBodies.CountAsync());
    }

    public void Dispose() => road.Dispose();

    private Task<IReadOnlyList<StoredDelivery>> CommitAsync(params string[] bodies) => Inbox.CommitAsync([.. bodies.Select(Delivery)], default);

    private async Task<List<int>> CopiesAsync()
    {
        await using var db = road.Db();
        return await db.Deliveries.OrderBy(row => row.Id).Select(row => row.Copies).ToListAsync();
    }

    private static async Task<int> RowsAsync(string file, string table)
    {
        await using var open = new SqliteConnection($"Data Source={file};Pooling=False");
        await open.OpenAsync();
        await using var command = open.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM \"{table}\"";
        return (int)(long)(await command.ExecuteScalarAsync())!;
    }

    private IncomingDelivery Delivery(string body) => new()
    {
        ConnectionId = road.Connection.Id, UrlKind = "", Sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(body)), Bytes = body.Length, ReceivedAt = road.Clock.Now, Source = "127.0.0.1", Headers = "{}",
        Encoding = BodyEncoding.AsReceived, Content = Encoding.UTF8.GetBytes(body),
    };
}
