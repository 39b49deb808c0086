using System.Globalization;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>
/// The way of a call from the bytes to the rows without a server around it: bodies are stored when told, and processed when told,
/// in the order told.
/// </summary>
public sealed class CallRoad : IDisposable
{
    private readonly TestStore store;

    public CallRoad(StorageProvider provider = StorageProvider.Sqlite, string timeZone = "Asia/Jakarta", Action<IServiceCollection>? services = null)
    {
        store = new TestStore(
            provider,
            (collection, configuration) =>
            {
                collection.AddSingleton<TimeProvider>(Clock);
                collection.AddAirudderConnections();
                collection.AddWebhooks(configuration, NodeRole.All);
                collection.AddSingleton<Recomputation>();
                services?.Invoke(collection);
            },
            timeZone);
    }

    public TestClock Clock { get; } = new();

    public Connection Connection => store.Connection;

    public IServiceProvider Services => store.Services;

    public IDbContextFactory<DashboardDb> Contexts => store.Contexts;

    public DashboardDb Db() => store.Contexts.CreateDbContext();

    public Task<StoredDelivery> StoreAsync(string body, string urlKind = "") => StoreAsync(Encoding.UTF8.GetBytes(body), urlKind);

    /// <summary>As the door does, a second after the last one.</summary>
    public async Task<StoredDelivery> StoreAsync(byte[] body, string urlKind = "", string? contentType = null, string? contentEncoding = null)
    {
        Clock.Now += TimeSpan.FromSeconds(1);
        var headers = new Dictionary<string, string[]>();
        if (contentType is not null)
            headers["Content-Type"] = [contentType];

        if (contentEncoding is not null)
            headers["Content-Encoding"] = [contentEncoding];

        using var stream = new MemoryStream(body);
        var received = await Services.GetRequiredService<BodyReceiver>().ReceiveAsync(stream, long.MaxValue, CancellationToken.None);
        var stored = await Services.GetRequiredService<IInboxStore>().CommitAsync(
            [
                new IncomingDelivery
                {
                    ConnectionId = Connection.Id, UrlKind = urlKind, Sha256 = received.Sha256, Bytes = received.Length, ReceivedAt = Clock.Now, Source = "127.0.0.1",
                    Headers = JsonSerializer.Serialize(headers), Encoding = received.Encoding, Content = received.Content, File = received.File,
                },
            ],
            CancellationToken.None);
        await Services.GetRequiredService<IInboxStore>().BringInAsync(CancellationToken.None);
        return stored[0];
    }

    /// <summary>Processes pending deliveries: these in this order, each in a transaction of its own, or all together when none are named.</summary>
    public async Task ProcessAsync(params long[] ids)
    {
        await using var db = Db();
        var pending = await db.Deliveries.AsNoTracking().Where(row => row.Outcome == DeliveryOutcome.Pending).OrderBy(row => row.Id).ToListAsync();
        var bodies = await db.DeliveryBodies.AsNoTracking().Where(body => db.Deliveries.Any(row => row.Id == body.DeliveryId && row.Outcome == DeliveryOutcome.Pending)).ToDictionaryAsync(body => body.DeliveryId);
        var groups = ids.Length == 0 ? [pending] : ids.Select(id => pending.Where(row => row.Id == id).ToList());
        var processor = Services.GetRequiredService<DeliveryProcessor>();
        foreach (var group in groups)
        {
            var read = new List<(Delivery, ReadDelivery?, UnreadableBodyException?)>();
            foreach (var delivery in group)
            {
                var (body, error) = await processor.ReadAsync(delivery, bodies.GetValueOrDefault(delivery.Id), CancellationToken.None);
                read.Add((delivery, body, error));
            }

            await processor.StoreAsync(read, new Dictionary<int, Connection> { [Connection.Id] = Connection }, CancellationToken.None);
        }
    }

    /// <summary>Stores and processes one body.</summary>
    /// <returns>The delivery as it then stands.</returns>
    public async Task<Delivery> ReceiveAsync(string body, string urlKind = "") => await ReceiveAsync(Encoding.UTF8.GetBytes(body), urlKind);

    public async Task<Delivery> ReceiveAsync(byte[] body, string urlKind = "", string? contentType = null, string? contentEncoding = null)
    {
        var stored = await StoreAsync(body, urlKind, contentType, contentEncoding);
        await ProcessAsync(stored.Id);
        return await DeliveryAsync(stored.Id);
    }

    public async Task<Delivery> DeliveryAsync(long id)
    {
        await using var db = Db();
        return await db.Deliveries.AsNoTracking().SingleAsync(row => row.Id == id);
    }

    public async Task<IReadOnlyList<Call>> CallsAsync()
    {
        await using var db = Db();
        return await db.Calls.AsNoTracking().OrderBy(call => call.Id).ToListAsync();
    }

    public async Task<Call> OnlyCallAsync() => Assert.Single(await CallsAsync());

    public async Task<CallDetail> DetailAsync(long callId)
    {
        await using var db = Db();
        return await db.CallDetails.AsNoTracking().SingleAsync(row => row.CallId == callId);
    }

    /// <summary>
    /// All that is stored of calls and tasks as text, without numbers that depend on the order of processing: two stores with the same
    /// text know the same.
    /// </summary>
    public async Task<string> PictureAsync()
    {
        await using var db = Db();
        var tasks = await db.CallTasks.AsNoTracking().ToDictionaryAsync(row => row.Id);
        var lines = new List<string>();
        foreach (var call in await db.Calls.AsNoTracking().ToListAsync())
        {
            var id = call.Id;
            var text = new StringBuilder();
            Write(text, call, nameof(Call.Id), nameof(Call.CallTaskId));
            text.Append("task=").Append(tasks[call.CallTaskId].VendorTaskId);
            Write(text, await db.CallDetails.AsNoTracking().SingleAsync(row => row.CallId == id), nameof(CallDetail.CallId));
            foreach (var attempt in await db.Attempts.AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.Ordinal).ToListAsync())
                Write(text, attempt, nameof(Attempt.CallId));

            foreach (var answer in await db.Answers.AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.Ordinal).ToListAsync())
                Write(text, answer, nameof(Answer.CallId));

            foreach (var version in await db.CallVersions.AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.DeliveryId).ThenBy(row => row.Ordinal).ToListAsync())
                Write(text, version, nameof(CallVersion.CallId));

            lines.Add(text.ToString());
        }

        foreach (var task in tasks.Values)
        {
            var text = new StringBuilder();
            Write(text, task, nameof(task.Id));
            lines.Add(text.ToString());
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    /// <summary>Every public property with its value.</summary>
    public static void Write(StringBuilder text, object row, params string[] without)
    {
        foreach (var property in row.GetType().GetProperties().Where(property => !without.Contains(property.Name)))
        {
            var value = property.GetValue(row) switch
            {
                null => "",
                byte[] bytes => Convert.ToHexString(bytes),
                DateTimeOffset instant => instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                var other => other.ToString(),
            };
            text.Append(property.Name).Append('=').Append(value).Append("; ");
        }
    }

    public void Dispose() => store.Dispose();
}
