using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Metrics;

/// <summary>A label that meant a promise until one day and a refusal from then on.</summary>
public sealed class DatedMeaningTests : IDisposable
{
    private static readonly CallFilter Both = new() { From = new(2026, 3, 13), To = new(2026, 3, 15) };

    private readonly TestStore store = new();
    private readonly TestClock clock = new();
    private readonly LabelTable labels;
    private readonly CallBuilder build;

    public DatedMeaningTests()
    {
        labels = new(store.Contexts, clock);
        build = new(store);
    }

    private async Task SeedAsync()
    {
        var key = new LabelKey(store.Connection.Id, CallBuilder.Robot, "A");
        await labels.SaveAsync(key with { Robot = null }, "Promises", 2, Meaning.Promise, null, default);
        await labels.SaveAsync(key, "Refuses", 5, Meaning.Refusal | Meaning.RightParty, new(2026, 3, 15), default);
        var task = build.Task();
        build
            .Call(task, build.At("2026-03-13 10:00")).Call(task, build.At("2026-03-14 23:59")).Call(task, build.At("2026-03-14 08:00"), call => call with { Label = "X" })
            .Call(task, build.At("2026-03-15 00:00")).Call(task, build.At("2026-03-15 09:00"), call => call with { RobotHash = "another" })
            .Save();
    }

    private Task<Summary> Read(CallFilter filter) => new SummaryQuery(store.Contexts, labels).ReadAsync(filter, SlotPlan.Of(filter.From!.Value, filter.To!.Value));

    private async Task<int> ListedAsync(CallFilter filter) => (await new CallQueries(store.Contexts, labels).CountAsync(filter, default)).Calls;

    /// <summary>From the rollups, and call by call (calls of any duration fit the second filter, but rollups do not know that).</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task Figures_OldDays_UseTheMeaningValidThen_AndSoDoTheCallsBehindThem(int? minDuration)
    {
        await SeedAsync();
        var filter = Both with { MinDuration = minDuration };

        var then = await Read(filter);
        var now = await Read(filter with { MeaningsNow = true });

        Assert.Equal((3, 1, 4, 1), Counts(then));
        Assert.Equal((1, 3, 4, 1), Counts(now));
        Assert.Equal([1, 1, 1], then.Slots.Chunk(24).Select(day => Tally.Sum(day).Having(then.Looks, Meaning.Promise)));
        foreach (var (summary, meaningsNow) in new[] { (then, (bool?)null), (now, true) })
        {
            foreach (var meaning in new[] { Meaning.Promise, Meaning.Refusal, Meaning.RightParty })
            {
                Assert.Equal(summary.Totals.Calls.Having(summary.Looks, meaning), await ListedAsync(filter with { Meaning = meaning, Connected = true, MeaningsNow = meaningsNow }));
            }

            Assert.Equal(summary.Totals.Unmapped, await ListedAsync(filter with { Meaning = Meaning.None, Connected = true, MeaningsNow = meaningsNow }));
        }

        static (long, long, long, long) Counts(Summary summary) =>
            (summary.Totals.Promises, summary.Totals.Calls.Having(summary.Looks, Meaning.Refusal), summary.Totals.RightParty, summary.Totals.Unmapped);
    }

    [Fact]
    public async Task Figures_FilteredByAMeaningThatChanged_AreThoseOfTheCalls()
    {
        await SeedAsync();

        var summary = await Read(Both with { Meaning = Meaning.Promise });

        Assert.Equal((3, 3), (summary.Totals.Calls.Calls, (long)await ListedAsync(Both with { Meaning = Meaning.Promise })));
    }

    public void Dispose()
    {
        labels.Dispose();
        store.Dispose();
    }
}
