using System.Text.Json.Nodes;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>What disagrees inside one record is found, filters, and explains itself.</summary>
public sealed class ContradictionsTests
{
    private const string Sound = """
        "duration":30,"call_start_time":"2026-01-21 11:00:00","call_connect_time":"2026-01-21 11:00:05","call_end_time":"2026-01-21 11:00:35","call_times":1
        """;

    [Theory]
    [InlineData("", CallFlags.None)]
    [InlineData(""","hangup_type":"ByCallee","hangup_by":"ByAgent" """, CallFlags.HangupFieldsDisagree)]
    [InlineData(""","call_times":3 """, CallFlags.AttemptsDoNotAddUp)]
    [InlineData(""","call_end_time":"2026-01-21 10:00:00" """, CallFlags.TimesOutOfOrder | CallFlags.DurationDisagreesWithTimes)]
    [InlineData(""","talk_round":4,"asr_result":[{"time":"00:00:01","robottext":"halo","text":"ya"}] """, CallFlags.TurnsDoNotAddUp)]
    [InlineData(""","talk_round":1,"asr_result":[{"time":"00:00:01","robottext":"halo","text":"ya"}] """, CallFlags.None)]
    [InlineData(""","talk_round":4 """, CallFlags.None)]
    [InlineData(""","transfer":{"TransferStatus":2} """, CallFlags.TransferStatusDisagrees)]
    [InlineData(""","transfer":{"TransferStatus":2,"TransferTime":"2026-01-21 11:00:10","TransferSuccessTime":"2026-01-21 11:00:20"} """, CallFlags.None)]
    [InlineData(""","transfer":{"TransferFailureReason":"busy","TransferTime":"2026-01-21 11:00:10","TransferSuccessTime":"2026-01-21 11:00:20"} """, CallFlags.TransferStatusDisagrees)]
    [InlineData(""","transfer":{"TransferStatus":2,"TransferSuccessTime":"2026-01-21 11:00:20"} """, CallFlags.TransferTimesIncomplete)]
    [InlineData(""","recording_link":"https://api.airudder.com/a.mp3" """, CallFlags.None)]
    public async Task Record_ThatDisagreesWithItself_IsFlagged(string fields, CallFlags flags)
    {
        using var road = new CallRoad();
        var call = JsonNode.Parse($$"""{"call_id":"a","callee":"+62",{{Sound}}}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{fields.TrimStart(',')}}}")!.AsObject())
            call[name] = value?.DeepClone();

        await road.ReceiveAsync(new JsonObject { ["task_id"] = "t", ["details"] = new JsonArray(call) }.ToJsonString());

        Assert.Equal(flags, (await road.OnlyCallAsync()).Flags);
    }

    [Fact]
    public async Task Record_OfNoTalkWithSoundOrWords_IsFlagged()
    {
        using var road = new CallRoad();
        await road.ReceiveAsync("""{"task_id":"t","details":[{"call_id":"a","duration":0,"recording_link":"https://api.airudder.com/a.mp3","asr_result":[{"time":"00:00:01","robottext":"halo","text":"ya"}]}]}""");

        var call = await road.OnlyCallAsync();
        Assert.Equal(CallFlags.RecordingWithoutConnect | CallFlags.ZeroDurationWithTranscript, call.Flags);
        await using var db = road.Db();
        Assert.Equal(1, await new CallFilter { Flag = CallFlags.RecordingWithoutConnect }.Apply(db, [road.Connection]).CountAsync());
        Assert.Equal(1, await new CallFilter { Flag = CallFlags.Contradiction }.Apply(db, [road.Connection]).CountAsync());
    }

    [Fact]
    public void Flag_Each_ExplainsItselfInWords() => Assert.All(
        Enum.GetValues<CallFlags>().Where(flag => int.PopCount((int)flag) == 1),
        flag =>
        {
            Assert.NotEqual(flag.ToString(), flag.Words());
            Assert.NotEqual(flag.ToString(), flag.Sentence());
            Assert.True((flag & CallFlags.Contradiction) != 0 || flag is CallFlags.OddField or CallFlags.AmbiguousTime or CallFlags.NoCallId);
        });
}
