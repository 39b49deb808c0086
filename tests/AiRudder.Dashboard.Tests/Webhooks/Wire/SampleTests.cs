using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Webhooks.Wire;

/// <summary>
/// Every sample body goes through the whole product, from the POST to the rows. What must come of it lies beside it as
/// <c>&lt;name&gt;.expected.json</c>, written from the specification: every field named there must be stored just so.
/// </summary>
[Trait("Requirement", "D8")]
public sealed class SampleTests(SampleTests.Sites sites) : IClassFixture<SampleTests.Sites>
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Webhooks", "Wire", "Samples");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".expected.json", StringComparison.Ordinal)).Select(name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal)];

    [Fact]
    public void VendorsOwnExample_IsAmongThem() => Assert.True(File.Exists(Path.Combine(Folder, "call-info-check-vendor-sample.json")));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sample_ThroughTheWholeProduct_StoresWhatTheSpecificationSays(string name)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, name + ".expected.json")))!.AsObject();
        var body = await File.ReadAllBytesAsync(Path.Combine(Folder, name + ".json"));
        var zone = expected["zone"]!.GetValue<string>();

        var delivery = await sites.Site.PostAsync(Sites.TokenOf(zone), body);

        var differences = new List<string>();
        Compare(expected, await ActualAsync(delivery), "$", differences);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(body, await sites.Site.Api(Role.Administrator).GetByteArrayAsync($"/api/deliveries/{delivery["id"]}/raw"));
    }

    private async Task<JsonObject> ActualAsync(JsonObject delivery)
    {
        var id = long.Parse(delivery["id"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        await using var db = await sites.Site.Contexts.CreateDbContextAsync();
        var actual = new JsonObject { ["zone"] = null, ["outcome"] = delivery["outcome"]?.DeepClone(), ["kind"] = delivery["kind"]?.DeepClone() };
        var landing = await db.Landings.AsNoTracking().SingleOrDefaultAsync(row => row.DeliveryId == id);
        var connection = (await db.Deliveries.AsNoTracking().SingleAsync(row => row.Id == id)).ConnectionId;
        actual["zone"] = (await db.Connections.AsNoTracking().SingleAsync(row => row.Id == connection)).TimeZone;
        if (landing is not null)
        {
            var task = await db.CallTasks.AsNoTracking().SingleAsync(row => row.Id == landing.CallTaskId);
            actual["task"] = new JsonObject
            {
                ["taskId"] = task.VendorTaskId, ["name"] = task.Name, ["status"] = task.Status, ["createdAt"] = Utc(task.CreatedAt), ["repeatInterval"] = task.RepeatInterval,
                ["repeatNumber"] = task.RepeatNumber, ["robot"] = task.RobotHash, ["method"] = task.RobotMethod, ["line"] = task.Line, ["scheduledFrom"] = Utc(task.ScheduledFrom),
                ["scheduledTo"] = Utc(task.ScheduledTo), ["workflowId"] = task.WorkflowId, ["workflowName"] = task.WorkflowName,
            };
        }

        var calls = new JsonArray();
        foreach (var version in await db.CallVersions.AsNoTracking().Where(row => row.DeliveryId == id).OrderBy(row => row.Ordinal).ToListAsync())
            calls.Add((JsonNode)await CallAsync(db, version.CallId));

        actual["calls"] = calls;
        return actual;
    }

    private static async Task<JsonObject> CallAsync(DashboardDb db, long id)
    {
        var call = await db.Calls.AsNoTracking().SingleAsync(row => row.Id == id);
        var detail = await db.CallDetails.AsNoTracking().SingleAsync(row => row.CallId == id);
        var attempts = await db.Attempts.AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.Ordinal).ToListAsync();
        var answers = await db.Answers.AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.Ordinal).ToListAsync();
        return new JsonObject
        {
            ["callId"] = call.VendorCallId, ["rowNumber"] = detail.RowNumber, ["callee"] = call.Callee, ["callerNumber"] = call.CallerNumber, ["robot"] = call.RobotHash,
            ["label"] = call.Label, ["labelDescription"] = detail.LabelDescription, ["result"] = call.Result, ["ringType"] = call.RingType, ["hangupType"] = call.HangupType,
            ["hangupBy"] = call.HangupBy, ["reasonCode"] = call.ReasonCode, ["connected"] = call.Connected, ["durationSeconds"] = call.DurationSeconds, ["ringSeconds"] = call.RingSeconds,
            ["talkRounds"] = call.TalkRounds, ["callTimes"] = call.CallTimes, ["attempts"] = call.AttemptCount,
            ["flags"] = new JsonArray([.. Enum.GetValues<CallFlags>().Where(flag => int.IsPow2((int)flag) && call.Flags.HasFlag(flag)).Select(flag => (JsonNode)flag.ToString())]),
            ["startedAt"] = Utc(call.StartedAt), ["dialedAt"] = Utc(call.DialedAt), ["connectedAt"] = Utc(call.ConnectedAt), ["robotEndedAt"] = Utc(call.RobotEndedAt), ["endedAt"] = Utc(call.EndedAt),
            ["dials"] = new JsonArray([.. attempts.Select(attempt => new JsonObject
            {
                ["final"] = attempt.Final, ["repeated"] = attempt.Repeated, ["callId"] = attempt.VendorCallId, ["startedAt"] = Utc(attempt.ToldAt), ["ringType"] = attempt.RingType,
                ["ringSeconds"] = attempt.RingSeconds, ["hangupType"] = attempt.HangupType, ["label"] = attempt.Label, ["callee"] = attempt.CalleeNumber, ["callerNumber"] = attempt.CallerNumber, ["reasonCode"] = attempt.ReasonCode,
            })]),
            ["turns"] = Parse(detail.TurnsJson) ?? new JsonArray(),
            ["answers"] = new JsonArray([.. answers.Select(answer => new JsonObject
            {
                ["question"] = answer.Question, ["subject"] = answer.Subject, ["type"] = answer.Type, ["value"] = answer.Value, ["text"] = answer.Text, ["slot"] = answer.Slot,
                ["status"] = answer.Status, ["reference"] = answer.Reference, ["verification"] = answer.Verification, ["answered"] = answer.Answered,
            })]),
            ["transfer"] = new JsonObject
            {
                ["status"] = detail.TransferStatus, ["reason"] = detail.TransferReason, ["failureReason"] = detail.TransferFailureReason, ["requestedAt"] = Utc(call.TransferRequestedAt),
                ["rangAt"] = Utc(detail.TransferRangAt), ["succeededAt"] = Utc(call.TransferSucceededAt), ["callId"] = detail.TransferCallId,
            },
            ["eventLabels"] = Parse(detail.EventLabelsJson), ["intentions"] = Parse(detail.IntentionsJson), ["slots"] = Parse(detail.SlotsJson), ["entities"] = Parse(detail.EntitiesJson),
            ["variables"] = Parse(detail.VariablesJson), ["summary"] = detail.Summary, ["emotion"] = detail.Emotion, ["recordingLink"] = detail.RecordingLink,
            ["workflow"] = new JsonObject { ["id"] = detail.WorkflowId, ["name"] = detail.WorkflowName, ["node"] = detail.NodeTaskId, ["nodeName"] = detail.NodeTaskName, ["case"] = detail.CaseId },
            ["unknown"] = Parse(detail.UnknownJson),
            ["notes"] = new JsonArray([.. (detail.ReadingNotes ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(note => (JsonNode)note)]),
        };
    }

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    private static JsonNode? Utc(DateTimeOffset? instant) => instant?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Every field that <paramref name="expected"/> names must be the same; what it does not name may be anything.</summary>
    private static void Compare(JsonNode? expected, JsonNode? actual, string path, List<string> differences)
    {
        switch (expected, actual)
        {
            case (JsonObject wanted, JsonObject found):
                foreach (var (name, value) in wanted)
                    Compare(value, found[name], $"{path}.{name}", differences);

                break;
            case (JsonArray wanted, JsonArray found) when wanted.Count == found.Count:
                for (var i = 0; i < wanted.Count; i++)
                    Compare(wanted[i], found[i], $"{path}[{i}]", differences);

                break;
            case (JsonValue wanted, JsonValue found) when wanted.GetValueKind() == JsonValueKind.Number && found.GetValueKind() == JsonValueKind.Number:
                if (decimal.Parse(wanted.ToJsonString(), CultureInfo.InvariantCulture) != decimal.Parse(found.ToJsonString(), CultureInfo.InvariantCulture))
                    differences.Add($"{path}: expected {wanted}, found {found}");

                break;
            default:
                if (!JsonNode.DeepEquals(expected, actual))
                    differences.Add($"{path}: expected {expected?.ToJsonString() ?? "null"}, found {actual?.ToJsonString() ?? "null"}");

                break;
        }
    }

    /// <summary>One server with a connection for each zone of the samples.</summary>
    public sealed class Sites : IDisposable
    {
        private static readonly string[] Zones = ["Asia/Jakarta", "America/Mexico_City", "America/Sao_Paulo", "Asia/Manila", "Asia/Kolkata", "Asia/Ho_Chi_Minh"];

        public TestSite Site { get; } = new(Zones.SelectMany((zone, index) => Vendor.Settings(index, zone, TokenOf(zone), zone)).ToDictionary());

        public static string TokenOf(string zone) => Vendor.Token(zone);

        public void Dispose() => Site.Dispose();
    }
}
