using System.Globalization;
using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>One number's end, with its dials.</summary>
internal sealed record Finished(Call Call, CallDetail Detail, List<Attempt> Attempts);

/// <summary>
/// A year of a lender's calls: some tasks of every working day, morning to evening, a part of them over three days; redials, labels of six
/// robots whose letters differ in use, transfers, short calls, contradictions, and talks with a transcript for one in four.
/// </summary>
internal sealed class Traffic(Random random, int connection, int wanted, DateOnly last)
{
    public const int Days = 365;

    private const int TasksPerDay = 8;

    private static readonly TimeSpan Offset = TimeSpan.FromHours(7);
    private static readonly string[] Failures = ["no answer", "no answer", "no answer", "busy", "power off", "out of area", "invalid number"];
    private static readonly string[] Callers = [.. Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"0215550{i:000}"))];

    /// <summary>Letters of each robot, as likely as they are frequent.</summary>
    private static readonly string[] Letters = ["AAABBBBCCDEEFG", "AABBBCCCDDEEEF", "ABBCCCCDEEFFF", "AAAABBCDDEEFG", "ABCCDDDEEFFFG", "AABBCDEEEEFF"];

    public static readonly string[] Robots = [.. Enumerable.Range(1, 6).Select(i => string.Concat(Enumerable.Repeat(i.ToString("x8", CultureInfo.InvariantCulture), 4)))];

    private readonly int numbers = Math.Max(1_000, wanted / 2);
    private long ids;

    /// <summary>Days on which somebody dials: not Sundays.</summary>
    public List<DateOnly> Working { get; } = [.. Enumerable.Range(0, Days).Select(i => last.AddDays(i + 1 - Days)).Where(day => day.DayOfWeek != DayOfWeek.Sunday)];

    /// <summary>The tasks that begin on a day.</summary>
    public List<CallTask> Tasks(DateOnly day) => [.. Enumerable.Range(0, TasksPerDay).Select(i =>
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}{i:00}-{random.Next():x8}");
        var robot = random.Next(Robots.Length);
        return new CallTask
        {
            ConnectionId = connection,
            VendorTaskId = id,
            Identity = Identity.OfTask(id),
            Name = string.Create(CultureInfo.InvariantCulture, $"Reminder {day:dd MMM} · {i + 1}"),
            Status = day == last ? "running" : TaskState.Finished,
            RobotHash = Robots[robot],
            Line = $"trunk-{random.Next(4)}",
            RepeatInterval = 30,
            RepeatNumber = 3,
            ListSize = random.Next(10) < 3 ? wanted / Working.Count / TasksPerDay : null,
            FirstHeardAt = At(day, 8 * 3600),
            LastHeardAt = At(day, 20 * 3600),
        };
    })];

    /// <summary>The calls of a day in the order in which they ended.</summary>
    /// <param name="day">The day.</param>
    /// <param name="tasks">Tasks of the day, ids set.</param>
    /// <param name="older">Tasks that began before and still run.</param>
    public List<Finished> Calls(DateOnly day, IReadOnlyList<CallTask> tasks, IReadOnlyList<CallTask> older)
    {
        var number = Working.IndexOf(day);
        var most = (int)((long)wanted * (number + 1) / Working.Count) - (int)((long)wanted * number / Working.Count);
        var calls = new List<Finished>(most);
        for (var i = 0; i < most; i++)
        {
            var task = older.Count > 0 && random.Next(10) == 0 ? older[random.Next(older.Count)] : tasks[random.Next(tasks.Count)];
            calls.Add(One(day, task));
        }

        calls.Sort((a, b) => a.Call.OccurredAt.CompareTo(b.Call.OccurredAt));
        return calls;
    }

    private Finished One(DateOnly day, CallTask task)
    {
        // Two humps: the morning and the time after work.
        var second = (random.Next(2) == 0 ? 9 * 3600 : 16 * 3600) + (int)((random.NextDouble() + random.NextDouble() - 1) * 3.5 * 3600);
        var at = At(day, Math.Clamp(second, 6 * 3600, 22 * 3600));
        var connected = random.Next(100) < 38;
        var robot = Array.IndexOf(Robots, task.RobotHash);
        var id = (++ids).ToString("x16", CultureInfo.InvariantCulture) + random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        var duration = connected ? (random.Next(8) == 0 ? random.Next(1, 7) : 7 + (int)(-60 * Math.Log(1 - random.NextDouble()))) : 0;
        var transferred = connected && random.Next(25) == 0;
        var ring = random.Next(3, 30);
        var call = new Call
        {
            ConnectionId = connection,
            CallTaskId = task.Id,
            Identity = Identity.OfCallId(id),
            VendorCallId = id,
            Callee = string.Create(CultureInfo.InvariantCulture, $"62812{random.Next(numbers):00000000}"),
            CallerNumber = Callers[random.Next(Callers.Length)],
            RobotHash = task.RobotHash,
            Label = connected ? Letters[robot][random.Next(Letters[robot].Length)].ToString() : null,
            Result = connected ? "finished" : "unanswered",
            RingType = connected ? "normal" : Failures[random.Next(Failures.Length)],
            HangupType = connected ? (random.Next(5) < 3 ? "ByCallee" : "ByAgent") : null,
            HangupBy = connected ? (random.Next(5) < 3 ? "callee" : "agent") : null,
            DurationSeconds = connected ? duration : null,
            RingSeconds = ring,
            RobotTalkSeconds = connected ? Math.Max(1, duration - 1) : null,
            TalkRounds = connected ? 1 + (duration / 12) : null,
            Connected = connected,
            CalleeSpoke = connected && duration > 4,
            OccurredAt = at,
            DialedAt = at,
            StartedAt = at,
            ConnectedAt = connected ? at.AddSeconds(ring) : null,
            RobotEndedAt = connected ? at.AddSeconds(ring + duration - 1) : null,
            EndedAt = at.AddSeconds(ring + duration),
            ReceivedAt = connected ? at.AddSeconds(ring + duration + 2) : At(day, 22 * 3600),
            TransferRequestedAt = transferred ? at.AddSeconds(ring + (duration / 2)) : null,
            TransferSucceededAt = transferred && random.Next(3) > 0 ? at.AddSeconds(ring + (duration / 2) + random.Next(2, 20)) : null,
            HasRecording = connected,
            Flags = random.Next(200) == 0 ? CallFlags.HangupFieldsDisagree : CallFlags.None,
            Versions = 1,
        };
        var attempts = Dials(call, id);
        call.AttemptCount = attempts.Count;
        call.CallTimes = attempts.Count;
        return new(call, Detail(call, duration), attempts);
    }

    private List<Attempt> Dials(Call call, string id)
    {
        var redials = random.Next(10) switch { < 4 => 0, < 7 => 1, < 9 => 2, _ => 3 };
        var dials = new List<Attempt>(redials + 1);
        for (var i = 0; i < redials; i++)
        {
            dials.Add(new Attempt
            {
                Ordinal = i + 1,
                VendorCallId = string.Create(CultureInfo.InvariantCulture, $"{id[..28]}-{i:000}"),
                StartedAt = call.OccurredAt.AddMinutes(-35 * (redials - i)),
                RingType = Failures[random.Next(Failures.Length)],
                RingSeconds = random.Next(3, 40),
                CallerNumber = Callers[random.Next(Callers.Length)],
            });
        }

        dials.Add(new Attempt
        {
            Ordinal = redials + 1,
            Final = true,
            VendorCallId = id,
            StartedAt = call.StartedAt,
            Connected = call.Connected,
            RingType = call.RingType,
            RingSeconds = call.RingSeconds,
            HangupType = call.HangupType,
            Label = call.Label,
            CalleeNumber = call.Callee,
            CallerNumber = call.CallerNumber,
        });
        return dials;
    }

    private CallDetail Detail(Call call, int duration) => new()
    {
        TimeZone = "Asia/Jakarta",
        Summary = call.Connected ? "The customer says that the salary comes on Friday and asks for two more days." : null,
        VariablesJson = """{"amount":"1250000","due":"2026-03-16"}""",
        TurnsJson = call.Connected && random.Next(4) == 0
            ? JsonSerializer.Serialize(Enumerable.Range(0, Math.Clamp(duration / 12, 1, 12)).Select(i => new Turn(i * 12, "Good morning, this is the reminder of your instalment that is due on Monday.", i % 2 == 0 ? "Yes, I will pay it when my salary comes." : "")), WireJson.Readable)
            : null,
        RecordingLink = call.HasRecording ? $"https://api.airudder.com/recordings/{call.VendorCallId}.mp3" : null,
    };

    private static DateTimeOffset At(DateOnly day, int second) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), Offset).ToUniversalTime().AddSeconds(second);
}
