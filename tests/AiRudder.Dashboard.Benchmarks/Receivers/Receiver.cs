using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AiRudder.Dashboard.Benchmarks.Receivers;

/// <summary>What the product is compared with: this program again, as a process of its own.</summary>
internal static class Receiver
{
    public const string Port = "BENCHMARK_PORT";

    /// <summary>Where the receiver that stores has its database; the one that does nothing has none.</summary>
    public const string Folder = "BENCHMARK_FOLDER";

    public static bool IsWanted => Environment.GetEnvironmentVariable(Port) is { Length: > 0 };

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable(Port)}");
        await using var app = builder.Build();
        using var store = Environment.GetEnvironmentVariable(Folder) is { Length: > 0 } folder ? new OneByOne(folder) : null;
        app.MapPost("/", async http =>
        {
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            if (store is not null)
            {
                await store.KeepAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
            }

            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("{}");
        });
        await app.RunAsync();
    }

    /// <summary>The product's own rows and settings, but a commit for each request.</summary>
    private sealed class OneByOne : IDisposable
    {
        private readonly SemaphoreSlim pen = new(1, 1);
        private readonly SqliteConnection open;

        public OneByOne(string folder)
        {
            open = new SqliteConnection($"Data Source={Path.Combine(folder, "inbox.db")};Pooling=False");
            open.Open();
            Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; PRAGMA journal_size_limit=67108864;");
            Run("CREATE TABLE Deliveries (Id INTEGER PRIMARY KEY AUTOINCREMENT, Sha256 BLOB NOT NULL UNIQUE, Bytes INTEGER NOT NULL, ReceivedAt INTEGER NOT NULL, Headers TEXT NOT NULL); CREATE INDEX ByArrival ON Deliveries (ReceivedAt);");
            Run("CREATE TABLE DeliveryBodies (DeliveryId INTEGER PRIMARY KEY, Content BLOB NOT NULL);");
        }

        public async Task KeepAsync(ReadOnlyMemory<byte> body)
        {
            var hash = SHA256.HashData(body.Span);
            var packed = new MemoryStream();
            using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(body.Span);
            }

            await pen.WaitAsync();
            try
            {
                using var transaction = open.BeginTransaction(deferred: false);
                using var delivery = open.CreateCommand();
                delivery.Transaction = transaction;
                delivery.CommandText = "INSERT INTO Deliveries (Sha256, Bytes, ReceivedAt, Headers) VALUES (@sha, @bytes, @at, @headers) RETURNING Id";
                delivery.Parameters.AddWithValue("@sha", hash);
                delivery.Parameters.AddWithValue("@bytes", body.Length);
                delivery.Parameters.AddWithValue("@at", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
                delivery.Parameters.AddWithValue("@headers", """{"Content-Type":["application/json"],"User-Agent":["AIRUDDER"]}""");
                var id = delivery.ExecuteScalar();
                using var content = open.CreateCommand();
                content.Transaction = transaction;
                content.CommandText = "INSERT INTO DeliveryBodies (DeliveryId, Content) VALUES (@id, @content)";
                content.Parameters.AddWithValue("@id", id);
                content.Parameters.AddWithValue("@content", packed.ToArray());
                content.ExecuteNonQuery();
                transaction.Commit();
            }
            finally
            {
                pen.Release();
            }
        }

        public void Dispose()
        {
            open.Dispose();
            pen.Dispose();
        }

        private void Run(string sql)
        {
            using var command = open.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
