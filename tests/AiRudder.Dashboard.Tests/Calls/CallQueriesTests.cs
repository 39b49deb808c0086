using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class CallQueriesTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly LabelTable labels;
    private readonly CallQueries queries;
    private readonly CallReader reader;

    public CallQueriesTests()
    {
        labels = new LabelTable(store.Contexts, new TestClock());
        (queries, reader) = (new CallQueries(store.Contexts, labels), new CallReader(store.Contexts, labels));
    }

    public void Dispose()
    {
        labels.Dispose();
        store.Dispose();
    }

    /// <summary>10:00 of a Saturday where the connection is.</summary>
    [Theory]
    [InlineData(DayOfWeek.Saturday, null)]
    [InlineData(null, 10)]
    [InlineData(DayOfWeek.Saturday, 10)]
    public async Task ListAsync_WeekdayAndHour_ListsTheirCallsWithoutDays(DayOfWeek? weekday, int? hour)
    {
        var seed = new CallSeed(store);
        seed.Add(call => call.OccurredAt = CallSeed.Start);
        seed.Add(call => call.OccurredAt = CallSeed.Start.AddHours(25));

        foreach (var order in new[] { "", "-receivedAt" })
        {
            var page = await queries.ListAsync(new(new() { Weekday = weekday, Hour = hour }, CallSort.Parse(order).Sort), default);
            Assert.Equal("1", Assert.Single(page.Items).Id);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("occurredAt")]
    [InlineData("-receivedAt")]
    [InlineData("receivedAt")]
    [InlineData("-duration")]
    [InlineData("duration")]
    public async Task ListAsync_ManyTies_PagesWithoutGapOrRepeatBothWays(string order)
    {
        var seed = new CallSeed(store);
        for (var i = 0; i < 23; i++)
        {
            var tie = i / 5;
            seed.Add(call => (call.OccurredAt, call.ReceivedAt, call.DurationSeconds) =
                (CallSeed.Start.AddMinutes(tie), CallSeed.Start.AddHours(tie), tie == 2 ? null : tie));
        }

        var sort = CallSort.Parse(order).Sort;
        var all = (await queries.ListAsync(new(new(), sort, Limit: 100), default)).Items.Select(row => row.Id).ToList();
        var forward = new List<string>();
        CallLines page;
        string? cursor = null;
        do
        {
            page = await queries.ListAsync(new(new(), sort, CallCursor.Parse(cursor, sort).Cursor, 4), default);
            forward.AddRange(page.Items.Select(row => row.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        var back = page.Items.Select(row => row.Id).ToList();
        while (page.Previous is { } previous)
        {
            page = await queries.ListAsync(new(new(), sort, CallCursor.Parse(previous, sort).Cursor, 4), default);
            back.InsertRange(0, page.Items.Select(row => row.Id));
        }

        Assert.Equal(23, all.Distinct().Count());
        Assert.Equal(all, forward);
        Assert.Equal(all, back);
    }

    [Fact]
    public async Task ListAsync_Newest_IsByStartThenId()
    {
        var seed = new CallSeed(store);
        seed.Add();
        seed.Add(call => call.OccurredAt = CallSeed.Start.AddSeconds(1));
        seed.Add();

        var rows = await queries.ListAsync(new(new(), CallSort.Newest), default);

        Assert.Equal(["2", "3", "1"], rows.Items.Select(row => row.Id));
    }

    [Fact]
    public async Task StreamAsync_MoreThanAChunk_GivesAllOnce()
    {
        var seed = new CallSeed(store);
        for (var i = 0; i < 3; i++)
        {
            seed.Add();
        }

        var rows = await queries.StreamAsync(new(new(), CallSort.Newest, Limit: 2), default).ToListAsync();

        Assert.Equal(["3", "2"], rows.Select(row => row.Id));
    }

    [Fact]
    public async Task CountAsync_BeyondTheLimit_SaysMore()
    {
        var seed = new CallSeed(store);
        for (var i = 0; i < 4; i++)
        {
            seed.Add();
        }

        Assert.Equal(new CallCount(3, true), await queries.CountAsync(new(), default, limit: 3));
        Assert.Equal(new CallCount(4, false), await queries.CountAsync(new(), default, limit: 4));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("????")]
    [InlineData("b2NjdXJyZWRBdCAxIDEgZg")] // another order
    public void Cursor_NotOfThisList_IsAnErrorInWords(string text) => Assert.StartsWith("cursor: ", CallCursor.Parse(text, CallSort.Newest).Error, StringComparison.Ordinal);

    [Fact]
    public async Task P1_FindAsync_WithoutReveal_HoldsNoNumberNameOrLink()
    {
        var call = new CallSeed(store).AddVendorSample();

        var view = await reader.FindAsync(call.Id, reveal: false, default);

        var text = JsonSerializer.Serialize(view) + JsonSerializer.Serialize(CallDocument.Of(view!, null, null));
        Assert.DoesNotContain("6212345678", text, StringComparison.Ordinal);
        Assert.DoesNotContain("85111111", text, StringComparison.Ordinal);
        Assert.DoesNotContain("MAI HOA", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-link", text, StringComparison.Ordinal);
        Assert.Contains("678", view!.Line.Callee, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P1_FindAsync_NameSpokenInTheTranscript_IsMaskedThereToo()
    {
        var call = new CallSeed(store).Add(
            detail: detail =>
            {
                detail.VariablesJson = """{"receiver_name":"Siti Nurhaliza","amount":"2500000","lang":"id"}""";
                detail.Summary = "Siti Nurhaliza will pay";
                detail.EntitiesJson = """{"who":"siti nurhaliza","n":3}""";
            },
            turns: [new Turn(0, "Apakah benar Ibu Siti Nurhaliza?", "Iya")]);

        var masked = await reader.FindAsync(call.Id, reveal: false, default);
        var revealed = await reader.FindAsync(call.Id, reveal: true, default);

        Assert.Equal("Apakah benar Ibu •••?", masked!.Turns[0].Robot);
        Assert.Equal("••• will pay", masked.Detail.Summary);
        Assert.Equal("""{"who":"•••","n":3}""", masked.Detail.EntitiesJson);
        Assert.Equal("""{"receiver_name":"•••","amount":"•••","lang":"•••"}""", masked.Detail.VariablesJson);
        Assert.Equal("Apakah benar Ibu Siti Nurhaliza?", revealed!.Turns[0].Robot);
    }

    [Fact]
    public async Task FindAsync_SeveralVersions_NewestIsTheOriginal()
    {
        var seed = new CallSeed(store);
        var call = seed.Add();
        seed.AddVersion(call, """{"v":1}""");
        seed.AddVersion(call, """{"v":2}""");

        var view = await reader.FindAsync(call.Id, reveal: true, default);

        Assert.Equal("""{"v":2}""", view!.Original);
        Assert.Equal(2, view.Versions.Count);
    }
}
