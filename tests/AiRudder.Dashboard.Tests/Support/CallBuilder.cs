using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>
/// Writes a history straight into the tables, for tests of what reads them: boring defaults, and only what matters is said.
/// A call is an answered one of forty seconds with label A, unless told otherwise.
/// </summary>
public sealed class CallBuilder(IDbContextFactory<DashboardDb> contexts, Connection connection)
{
    public const string Robot = "r0b0t000000000000000000000000001";

    private readonly List<CallTask> tasks = [];
    private readonly List<(Landing Landing, List<Entry> Calls)> landings = [];
    private long nextDelivery = 1;

    public CallBuilder(TestStore store)
        : this(store.Contexts, store.Connection)
    {
    }

    /// <summary>Local time of the connection to an instant.</summary>
    public DateTimeOffset At(string local) =>
        new LocalDays(connection.TimeZone).At(DateTime.ParseExact(local, ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture));

    public CallTask Task(string id = "task1", string? status = "finished", int? listSize = null, string? name = null)
    {
        var task = new CallTask
        {
            ConnectionId = connection.Id, VendorTaskId = id, Identity = Identity.OfTask(id), Name = name ?? $"Name of {id}", Status = status,
            ListSize = listSize, RobotHash = Robot, RobotMethod = "single", Line = "line-1", RepeatInterval = 10, RepeatNumber = 2,
        };
        tasks.Add(task);
        return task;
    }

    /// <summary>One delivery with these calls.</summary>
    public CallBuilder Delivery(CallTask task, DateTimeOffset at, params ReadOnlySpan<Entry> calls)
    {
        List<Entry> list = [.. calls];
        landings.Add((new Landing
        {
            DeliveryId = nextDelivery++, ConnectionId = connection.Id, LandedAt = at, Calls = list.Count,
            Unanswered = list.Count(entry => !entry.Connected), Attempts = list.Sum(entry => 1 + entry.Redials.Length),
            CallTaskId = tasks.IndexOf(task),
        }, list));
        return this;
    }

    /// <summary>A delivery of one call that ended when it arrived.</summary>
    public CallBuilder Call(CallTask task, DateTimeOffset at, Func<Entry, Entry>? change = null)
    {
        var entry = new Entry { At = at };
        return Delivery(task, at.AddSeconds(45), change is null ? entry : change(entry));
    }

    public CallBuilder Meaning(string label, Meaning meanings, string words = "Words", string? robot = null, int color = 0)
    {
        using var db = contexts.CreateDbContext();
        db.Add(new LabelMeaning { ConnectionId = connection.Id, RobotHash = robot, Label = label, Words = words, Color = color, Meanings = meanings, ValidFrom = DateTimeOffset.UnixEpoch });
        db.SaveChanges();
        return this;
    }

    /// <summary>Writes what was said since the last time; returns the ids of the calls in order.</summary>
    public IReadOnlyList<long> Save()
    {
        using var db = contexts.CreateDbContext();
        foreach (var task in tasks.Where(task => task.Id == 0))
        {
            var mine = landings.Where(landing => tasks[landing.Landing.CallTaskId] == task).Select(landing => landing.Landing.LandedAt).ToList();
            task.FirstHeardAt = mine.DefaultIfEmpty(DateTimeOffset.UnixEpoch).Min();
            task.LastHeardAt = mine.DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();
            db.Add(task);
        }

        db.SaveChanges();
        var sequence = db.Landings.Max(row => (long?)row.Sequence) ?? 0;
        var id = db.Calls.Max(row => (long?)row.Id) ?? 0;
        var ids = new List<long>();
        foreach (var (landing, calls) in landings)
        {
            var delivery = new Delivery
            {
                ConnectionId = connection.Id, UrlKind = "", Sha256 = Identity.OfContent(BitConverter.GetBytes(++sequence)).Concat(new byte[16]).ToArray(),
                ReceivedAt = landing.LandedAt, Source = "127.0.0.1", Headers = "{}", Outcome = DeliveryOutcome.Processed, Calls = calls.Count,
            };
            db.Add(delivery);
            db.SaveChanges();
            landing.Sequence = sequence;
            landing.DeliveryId = delivery.Id;
            landing.CallTaskId = tasks[landing.CallTaskId].Id;
            db.Add(landing);
            for (var i = 0; i < calls.Count; i++)
            {
                ids.Add(++id);
                calls[i].AddTo(db, id, delivery.Id, i, landing);
            }
        }

        db.SaveChanges();
        landings.Clear();
        CountAsync(ids).GetAwaiter().GetResult();
        return ids;
    }

