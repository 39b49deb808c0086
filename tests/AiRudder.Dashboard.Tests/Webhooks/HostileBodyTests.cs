using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Webhooks;

/// <summary>Bodies nobody sends on purpose, from bytes to rows.</summary>
[Trait("Requirement", "D8")]
public sealed class HostileBodyTests : IDisposable
{
    private readonly CallRoad road = new();

    [Theory]
    [InlineData("", "The body is empty.")]
    [InlineData(" \r\n", "The body is empty.")]
    [InlineData("null", "The body is null.")]
    [InlineData("[]", "The body is JSON, but no object.")]
    [InlineData("[{\"details\":[{}]}]", "The body is JSON, but no object.")]
    [InlineData("17", "The body is JSON, but no object.")]
    [Trait("Requirement", "D3")]
    public async Task Body_WithNothingInIt_IsQuarantinedWithItsReason(string body, string reason)
    {
        var delivery = await road.ReceiveAsync(body);

        Assert.Equal((DeliveryOutcome.Quarantined, reason), (delivery.Outcome, delivery.Reason));
    }

    [Theory]
    [InlineData("{\"details\":\"x\"}", "")]
    [InlineData("{\"task_id\":\"t\",\"details\":{\"call_id\":\"a\"}}", "")]
    [InlineData("{\"task_id\":\"t\",\"details\":null}", "")]
    [InlineData("{\"task_id\":\"t\"}", "call")]
    [InlineData("{\"details\":7}", "workflow-call")]
    public async Task Details_ThatAreNoArray_AreQuarantinedAndNamed(string body, string urlKind)
    {
        var delivery = await road.ReceiveAsync(body, urlKind);

        Assert.Equal((DeliveryOutcome.Quarantined, "details"), (delivery.Outcome, delivery.ReasonField));
    }

    [Fact]
    public async Task Details_WithNothingInThem_AreADeliveryOfNoCalls()
    {
        var delivery = await road.ReceiveAsync("""{"task_id":"t","details":[]}""");

        Assert.Equal((DeliveryOutcome.Processed, 0), (delivery.Outcome, delivery.Calls));
    }

    [Theory]
    [InlineData("{}", "other")]
    [InlineData("{\"hello\":1}", "other")]
    [InlineData("{\"type\":\"AgentStatus\",\"body\":{}}", "pds")]
    [InlineData("{\"workflow_id\":\"w\",\"actions\":[]}", "workflow-status")]
    public async Task Body_OfAKindNobodyReads_IsKeptUninterpreted(string body, string kind)
    {
        var delivery = await road.ReceiveAsync(body);

        Assert.Equal((DeliveryOutcome.Uninterpreted, kind), (delivery.Outcome, delivery.Kind));
    }

    [Fact]
    public async Task Body_CutShort_SaysWhereAndMakesNoCalls()
    {
        var delivery = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a"},{"call_id":"b""");

        Assert.Equal(DeliveryOutcome.Quarantined, delivery.Outcome);
        Assert.InRange(delivery.ReasonPosition!.Value, 40, 54);
        Assert.Empty(await road.CallsAsync());
    }

    [Fact]
    public async Task Body_WithSomethingBehindIt_IsQuarantined()
    {
        var delivery = await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a"}]} garbage""");

