using System.Text;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Novelties;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRudder.Dashboard.Tests.Webhooks.Novelties;

/// <summary>Fields, types and words never seen before.</summary>
[Trait("Requirement", "D8")]
public sealed class NoveltyTests
{
    [Fact]
    public void VendorsOwnExample_HoldsNothingNewButItsPlaceholder()
    {
        var sighting = See(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Webhooks", "Wire", "Samples", "call-info-check-vendor-sample.json")));

        Assert.Equal(["details[].emotion text xxxxxxxxxxxx"], sighting);
    }

    [Theory]
    [InlineData("""{"new_field":1}""", "details[].new_field|number||Field")]
    [InlineData("""{"New":{"inside":1}}""", "details[].New|object||Field")]
    [InlineData("""{"duration":"12"}""", "details[].duration|text||Type")]
    [InlineData("""{"duration":null}""", null)]
    [InlineData("""{"duration":""}""", null)]
    [InlineData("""{"callee":628123456789}""", "details[].callee|number||Type")]
    [InlineData("""{"CALLEE":"+62"}""", null)]
    [InlineData("""{"ring_type":"busy"}""", "details[].ring_type|text|busy|Value")]
    [InlineData("""{"ring_type":"NORMAL"}""", null)]
    [InlineData("""{"reason_code":"Null"}""", null)]
    [InlineData("""{"transfer":{"TransferStatus":7}}""", "details[].transfer.TransferStatus|number|7|Value")]
    [InlineData("""{"transfer":""}""", null)]
    [InlineData("""{"transfer":[1]}""", "details[].transfer|array||Type")]
    [InlineData("""{"redail_call":[{"ring_type":"busy"},5]}""", "details[].redail_call[].ring_type|text|busy|Value;details[].redail_call[]|number||Type")]
    [InlineData("""{"variables":{"anything":1,"+628123456789":"x"}}""", null)]
    [InlineData("""{"human_robot_summary":"anything"}""", null)]
    [InlineData("""{"emotion":"call me on 08123456789"}""", "details[].emotion|text|(odd)|Value")]
    [InlineData("""{"emotion":"me@example.com"}""", "details[].emotion|text|(odd)|Value")]
    [InlineData("""{"628123456789":"x"}""", "details[].(odd)|text||Field")]
    [InlineData("""{"ring_type":"\ud800"}""", "details[].ring_type|text|(odd)|Value")]
    [InlineData("""{"emotion":"\u5feb\u4e50"}""", "details[].emotion|text|快乐|Value")]
    [InlineData("""17""", null)]
    public void Element_TellsWhatIsNew_AndNothingPersonal(string element, string? expected)
    {
        var sighting = new Sighting(Delivery(1));

        sighting.Element(Encoding.UTF8.GetBytes(element));

        Assert.Null(sighting.Failure);
        Assert.Equal(expected is null ? [] : expected.Split(';'), sighting.Seen.Keys.Select(key => $"{key.Path}|{key.JsonKind}|{key.Value}|{key.What}"));
    }

    [Theory]
    [InlineData("""{"status":"paused","extra":true}""", "call", "status|text|paused|Value;extra|truth value||Field")]
    [InlineData("""{"workflow_id":"w","status":"started","actions":[{"node_type":"sms"}]}""", "workflow-status", "workflow-status: status|text|started|Value;workflow-status: actions[].node_type|text|sms|Value")]
    [InlineData("""{"type":"AgentStatus","body":""}""", "pds", "")]
    [InlineData("""{"hello":"world"}""", "other", "other: hello|text||Field")]
    public void Envelope_IsComparedWithItsKind(string envelope, string kind, string expected)
    {
        var sighting = new Sighting(Delivery(1));

        sighting.Envelope(Encoding.UTF8.GetBytes(envelope), kind);

        Assert.Equal(expected, string.Join(';', sighting.Seen.Keys.Select(key => $"{key.Path}|{key.JsonKind}|{key.Value}|{key.What}")));
    }

    [Fact]
    [Trait("Requirement", "L2")]
    public void L2_HostileElements_AreBoundedAndNeverThrow()
    {
        var sighting = new Sighting(Delivery(1));
        sighting.Element(Encoding.UTF8.GetBytes("{" + string.Join(',', Enumerable.Range(0, 5000).Select(number => $"\"f{(char)('a' + (number % 26))}{number}\":1")) + "}"));
        sighting.Element(Encoding.UTF8.GetBytes($"{{\"deep\":{new string('[', 100_000)}{new string(']', 100_000)}}}"));
        sighting.Element(Encoding.UTF8.GetBytes($"{{\"{new string('n', 100_000)}\":1}}"));
        sighting.Element([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);

        Assert.InRange(sighting.Seen.Count, 200, 201);
        sighting.Element("{broken"u8);
        Assert.NotNull(sighting.Failure);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Deliveries_TeachWhatIsNew_OnceAndCounted(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        var first = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a","ring_type":"busy","future":1},{"call_id":"b","ring_type":"busy"}]}""");
        await FlushAsync(road);
        var second = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"c","ring_type":"busy"},{"call_id":"d","ring_type":"Busy"}]}""");
        await new Replay(road.Contexts).OneAsync(first.Id, default);
        await road.ProcessAsync();
        await FlushAsync(road);

        await using var db = road.Db();
        var rows = await db.SchemaNovelties.AsNoTracking().OrderBy(row => row.Path).ThenBy(row => row.Id).ToListAsync();
        Assert.Equal(
            [("details[].future", "", 1L, first.Id), ("details[].ring_type", "busy", 3L, first.Id), ("details[].ring_type", "Busy", 1L, second.Id)],
            rows.Select(row => (row.Path, row.Value, row.Count, row.DeliveryId)));
        Assert.Equal((first.ReceivedAt, second.ReceivedAt), (rows[1].FirstAt, rows[1].LastAt));
        Assert.Equal(DeliveryOutcome.Processed, (await road.DeliveryAsync(first.Id)).Outcome);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Novelties_OfAConnection_AreBounded(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        var watch = road.Services.GetRequiredService<SchemaWatch>();
        for (var delivery = 1; delivery <= 60; delivery++)
        {
            var sighting = watch.Begin(Delivery(delivery, road.Connection.Id));
            foreach (var number in Enumerable.Range(0, 15))
                sighting.Element(Encoding.UTF8.GetBytes($$"""{"f{{delivery}}x{{number}}":1,"ring_type":"w{{delivery}}x{{number}}"}"""));

            watch.Learn(sighting);
            if (delivery % 20 == 0)
                await FlushAsync(road);
        }

        await using var db = road.Db();
        Assert.InRange(await db.SchemaNovelties.CountAsync(), 400, NoveltyWriter.MostOfConnection + 2);
        Assert.Equal(NoveltyWriter.MostOfPath + 1, await db.SchemaNovelties.CountAsync(row => row.Path == "details[].ring_type"));
        Assert.Equal(1800, await db.SchemaNovelties.SumAsync(row => row.Count));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Expected_ComesLast_AndCanBeTakenBack(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a","first":1}]}""");
        await FlushAsync(road);
        await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a","second":1}]}""");
        await FlushAsync(road);
        var queries = new NoveltyQueries(road.Contexts, road.Services.GetRequiredService<WriteGate>(), road.Clock);
        var newest = (await queries.ListAsync(road.Connection.Id, default))[0];
        Assert.Equal("details[].second", newest.Path);

        await queries.ExpectAsync([newest.Id], "ann@example.org", default);
        var listed = await queries.ListAsync(null, default);
        Assert.Equal((newest.Id, "ann@example.org"), (listed[^1].Id, listed[^1].ExpectedBy));

        await queries.ExpectAsync([newest.Id], null, default);
        Assert.All(await queries.ListAsync(null, default), row => Assert.Null(row.ExpectedAt));
        Assert.Empty(await queries.ListAsync(road.Connection.Id + 1, default));
    }

    [Fact]
    public void Learn_WhenWritingFailed_KeepsTheCounts()
    {
        var watch = new SchemaWatch(NullLogger<SchemaWatch>.Instance);
        for (var delivery = 1; delivery <= 2; delivery++)
        {
            var sighting = watch.Begin(Delivery(delivery));
            sighting.Element("""{"new":1}"""u8);
            watch.Learn(sighting);
            watch.Return(watch.Take());
        }

        Assert.Equal((2L, 1L), Assert.Single(watch.Take().Values) is var tally ? (tally.Count, tally.DeliveryId) : default);
    }

    private static Task FlushAsync(CallRoad road) => new NoveltyWriter(
        road.Services.GetRequiredService<SchemaWatch>(), road.Contexts, road.Services.GetRequiredService<WriteGate>(), road.Clock, NullLogger<NoveltyWriter>.Instance).FlushAsync(default);

    private static IEnumerable<string> See(string body)
    {
        using var json = System.Text.Json.JsonDocument.Parse(body);
        var sighting = new Sighting(Delivery(1));
        foreach (var element in json.RootElement.GetProperty("details").EnumerateArray())
            sighting.Element(Encoding.UTF8.GetBytes(element.GetRawText()));

        var envelope = System.Text.Json.Nodes.JsonNode.Parse(body)!.AsObject();
        envelope.Remove("details");
        sighting.Envelope(Encoding.UTF8.GetBytes(envelope.ToJsonString()), DeliveryKind.Call);
        return sighting.Seen.Keys.Select(key => $"{key.Path} {key.JsonKind} {key.Value}");
    }

    private static Delivery Delivery(long id, int connection = 1) => new()
    {
        Id = id, ConnectionId = connection, UrlKind = "", Sha256 = new byte[32], Source = "", Headers = "{}", ReceivedAt = new(2026, 3, 14, 10, 0, 0, TimeSpan.Zero),
    };
}
