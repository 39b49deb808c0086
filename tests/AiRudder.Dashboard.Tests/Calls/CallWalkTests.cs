using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>Lists over more calls than are looked at in one go.</summary>
public sealed class CallWalkTests : IDisposable
{
    private const int Many = 130_000;

    private readonly TestStore store = new();
    private readonly LabelTable labels;
    private readonly CallQueries queries;

    public CallWalkTests()
    {
        labels = new LabelTable(store.Contexts, new TestClock());
        queries = new CallQueries(store.Contexts, labels);
        new CallSeed(store).Add(call => (call.OccurredAt, call.ReceivedAt, call.Result, call.DurationSeconds) = (CallSeed.Start, CallSeed.Start, "oldest", 0));

        // Copies of the first call, four of them in every second: ties all along.
        using var db = store.Contexts.CreateDbContext();
        var columns = db.Model.FindEntityType(typeof(Call))!.GetProperties().Where(property => property.GetComputedColumnSql() is null).Select(property => property.Name).ToList();
        var values = columns.Select(name => name switch
        {
            "Id" => "n + 1",
            "Identity" => "randomblob(16)",
            "OccurredAt" or "ReceivedAt" => $"\"{name}\" + 1000 * (n / 4 + 1)",
            "DurationSeconds" => "n % 97 + 1",
            "Result" => "'finished'",
            _ => $"\"{name}\"",
        });
        var copies =
            $"""
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Many})
            INSERT INTO "Calls" ({string.Join(", ", columns.Select(name => $"\"{name}\""))}) SELECT {string.Join(", ", values)} FROM numbers, "Calls" WHERE "Id" = 1
            """;
        db.Database.ExecuteSqlRaw(copies);
    }

    public void Dispose()
    {
        labels.Dispose();
        store.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("-receivedAt")]
    [InlineData("-duration")]
    public async Task ListAsync_FilterThatFitsOneFarAway_StopsSaysSoAndGoesOn(string order)
    {
        var sort = CallSort.Parse(order).Sort;
        var wanted = new CallsWanted(new CallFilter { Result = "oldest" }, sort);

        var first = await queries.ListAsync(wanted, default);

        Assert.Empty(first.Items);
        Assert.NotNull(first.Stopped);
        Assert.Equal(first.Stopped.ToString(), first.Next);
        var second = await queries.ListAsync(wanted with { Cursor = CallCursor.Parse(first.Next, sort).Cursor }, default);
        Assert.Equal("1", Assert.Single(second.Items).Id);
        Assert.Null(second.Stopped);
        Assert.Null(second.Next);

        // And back over the same ground.
        var back = await queries.ListAsync(wanted with { Cursor = CallCursor.Parse(second.Previous, sort).Cursor }, default);
        Assert.Empty(back.Items);
        Assert.True(back.Stopped is { Back: true });
    }

    [Fact]
    public async Task CountAsync_FilterThatFitsOneFarAway_SaysThatThereMayBeMore() =>
        Assert.Equal(new CallCount(0, true), await queries.CountAsync(new CallFilter { Result = "oldest" }, default));

    [Fact]
    public async Task StreamAsync_FilterThatFitsOneFarAway_ReachesIt() =>
        Assert.Equal(["1"], (await queries.StreamAsync(new(new CallFilter { Result = "oldest" }, CallSort.Newest, Limit: 10), default).ToListAsync()).Select(row => row.Id));

    [Fact]
    public async Task ListAsync_FilterThatFitsNothing_EndsAfterFewPages()
    {
        var (pages, cursor) = (0, (CallCursor?)null);
        do
        {
            var page = await queries.ListAsync(new(new CallFilter { Result = "never" }, CallSort.Newest, cursor), default);
            Assert.Empty(page.Items);
            cursor = CallCursor.Parse(page.Next, CallSort.Newest).Cursor;
            pages++;
        }
        while (cursor is not null);

        Assert.Equal(2, pages);
    }

    [Theory]
    [InlineData("")]
    [InlineData("receivedAt")]
    [InlineData("-duration")]
    [InlineData("duration")]
    public async Task ListAsync_WalkedInStretches_GivesEachOnceInOrder(string order)
    {
        var sort = CallSort.Parse(order).Sort;
        var filter = new CallFilter { MinDuration = 96 };
        var ids = (await queries.StreamAsync(new(filter, sort, Limit: 10_000), default).ToListAsync()).Select(row => long.Parse(row.Id, System.Globalization.CultureInfo.InvariantCulture)).ToList();

        await using var db = store.Contexts.CreateDbContext();
        var all = await db.Calls.Where(call => call.DurationSeconds >= 96).Select(call => new { call.Id, call.OccurredAt, call.ReceivedAt, call.DurationSeconds }).ToListAsync();
        var expected = (order switch
        {
            "" => all.OrderByDescending(call => call.OccurredAt).ThenByDescending(call => call.Id),
            "receivedAt" => all.OrderBy(call => call.ReceivedAt).ThenBy(call => call.Id),
            "-duration" => all.OrderByDescending(call => call.DurationSeconds).ThenByDescending(call => call.Id),
            _ => all.OrderBy(call => call.DurationSeconds).ThenBy(call => call.Id),
        }).Select(call => call.Id);
        Assert.Equal(expected, ids);
    }

    [Fact]
    public async Task ListAsync_WordsThatManyCallsFit_AreWalkedAndExact()
    {
        await using var db = store.Contexts.CreateDbContext();
        await db.CallTasks.ExecuteUpdateAsync(task => task.SetProperty(row => row.Name, "Winter collection"));

        var page = await queries.ListAsync(new(new CallFilter { Q = "winter", MinDuration = 2 }, CallSort.Newest, Limit: 1_000), default);

        var expected = await db.Calls.Where(call => call.DurationSeconds >= 2).OrderByDescending(call => call.OccurredAt).ThenByDescending(call => call.Id).Take(1_000).Select(call => call.Id).ToListAsync();
        Assert.Equal(expected, page.Items.Select(row => long.Parse(row.Id, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task ListAsync_TaskAndLongestTalk_IsWalkedAndExact()
    {
        var rows = await queries.ListAsync(new(new CallFilter { Task = "task-1", From = new(2026, 3, 14) }, CallSort.Parse("-duration").Sort, Limit: 3), default);

        Assert.Equal([97, 97, 97], rows.Items.Select(row => row.DurationSeconds));
        Assert.Equal(rows.Items.Select(row => long.Parse(row.Id, System.Globalization.CultureInfo.InvariantCulture)).OrderDescending().Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)), rows.Items.Select(row => row.Id));
    }

    [Theory]
    [InlineData("", "IX_Calls_OccurredAt")]
    [InlineData("-receivedAt", "IX_Calls_ReceivedAt")]
    [InlineData("-duration", "IX_Calls_TalkOrder")]
    public async Task EveryOrder_IsReadFromItsIndexWithoutSorting(string order, string index)
    {
        var sort = CallSort.Parse(order).Sort;
        await using var db = store.Contexts.CreateDbContext();

        var plan = await db.Calls.Beyond(new CallCursor(sort, 5, 7, Back: false)).InOrder(sort, back: false).Take(50).PlanAsync(db);

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdsOfAStretch_AreReadFromTheIndexOfItsTask()
    {
        await using var db = store.Contexts.CreateDbContext();

        var plan = await CallSearch.Ids(db.Calls.Where(call => call.CallTaskId == 1).Beyond(new CallCursor(CallSort.Newest, 5, 7, Back: false))).PlanAsync(db);

        Assert.Contains("(CallTaskId=? AND OccurredAt<?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan, StringComparison.Ordinal);
    }
}
