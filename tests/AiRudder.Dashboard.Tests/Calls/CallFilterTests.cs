using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class CallFilterTests : IDisposable
{
    private readonly TestStore store = new();

    public void Dispose() => store.Dispose();

    [Fact]
    public void ToQueryString_EveryField_ParsesBack()
    {
        var filter = new CallFilter
        {
            From = new(2026, 3, 1), To = new(2026, 3, 2), Connection = "Pinjaman Cepat", Task = "a&b", Robot = "r", Label = "--", Meaning = Meaning.Promise, Result = "finished", RingType = "normal",
            HangupType = "ByCallee", Callee = "+62812", CallerNumber = "#7", Line = "a trunk", MinDuration = 1, MaxDuration = 9, Connected = true, Transferred = false, TransferTaken = true, Delivery = 7, HasRecording = true, Reviewed = false, Flag = CallFlags.OddField, Q = "bayar + 10 %", Weekday = DayOfWeek.Sunday, Hour = 0, Attempts = 2, MinAttempts = 1,
            HangupBy = "ByAgent", Question = "Q&1", QuestionStatus = "Completed", Answered = "Answered", Verification = "--", NotAsked = "Q2", LastAnswered = "Q3", LastSaid = "00112233445566778899aabbccddeeff",
        };

        var (parsed, errors) = CallFilter.Parse(QueryHelpers.ParseQuery(filter.ToQueryString()));

        Assert.Empty(errors);
        Assert.Equal(filter, parsed);
    }

    [Theory]
    [InlineData("from=yesterday", "from: 'yesterday' is not a day")]
    [InlineData("to=9999-12-31", "to: '9999-12-31' is not a day")]
    [InlineData("from=0001-01-01", "from: '0001-01-01' is not a day")]
    [InlineData("connected=perhaps", "connected: 'perhaps' is not true or false")]
    [InlineData("minDuration=-1", "minDuration: '-1' is not a whole number")]
    [InlineData("flag=Nonsense", "flag: 'Nonsense' is not one of HangupFieldsDisagree")]
    [InlineData("weekday=1", "weekday: '1' is not a weekday")]
    [InlineData("hour=24", "hour: '24' is not a whole number from 0 to 23")]
    [InlineData("attempts=0", "attempts: '0' is not a whole number from 1")]
    [InlineData("lastSaid=halo", "lastSaid: 'halo' is not the key of a sentence")]
    [InlineData("from=2026-03-02&to=2026-03-01", "to: 2026-03-01 is before from")]
    public void Parse_UnreadableValue_IsAnErrorInWords(string query, string sentence) =>
        Assert.Contains(CallFilter.Parse(QueryHelpers.ParseQuery(query)).Errors, error => error.StartsWith(sentence, StringComparison.Ordinal));

    [Theory]
    [InlineData("", "1 2 3")]
    [InlineData("label=A", "1 3")]
    [InlineData("label=--", "2")]
    [InlineData("connected=false", "2")]
    [InlineData("callee=628123450001", "1")]
    [InlineData("callee=%2B628123450001", "1")]
    [InlineData("callee=345", "")]
    [InlineData("minDuration=40", "3")]
    [InlineData("maxDuration=31", "2")]
    [InlineData("transferred=true", "3")]
    [InlineData("transferred=false", "1 2")]
    [InlineData("flag=OddField", "2")]
    [InlineData("ringType=busy", "2")]
    [InlineData("task=task-1", "1 2 3")]
    [InlineData("task=other", "")]
    [InlineData("connection=pinjaman cepat", "1 2 3")]
    [InlineData("callerNumber=622150997100", "1 3")]
    [InlineData("callerNumber=--", "2")]
    [InlineData("line=test_sip_line", "1 2 3")]
    [InlineData("line=--", "")]
    [InlineData("connection=none", "")]
    [InlineData("q=hari Jumat", "1")]
    [InlineData("q=call-2", "2")]
    [InlineData("q=100%25", "3")]
    [InlineData("from=2026-03-15", "3")]
    [InlineData("to=2026-03-14", "1 2")]
    [InlineData("meaning=Promise", "1")]
    public async Task Apply_OneCondition_FindsTheCallsThatFit(string query, string ids)
    {
        var seed = new CallSeed(store);
        seed.Add(turns: [new Turn(0, "Halo", "saya bayar hari Jumat")]);
        seed.Add(call => (call.Label, call.Connected, call.DurationSeconds, call.Flags, call.RingType, call.CallerNumber) = (null, false, 0, CallFlags.OddField, "busy", null));

        // 17:00 UTC is midnight in Jakarta: the call belongs to the 15th there.
        seed.Add(
            call => (call.DurationSeconds, call.TransferSucceededAt, call.OccurredAt, call.RobotHash) = (60, CallSeed.Start, new(2026, 3, 14, 17, 0, 0, TimeSpan.Zero), "robot-2"),
            detail => detail.Summary = "100% sure");
        seed.Save(
            new LabelMeaning { ConnectionId = store.Connection.Id, Label = "A", Words = "Promises", Meanings = Meaning.Promise },
            new LabelMeaning { ConnectionId = store.Connection.Id, Label = "A", RobotHash = "robot-2", Words = "Refuses", Meanings = Meaning.Refusal });

        await seed.IndexAsync();
        await using var db = store.Contexts.CreateDbContext();
        var (filter, errors) = CallFilter.Parse(QueryHelpers.ParseQuery(query));
        var found = await filter.Apply(db, await db.Connections.ToListAsync()).Select(call => call.Id).ToListAsync();

        Assert.Empty(errors);
        Assert.Equal(ids, string.Join(' ', found.Order()));
    }

    [Theory]
    [InlineData("transferTaken=true", "1")]
    [InlineData("transferTaken=false", "2 3 4")]
    [InlineData("transferred=true", "1 2")]
    public async Task Apply_TransferTaken_IsWhatFiguresCount(string query, string ids)
    {
        var seed = new CallSeed(store);
        seed.Add(call => (call.TransferRequestedAt, call.TransferSucceededAt) = (CallSeed.Start, CallSeed.Start));
        seed.Add(call => call.TransferSucceededAt = CallSeed.Start);
        seed.Add(call => call.TransferRequestedAt = CallSeed.Start);
        seed.Add();
        seed.Save();

        await using var db = store.Contexts.CreateDbContext();
        var found = await CallFilter.Parse(QueryHelpers.ParseQuery(query)).Filter.Apply(db, await db.Connections.ToListAsync()).Select(call => call.Id).ToListAsync();

        Assert.Equal(ids, string.Join(' ', found.Order()));
    }
}
