using System.Globalization;
using System.Security.Cryptography;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>
/// Fills a data directory with a year of calls, a day per transaction, through the writers that the product itself uses. Bodies are left
/// out: they say nothing about figures and would be most of the bytes. The same number of calls makes the same calls.
/// </summary>
internal sealed class StoreGenerator(StoreFolder folder, int calls)
{
    public const string ConnectionName = "Benchmark";

    public const string TimeZone = "Asia/Jakarta";

    private readonly Random random = new(20260314);
    private long call;
    private long landing;

    public async Task RunAsync(TextWriter progress)
    {
        await using var db = await folder.Contexts.CreateDbContextAsync();
        if (await db.Connections.AnyAsync())
        {
            throw new InvalidOperationException($"{folder.Path} holds a store already.");
        }

        // Nothing of value is lost when this is interrupted: the folder is thrown away then.
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144; PRAGMA foreign_keys=OFF;");
        var connection = new Connection { Name = ConnectionName, TimeZone = TimeZone, CreatedAt = TimeProvider.System.GetUtcNow() };
        db.Add(connection);
        await db.SaveChangesAsync();
        await MeanAsync(db, connection.Id);

        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var traffic = new Traffic(random, connection.Id, calls, today.DayOfWeek == DayOfWeek.Sunday ? today.AddDays(-1) : today);
        List<CallTask> running = [];
        foreach (var day in traffic.Working)
        {
            var tasks = traffic.Tasks(day);
            db.AddRange(tasks);
            await db.SaveChangesAsync();
            db.ChangeTracker.Clear();
            await DayAsync(db, traffic.Calls(day, tasks, running));
            running = [.. running.Concat(tasks.Where(_ => random.Next(6) == 0)).TakeLast(3)];
            await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}: {call:N0} calls"));
        }

        await db.Counters.Where(row => row.Name == Counter.Calls).ExecuteUpdateAsync(row => row.SetProperty(it => it.Value, call));
        await db.Counters.Where(row => row.Name == Counter.Landings).ExecuteUpdateAsync(row => row.SetProperty(it => it.Value, landing));
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;");
    }

    private async Task DayAsync(DashboardDb db, List<Finished> finished)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        var rollups = new RollupDeltas();
        foreach (var (one, detail, attempts) in finished)
        {
            one.Id = ++call;
            detail.CallId = one.Id;
            attempts.ForEach(attempt => attempt.CallId = one.Id);
            rollups.Add(one, attempts, []);
        }

        await folder.Bulk.InsertAsync(db, finished.ConvertAll(it => it.Call), default);
        await folder.Bulk.InsertAsync(db, finished.ConvertAll(it => it.Detail), default);
        await folder.Bulk.InsertAsync(db, finished.SelectMany(it => it.Attempts).ToList(), default);
        await DeliverAsync(db, finished);
        await rollups.FlushAsync(db, folder.Bulk, default);
        await transaction.CommitAsync();
    }

    /// <summary>A delivery for each call that was answered, one in the evening for what was not, task by task.</summary>
    private async Task DeliverAsync(DashboardDb db, List<Finished> finished)
    {
        var (deliveries, landings) = (new List<Delivery>(), new List<Landing>());
        foreach (var one in finished.Where(it => it.Call.Connected))
        {
            Deliver([one]);
        }

        foreach (var task in finished.Where(it => !it.Call.Connected).GroupBy(it => it.Call.CallTaskId))
        {
            Deliver([.. task]);
        }

        await folder.Bulk.InsertAsync(db, deliveries, default);
        await folder.Bulk.InsertAsync(db, landings, default);

        void Deliver(List<Finished> brought)
        {
            var first = brought[0].Call;
            landings.Add(new Landing
            {
                Sequence = ++landing,
                DeliveryId = landing,
                ConnectionId = first.ConnectionId,
                CallTaskId = first.CallTaskId,
                LandedAt = first.ReceivedAt,
                Calls = brought.Count,
                Unanswered = brought.Count(it => !it.Call.Connected),
                Attempts = brought.Sum(it => it.Attempts.Count),
            });
            deliveries.Add(new Delivery
            {
                Id = landing,
                ConnectionId = first.ConnectionId,
                UrlKind = "",
                Kind = "",
                Sha256 = SHA256.HashData(BitConverter.GetBytes(landing)),
                Bytes = 4096L * brought.Count,
                ReceivedAt = first.ReceivedAt,
                Source = "203.0.113.7",
                Headers = "{}",
                Outcome = DeliveryOutcome.Processed,
                Calls = brought.Count,
                ProcessedAt = first.ReceivedAt,
            });
        }
    }

    /// <summary>Four of the six robots have labels with meanings, G of them has none: a part stays unmapped.</summary>
    private static async Task MeanAsync(DashboardDb db, int connection)
    {
        (string Label, string Words, Meaning Meanings)[] said =
        [
            ("A", "Promises to pay", Meaning.RightParty | Meaning.Promise),
            ("B", "Call back", Meaning.RightParty | Meaning.CallBack),
            ("C", "Refuses", Meaning.RightParty | Meaning.Refusal),
            ("D", "Wrong number", Meaning.WrongParty),
            ("E", "Says nothing", Meaning.NoResponse),
            ("F", "Machine", Meaning.Machine),
        ];
        db.AddRange(Traffic.Robots.Take(4).SelectMany(robot => said.Select((row, index) => new LabelMeaning
        {
            ConnectionId = connection,
            RobotHash = robot,
            Label = row.Label,
            Words = row.Words,
            Color = index + 1,
            Meanings = row.Meanings,
            ValidFrom = DateTimeOffset.UnixEpoch,
        })));
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }
}
