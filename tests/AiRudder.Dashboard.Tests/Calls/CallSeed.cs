using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>Puts calls into a store. A test names only what matters to it.</summary>
internal sealed class CallSeed
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 3, 0, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TestStore store;
    private readonly CallTask task;
    private long lastId;

    public CallSeed(TestStore store)
    {
        this.store = store;
        task = new CallTask
        {
            ConnectionId = store.Connection.Id,
            VendorTaskId = "task-1",
            Identity = Identity.OfTask("task-1"),
            Name = "Nov-20 DPD 1-7",
            Status = "finished",
            RobotMethod = "single",
            Line = "test_sip_line",
            RepeatInterval = 1,
            RepeatNumber = 2,
            CreatedAt = Start.AddHours(-1),
            FirstHeardAt = Start,
            LastHeardAt = Start,
        };
        Save(task);
    }

    public Call Add(Action<Call>? change = null, Action<CallDetail>? detail = null, IReadOnlyList<Turn>? turns = null)
    {
        var id = ++lastId;
        var call = new Call
        {
            Id = id,
            ConnectionId = store.Connection.Id,
            CallTaskId = task.Id,
            Identity = Identity.OfCallId($"call-{id}"),
            VendorCallId = $"call-{id}",
            Callee = $"+62812345{id:0000}",
            CallerNumber = "+622150997100",
            RobotHash = "robot-1",
            Label = "A",
            Result = "finished",
            RingType = "normal",
            HangupType = "ByCallee",
            HangupBy = "ByCallee",
            DurationSeconds = 32,
            Connected = true,
            OccurredAt = Start,
            StartedAt = Start,
            ReceivedAt = Start.AddMinutes(1),
            AttemptCount = 1,
            Versions = 1,
        };
        change?.Invoke(call);
        var rest = new CallDetail { CallId = id, TimeZone = store.Connection.TimeZone, TurnsJson = turns is null ? null : JsonSerializer.Serialize(turns, Json) };
        detail?.Invoke(rest);
        call.HasRecording = rest.RecordingLink is not null;
        Save(call, rest, new Attempt { CallId = id, Ordinal = 1, Final = true, StartedAt = call.StartedAt, Connected = call.Connected, CalleeNumber = call.Callee, CallerNumber = call.CallerNumber, RingType = call.RingType });
        return call;
    }

    /// <summary>Lets the search read what was said in all calls so far.</summary>
    public async Task IndexAsync()
    {
        await using (var db = store.Contexts.CreateDbContext())
        {
            await db.Database.ExecuteSqlRawAsync("""INSERT OR IGNORE INTO "CallWordsChanged" SELECT "CallId" FROM "CallDetails" """);
        }

        var index = new TranscriptIndex(store.Contexts, store.Services.GetRequiredService<WriteGate>());
        while (await index.StepAsync(default))
        {
        }
    }

    public void AddVersion(Call call, string original, int ordinal = 0)
    {
        var delivery = new Delivery
        {
            ConnectionId = store.Connection.Id, UrlKind = "call", Kind = "call", Sha256 = Guid.NewGuid().ToByteArray().Concat(Guid.NewGuid().ToByteArray()).ToArray(), Bytes = original.Length,
            ReceivedAt = call.ReceivedAt, Source = "127.0.0.1", Headers = "{}", Outcome = DeliveryOutcome.Processed,
        };
        Save(delivery);
        var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Encoding.UTF8.GetBytes(original));
        }

        Save(new CallVersion { DeliveryId = delivery.Id, Ordinal = ordinal, CallId = call.Id, Original = deflated.ToArray() });
    }

    public void Save(params object[] rows)
    {
        using var db = store.Contexts.CreateDbContext();
        db.AddRange(rows);
        db.SaveChanges();
    }

    /// <summary>The vendor's own example, as the tables hold it.</summary>
    public Call AddVendorSample()
    {
        var at = new DateTimeOffset(2024, 6, 1, 3, 11, 12, TimeSpan.Zero);
        var transfer = new DateTimeOffset(2024, 2, 1, 18, 48, 51, TimeSpan.Zero);
        var call = Add(
            row =>
            {
                row.VendorCallId = "callid38a0b923820dcc509a6f75849b";
                row.Callee = "+6212345678";
                row.CallerNumber = "+85111111";
                row.RobotHash = "00c2a19f37ea4361f490af9237590ac5";
                row.Label = "E";
                row.HangupBy = "ByAgent";
                row.RingSeconds = 5;
                row.CallTimes = 2;
                row.TalkRounds = 1;
                row.OccurredAt = at;
                row.DialedAt = row.StartedAt = row.ConnectedAt = row.RobotEndedAt = row.EndedAt = at;
                row.TransferRequestedAt = transfer;
                row.TransferSucceededAt = transfer.AddSeconds(1);
                row.Flags = CallFlags.HangupFieldsDisagree | CallFlags.TimesOutOfOrder | CallFlags.AttemptsDoNotAddUp;
            },
            detail =>
            {
                detail.Summary = "xxxxxxxxxxxxxxxxxxxxxxxxx";
                detail.Emotion = "xxxxxxxxxxxx";
                detail.LabelDescription = "Unwilling";
                detail.EventLabelsJson = """{"ConclusionReceive":"A1"}""";
                detail.IntentionsJson = "{}";
                detail.SlotsJson = "\"slots\"";
                detail.EntitiesJson = """{"payment_method":"AutoDebet"}""";
                detail.VariablesJson = """{"receiver_name":"MAI HOA"}""";
                detail.TimesJson = """{"call_dial_time":"2024-06-01 10:11:12","call_start_time":"2024-06-01 10:11:12","TransferTime":"2024-02-02 01:48:51"}""";
                detail.RecordingLink = "https://api.airudder.com/secret-link.mp3";
                detail.TransferStatus = 2;
                detail.TransferCallId = "artificial_fd964********be3252519";
                detail.TransferRangAt = transfer.AddSeconds(1);
                detail.RowNumber = "1";
            },
            [new Turn(0, "Hello, i am robot", "hello robot")]);
        Save(new Answer { CallId = call.Id, Ordinal = 0, Question = "Q1", Subject = "NameCheck", Type = "whether", Value = "Yes", Text = "es correcto", Status = "Completed", Answered = "Answered" });
        var sample = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Webhooks", "Wire", "Samples", "call-info-check-vendor-sample.json")));
        AddVersion(call, sample.RootElement.GetProperty("details")[0].GetRawText());
        return call;
    }
}