        Assert.Equal((DeliveryOutcome.Quarantined, 44L), (delivery.Outcome, delivery.ReasonPosition));
        Assert.Empty(await road.CallsAsync());
    }

    [Fact]
    [Trait("Requirement", "L2")]
    public async Task L2_Element_OfTenThousandLevels_IsTheOnlyOneQuarantined()
    {
        var deep = new string('[', 10_000) + new string(']', 10_000);

        var delivery = await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"a"},{"call_id":"b","future":{{deep}}},{"call_id":"c"}]}""");

        Assert.Equal((DeliveryOutcome.Processed, 2, 1), (delivery.Outcome, delivery.Calls, delivery.QuarantinedCalls));
        Assert.Equal(["a", "c"], (await road.CallsAsync()).Select(call => call.VendorCallId));
    }

    [Theory]
    [InlineData(70)]
    [InlineData(1_500)]
    [InlineData(10_000)]
    [Trait("Requirement", "L2")]
    public async Task Envelope_WithADeepUnknownField_CostsNoCall(int levels)
    {
        var deep = new string('[', levels) + new string(']', levels);
        string Body(string label) => $$"""{"task_id":"t","future":{{deep}},"task_name":"name","details":[{"call_id":"a","result_label":"{{label}}"}]}""";

        // The second one is merged with the first, whose envelope is read again.
        await road.ReceiveAsync(Body("A"));
        var second = await road.ReceiveAsync(Body("B"));

        Assert.Equal(DeliveryOutcome.Processed, second.Outcome);
        Assert.Equal("B", (await road.OnlyCallAsync()).Label);
        await using var db = road.Db();
        Assert.Equal("name", (await db.CallTasks.SingleAsync()).Name);
    }

    [Fact]
    public async Task D8_Values_ThatCannotBeRead_LeaveTheirFieldEmptyAndMarkTheCall()
    {
        await road.ReceiveAsync("""
            {"task_id":"t","details":[{"call_id":"a","callee":"+62","duration":1e400,"ring_time":"soon","call_times":true,"call_start_time":"tomorrow","variables":["x"],"transfer":"no","redail_call":7,"asr_result":{"a":1},"NerSlots":"s","question_answer":"q"}]}
            """);

        var call = await road.OnlyCallAsync();
        var detail = await road.DetailAsync(call.Id);
        Assert.Equal((null, null, null, null), (call.DurationSeconds, call.RingSeconds, call.CallTimes, call.StartedAt));
        Assert.Equal("+62", call.Callee);
        Assert.True(call.Flags.HasFlag(CallFlags.OddField));
        Assert.All(new[] { "duration", "ring_time", "call_times", "call_start_time", "variables", "transfer", "redail_call", "asr_result", "NerSlots", "question_answer" }, field => Assert.Contains($"$.{field} ", detail.ReadingNotes, StringComparison.Ordinal));
        Assert.Contains("\"call_start_time\":\"tomorrow\"", detail.TimesJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_ThatIsNoUnicode_IsShownReplacedAndKeptAsItWas()
    {
        const string Element = """{"call_id":"a\ud800","callee":"+1\u0000","result_label":"\udc00","Slots":"\ud800","Multi_intention":"{\"k\":\"\ud800\"}","variables":{"\ud800k":"\udfff\u0000"},"human_robot_summary":"x\u0000y","asr_result":[{"time":"\ud800","robottext":"\udbff","text":"\u0000"}],"fu\ud800ture":"\ud800"}""";

        var delivery = await road.ReceiveAsync($$"""{"task_id":"\ud800","task_name":"\u0000n","\ud800":"\ud800","details":[{{Element}}]}""");

        Assert.Equal((DeliveryOutcome.Processed, 1), (delivery.Outcome, delivery.Calls));
        var call = await road.OnlyCallAsync();
        Assert.Equal(("a\ufffd", "+1\ufffd", "\ufffd"), (call.VendorCallId, call.Callee, call.Label));
        Assert.Equal("x\ufffdy", (await road.DetailAsync(call.Id)).Summary);
        await using var db = road.Db();
        Assert.Equal(Element, Encoding.UTF8.GetString(CallDraft.Inflate((await db.CallVersions.SingleAsync()).Original)));

        // And it can be merged with another version of itself.
        await road.ReceiveAsync($$"""{"task_id":"\ud800","details":[{"call_id":"a\ud800","result_label":"B"}]}""");
        Assert.Equal("B", (await road.OnlyCallAsync()).Label);
    }

    [Fact]
    public async Task Bytes_ThatAreNoUtf8_CostNoCall()
    {
        byte[] body = [.. "{\"task_id\":\"t"u8, 0xff, .. "\",\"x"u8, 0xfe, .. "\":1,\"details\":[{\"call_id\":\"a"u8, 0xc0, 0xaf, .. "\",\"callee\":\"+62\",\"na"u8, 0x80, .. "me\":\"v"u8, 0xff, .. "\",\"Slots\":\"{"u8, 0xff, .. "\"}]}"u8];

        var delivery = await road.ReceiveAsync(body);

        Assert.Equal((DeliveryOutcome.Processed, 1), (delivery.Outcome, delivery.Calls));
        Assert.Equal("+62", (await road.OnlyCallAsync()).Callee);
    }

    [Fact]
    public async Task Text_OfTenMegabytes_IsKeptWhole()
    {
        var text = new string('x', 10_000_000);

        var delivery = await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"a","callee":"{{new string('9', 5000)}}","human_robot_summary":"{{text}}"},{"call_id":"b"}]}""");

        Assert.Equal((DeliveryOutcome.Processed, 2), (delivery.Outcome, delivery.Calls));
        var call = (await road.CallsAsync())[0];
        Assert.Equal(text.Length, (await road.DetailAsync(call.Id)).Summary!.Length);
        Assert.Equal(Call.IndexedLength, call.Callee!.Length);
    }

    [Fact]
    [Trait("Requirement", "L2")]
    public async Task Element_WithAHundredThousandFields_IsRead()
    {
        var fields = string.Join(',', Enumerable.Range(0, 100_000).Select(number => $"\"f{number}\":{number}"));

        var delivery = await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"a",{{fields}}}]}""");

        Assert.Equal(1, delivery.Calls);
        using var unknown = JsonDocument.Parse((await road.DetailAsync((await road.OnlyCallAsync()).Id)).UnknownJson!);
        Assert.Equal(100_000, unknown.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public async Task Redials_InAnyNumber_KeepTheirOrder()
    {
        // The vendor may leave out the times: then only the order received is left.
        var redials = string.Join(',', Enumerable.Range(0, 100).Select(number => $$"""{"call_id":"r{{number:000}}"}"""));

        await road.ReceiveAsync($$"""{"task_id":"t","details":[{"call_id":"a","redail_call":[{{redials}}]}]}""");

        await using var db = road.Db();
        var ids = await db.Attempts.Where(row => !row.Final).OrderBy(row => row.Ordinal).Select(row => row.VendorCallId).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"r{number:000}"), ids);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Packing_ThatIsDamaged_IsQuarantinedWithAReason(string encoding)
    {
        var delivery = await road.ReceiveAsync([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], contentEncoding: encoding);

        Assert.Equal(DeliveryOutcome.Quarantined, delivery.Outcome);
        Assert.Contains("ompressed", delivery.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => road.Dispose();
}
