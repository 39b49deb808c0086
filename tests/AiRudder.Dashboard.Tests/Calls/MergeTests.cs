using System.Globalization;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>Many versions, one call.</summary>
[Trait("Requirement", "D5")]
public sealed class MergeTests
{
    private static readonly string[] Versions =
    [
        """{"task_id":"t","task_name":"first","robot_hash":"r1","details":[{"call_id":"a","callee":"+62","duration":10,"result_label":"A","variables":{"x":"1","y":"1"},"redail_call":[{"call_id":"r"}]}]}""",
        """{"task_id":"t","task_name":"","status":"finished","details":[{"call_id":"a","callee":"","duration":0,"result_label":"--","variables":{"x":"2","y":"","z":"3"},"asr_result":[{"time":"00:00:01","text":"hai"}]}]}""",
        """{"workflow_id":"w","task_id":"t","task_name":"third","robot_hash":"r3","details":[{"call_id":"a","duration":30,"result_label":"B","transfer":{"TransferStatus":2,"TransferTime":"0000-00-00 00:00:00"},"case_id":"k"}]}""",
    ];

    public static TheoryData<string> Orders => ["012", "021", "102", "120", "201", "210"];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Versions_ProcessedInAnyOrder_GiveTheSameCall(string order)
    {
        using var road = new CallRoad();
        var ids = new List<long>();
        foreach (var version in Versions)
            ids.Add((await road.StoreAsync(version)).Id);

        await road.ProcessAsync([.. order.Select(digit => ids[digit - '0'])]);

        using var straight = new CallRoad();
        foreach (var version in Versions)
            await straight.StoreAsync(version);

        await straight.ProcessAsync();
        Assert.Equal(await straight.PictureAsync(), await road.PictureAsync());

        var call = await road.OnlyCallAsync();
        Assert.Equal(("+62", "B", 30, 3, "r3"), (call.Callee, call.Label, call.DurationSeconds, call.Versions, call.RobotHash));
        var detail = await road.DetailAsync(call.Id);
        Assert.Equal(("w", "k", 2), (detail.WorkflowId, detail.CaseId, detail.TransferStatus));
        Assert.Equal("""{"x":"2","y":"1","z":"3"}""", detail.VariablesJson);
        Assert.Equal("""[{"at":1,"robot":"","callee":"hai"}]""", detail.TurnsJson);
        await using var db = road.Db();
        var task = await db.CallTasks.SingleAsync();
        Assert.Equal(("third", "finished", "r3"), (task.Name, task.Status, task.RobotHash));
    }

    [Fact]
    public async Task Versions_EachOfThem_StayReadable()
    {
        using var road = new CallRoad();
        foreach (var version in Versions)
            await road.ReceiveAsync(version);

        await using var db = road.Db();
        var originals = await db.CallVersions.OrderBy(row => row.DeliveryId).Select(row => row.Original).ToListAsync();
        Assert.Equal(
            Versions.Select(version => JsonDocument.Parse(version).RootElement.GetProperty("details")[0].GetRawText()),
            originals.Select(original => Encoding.UTF8.GetString(CallDraft.Inflate(original))));
    }