    /// <summary>As ingest does in its transaction.</summary>
    private async Task CountAsync(List<long> ids)
    {
        await using var db = await contexts.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var deltas = new RollupDeltas();
        foreach (var (call, attempts, answers) in await RollupDeltas.StoredAsync(db, db.Calls.Where(call => ids.Contains(call.Id)), default))
            deltas.Add(call, attempts, answers);

        await deltas.FlushAsync(db, new SqliteBulkWrite(), default);
        await transaction.CommitAsync();
    }

    /// <summary>One call as a test says it.</summary>
    public sealed record Entry
    {
        public DateTimeOffset At { get; init; }

        public string Callee { get; init; } = $"+62812{Random.Shared.Next(1000000, 9999999)}";

        /// <summary>Our number as the callee saw it.</summary>
        public string? Caller { get; init; } = "+622150001";

        public string? Label { get; init; } = "A";

        public string? RobotHash { get; init; } = Robot;

        public bool Connected { get; init; } = true;

        public int? Duration { get; init; } = 40;

        public int? RobotTalk { get; init; } = 35;

        public int Ring { get; init; } = 5;

        public int Turns { get; init; } = 4;

        public bool CalleeSpoke { get; init; } = true;

        public string RingType { get; init; } = "normal";

        public string? HangupType { get; init; } = "ByCallee";

        public string? HangupBy { get; init; } = "ByCallee";

        public bool TransferAsked { get; init; }

        public bool TransferTaken { get; init; }

        public bool HasRecording { get; init; } = true;

        public CallFlags Flags { get; init; }

        public string? Description { get; init; }

        /// <summary>As <see cref="Dashboard.Calls.LastSentence"/> makes it.</summary>
        public string? LastSaid { get; init; }

        /// <summary>Items of the interview, in order.</summary>
        public Answer[] Answers { get; init; } = [];

        /// <summary>Starts of earlier dials, none of them answered.</summary>
        public DateTimeOffset[] Redials { get; init; } = [];

        /// <summary>Nobody answered.</summary>
        public Entry Unanswered() => this with
        {
            Connected = false, Duration = 0, RobotTalk = null, Turns = 0, CalleeSpoke = false, Label = "F", RingType = "outofarea",
            HangupType = "ByRobot", HangupBy = "ByRobot", HasRecording = false, Ring = 30,
        };

        internal void AddTo(DashboardDb db, long id, long delivery, int ordinal, Landing landing)
        {
            DateTimeOffset? After(int? seconds) => seconds is { } known ? At.AddSeconds(Ring + known) : null;
            db.Add(new Call
            {
                Id = id, ConnectionId = landing.ConnectionId, CallTaskId = landing.CallTaskId, Identity = Identity.OfCallId($"call{id}"), VendorCallId = $"call{id}",
                Callee = Callee, CallerNumber = Caller, RobotHash = RobotHash, Label = Label, Result = "finished", RingType = RingType,
                HangupType = HangupType, HangupBy = HangupBy, DurationSeconds = Duration, RingSeconds = Ring, RobotTalkSeconds = RobotTalk,
                CallTimes = Redials.Length + 1, TalkRounds = Turns, AttemptCount = Redials.Length + 1, Connected = Connected, CalleeSpoke = CalleeSpoke,
                OccurredAt = At, DialedAt = At, StartedAt = At, ConnectedAt = Connected ? After(0) : null, RobotEndedAt = After(RobotTalk), EndedAt = After(Duration),
                ReceivedAt = landing.LandedAt, TransferRequestedAt = TransferAsked ? After(10) : null, TransferSucceededAt = TransferTaken ? After(14) : null,
                LastSaid = LastSaid, HasRecording = HasRecording, Flags = Flags, Versions = 1,
            });
            db.Add(new CallDetail { CallId = id, TimeZone = "Asia/Jakarta", LabelDescription = Description });
            db.Add(new CallVersion { DeliveryId = delivery, Ordinal = ordinal, CallId = id, Original = [] });
            foreach (var (answer, index) in Answers.Select((answer, index) => (answer, index)))
                db.Add(new Answer { CallId = id, Ordinal = index, Question = answer.Question, Status = answer.Status, Answered = answer.Answered, Verification = answer.Verification, Value = answer.Value });

            foreach (var (start, index) in Redials.Select((start, index) => (start, index)))
            {
                db.Add(new Attempt { CallId = id, Ordinal = index + 1, StartedAt = start, RingType = "outofarea", RingSeconds = 20, HangupType = "ByRobot", Label = "F" });
            }

            db.Add(new Attempt
            {
                CallId = id, Ordinal = Redials.Length + 1, Final = true, StartedAt = At, Connected = Connected, RingType = RingType, RingSeconds = Ring,
                HangupType = HangupType, Label = Label, CalleeNumber = Callee, VendorCallId = $"call{id}",
            });
        }
    }
}