    [Theory]
    [InlineData("result_label", "\"--\"", nameof(Call.Label))]
    [InlineData("callee", "\"\"", nameof(Call.Callee))]
    [InlineData("duration", "0", nameof(Call.DurationSeconds))]
    [InlineData("duration", "\"\"", nameof(Call.DurationSeconds))]
    [InlineData("hangup_type", "null", nameof(Call.HangupType))]
    [InlineData("reason_code", "\"Null\"", nameof(Call.ReasonCode))]
    [InlineData("call_start_time", "\"0000-00-00 00:00:00\"", nameof(Call.StartedAt))]
    [InlineData("call_start_time", "\"garbage\"", nameof(Call.StartedAt))]
    [InlineData("recording_link", "\"None\"", nameof(Call.HasRecording))]
    public async Task Nothing_InANewerVersion_ReplacesNothing(string field, string nothing, string property)
    {
        var filled = field switch { "duration" => "12", "call_start_time" => "\"2026-01-21 11:00:00\"", _ => "\"filled\"" };
        using var road = new CallRoad();
        await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"a","{{field}}":{{filled}}}]}""");
        var before = typeof(Call).GetProperty(property)!.GetValue(await road.OnlyCallAsync());
        await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"a","{{field}}":{{nothing}}}]}""");

        Assert.NotNull(before);
        Assert.Equal(before, typeof(Call).GetProperty(property)!.GetValue(await road.OnlyCallAsync()));
    }

    [Theory]
    [InlineData("01")]
    [InlineData("10")]
    public async Task Task_NotNamedInANewerVersion_StaysTheOneNamed(string order)
    {
        using var road = new CallRoad();
        long[] ids =
        [
            (await road.StoreAsync("""{"task_id":"named","details":[{"call_id":"a"}]}""")).Id,
            (await road.StoreAsync("""{"details":[{"call_id":"a","result_label":"B"}]}""")).Id,
        ];

        await road.ProcessAsync([.. order.Select(digit => ids[digit - '0'])]);

        await using var db = road.Db();
        Assert.Equal("named", await db.Calls.Join(db.CallTasks, call => call.CallTaskId, task => task.Id, (_, task) => task.VendorTaskId).SingleAsync());
    }

    [Theory]
    [InlineData("01")]
    [InlineData("10")]
    public async Task Call_ByTwoRoads_IsOneCall(string order)
    {
        using var road = new CallRoad();
        long[] ids =
        [
            (await road.StoreAsync("""{"task_id":"t","details":[{"call_id":"a","duration":5}]}""", "call")).Id,
            (await road.StoreAsync("""{"workflow_id":"w","nodetask_id":"n","task_id":"t","details":[{"call_id":"a","case_id":"k"}]}""", "workflow-call")).Id,
        ];

        await road.ProcessAsync([.. order.Select(digit => ids[digit - '0'])]);

        var call = await road.OnlyCallAsync();
        Assert.Equal((5, 2), (call.DurationSeconds, call.Versions));
        Assert.Equal(("w", "n", "k"), ((await road.DetailAsync(call.Id)).WorkflowId, (await road.DetailAsync(call.Id)).NodeTaskId, (await road.DetailAsync(call.Id)).CaseId));
    }

    [Fact]
    public async Task Version_OfTheSameCallFarApartInOneDelivery_IsMergedInTheOrderOfTheList()
    {
        using var road = new CallRoad();
        var between = string.Join(',', Enumerable.Range(0, 700).Select(number => $$"""{"call_id":"n{{number}}"}"""));

        var delivery = await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"a","result_label":"A"},{{between}},{"call_id":"a","result_label":"B"}]}""");

        Assert.Equal(701, delivery.Calls);
        await using var db = road.Db();
        Assert.Equal("B", (await db.Calls.SingleAsync(call => call.VendorCallId == "a")).Label);
    }

    [Fact]
    public async Task Redial_ThatCannotHaveBegunThen_CountsAsBegunWithItsCall()
    {
        using var road = new CallRoad();

        await road.ReceiveAsync(
            """{"task_id":"t","details":[{"call_id":"a","call_start_time":"2026-03-14 10:00:00","redail_call":[{"call_id":"r1","call_start_time":"2026-02-01 10:00:00"},{"call_id":"r2","call_start_time":"2026-02-14 10:00:00"},{"call_id":"r3","call_start_time":"2026-03-15 10:00:00"}]}]}""");

        await using var db = road.Db();
        var dials = await db.Attempts.OrderBy(row => row.Ordinal).ToListAsync();
        static string? Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
        Assert.Equal([("r1", null, "02-01 03:00"), ("r2", "02-14 03:00", null), ("r3", null, "03-15 03:00"), ("a", "03-14 03:00", null)], dials.Select(row => (row.VendorCallId, Text(row.StartedAt), Text(row.ClaimedAt))));
        Assert.Equal("02-01 03:00", Text(dials[0].ToldAt));
    }

    [Fact]
    public async Task Envelope_OfAnOlderDelivery_OnlyFillsWhatIsEmpty()
    {
        using var road = new CallRoad();
        var older = await road.StoreAsync("""{"task_id":"t","task_name":"old","status":"calling","sip_line":"line","details":[]}""");
        var newer = await road.StoreAsync("""{"task_id":"t","task_name":"new","status":"finished","details":[]}""");

        await road.ProcessAsync(newer.Id, older.Id);

        await using var db = road.Db();
        var task = await db.CallTasks.SingleAsync();
        Assert.Equal(("new", "finished", "line"), (task.Name, task.Status, task.Line));
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task D5_Envelopes_InAnyOrder_NameTheTaskAlike()
    {
        string[] bodies =
        [
            """{"task_id":"t","task_name":"first","repeat_number":1,"details":[]}""",
            """{"task_id":"t","task_name":"second","status":"calling","details":[]}""",
            """{"task_id":"t","status":"finished","repeat_number":3,"details":[]}""",
        ];
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (var order in orders)
        {
            using var road = new CallRoad();
            var ids = new List<long>();
            foreach (var body in bodies)
                ids.Add((await road.StoreAsync(body)).Id);

            await road.ProcessAsync([.. order.Select(index => ids[index])]);

            await using var db = road.Db();
            var task = await db.CallTasks.SingleAsync();
            Assert.Equal(("second", "finished", 3), (task.Name, task.Status, task.RepeatNumber));
        }
    }
}

/// <summary>What makes two records one call, and what keeps them two.</summary>
[Trait("Requirement", "D6")]
public sealed class CallIdentityTests
{
    private static readonly (string One, string Other)[] Pairs =
    [
        ("abc", "ABC"),
        ("abc", "abc "),
        ("abc", " abc"),
        ("é", "e\u0301"),
        ("1", "１"),
        ("ß", "ss"),
        ("i", "ı"),
        ("a\\u0000b", "a\\u0000c"),
        ("\\ud800", "\\ud801"),
        ("\\ud800", "\\ufffd"),
        ("a\u200bb", "ab"),
    ];

    [Theory, OnSqlite, OnSqlServer]
    public async Task CallIds_ThatOnlyLookAlike_AreTwoCalls(StorageProvider provider)
    {
        using var road = new CallRoad(provider);
        foreach (var (one, other) in Pairs)
        {
            await road.ReceiveAsync($$"""{"task_id":"{{one}}","details":[{"call_id":"{{one}}","result":"one"},{"call_id":"{{other}}","result":"other"}]}""");
            await road.ReceiveAsync($$"""{"task_id":"{{other}}","details":[{"call_id":"{{other}}","ring_time":1},{"call_id":"{{one}}","ring_time":1}]}""");
        }

        var ids = Pairs.SelectMany(pair => new[] { pair.One, pair.Other }).Distinct().ToList();
        Assert.Equal(ids.Count, (await road.CallsAsync()).Count);
        await using var db = road.Db();
        Assert.Equal(ids.Count, await db.CallTasks.CountAsync());
    }

    [Fact]
    public async Task Number_WithoutCallId_IsTheSameCallInTheSameTaskAndRound()
    {
        using var road = new CallRoad();
        await road.ReceiveAsync("""{"task_id":"t","details":[{"callee":"+62","call_times":1,"duration":5}]}""");
        await road.ReceiveAsync("""{"task_id":"t","details":[{"callee":"+62","call_times":"1","call_id":"","result_label":"A"}]}""");
        await road.ReceiveAsync("""{"task_id":"t","details":[{"callee":"+62","call_times":2,"call_id":null}]}""");
        await road.ReceiveAsync("""{"task_id":"u","details":[{"callee":"+62","call_times":1,"call_id":"-"}]}""");
        await road.ReceiveAsync("""{"task_id":"t","details":[{"callee":"62","call_times":1}]}""");

        var calls = await road.CallsAsync();
        Assert.Equal([2, 1, 1, 1], calls.Select(call => call.Versions));
        Assert.Equal((5, "A"), (calls[0].DurationSeconds, calls[0].Label));
        Assert.All(calls, call => Assert.True(call.Flags.HasFlag(CallFlags.NoCallId)));
    }

    [Theory]
    [InlineData("""{"callee":"+1","duration":1},{"callee":"+1","duration":2}""", """{"callee":"+1","duration":2},{"callee":"+1","duration":1}""")]
    [InlineData("""{"callee":"+1","duration":2},{"callee":"+2"},{"callee":"+1","duration":1}""", """{"callee":"+2"},{"callee":"+1","duration":1},{"callee":"+1","duration":2}""")]
    public async Task Number_TwiceInOneDeliveryWithoutIds_IsTwoCallsInAnyOrder(string once, string again)
    {
        using var road = new CallRoad();
        await road.ReceiveAsync($$"""{"task_id":"t","details":[{{once}}]}""");
        var count = (await road.CallsAsync()).Count;
        await road.ReceiveAsync($$"""{"task_id":"t","details":[{{again}}]}""");

        var calls = await road.CallsAsync();
        Assert.Equal(count, calls.Count);
        Assert.Equal([1, 2], calls.Where(call => call.Callee == "+1").Select(call => call.DurationSeconds).Order());
        Assert.All(calls, call => Assert.Equal(2, call.Versions));
    }

    [Fact]
    public async Task Element_WithNothingToKnowItBy_IsKnownByItsContent()
    {
        using var road = new CallRoad();
        await road.ReceiveAsync("""{"task_id":"t","details":[{"result":"finished"},{"result":"cancelled"},{}]}""");
        await road.ReceiveAsync("""{"task_id":"t","details":[{},{"result":"finished"}]}""");

        Assert.Equal([2, 1, 2], (await road.CallsAsync()).Select(call => call.Versions));
    }

    [Fact]
    public async Task SameCallId_OnTwoConnections_IsTwoCalls()
    {
        using var site = new TestSite(Vendor.Settings(0, "one", Vendor.Token("one"), "Asia/Jakarta").Concat(Vendor.Settings(1, "two", Vendor.Token("two"), "Asia/Manila")).ToDictionary());
        var body = """{"task_id":"t","details":[{"call_id":"a"}]}"""u8.ToArray();

        var one = await site.PostAsync(Vendor.Token("one"), body);
        var two = await site.PostAsync(Vendor.Token("two"), body);

        Assert.NotEqual(one["callIds"]!.ToJsonString(), two["callIds"]!.ToJsonString());
    }
}
