using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Metrics;

/// <summary>The link behind a bar leads to exactly the calls of the bar.</summary>
public sealed class SlotRangeTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly TestClock clock = new();
    private readonly LabelTable labels;

    public SlotRangeTests() => labels = new(store.Contexts, clock);

    [Theory]
    [InlineData("2026-03-14", "2026-03-14", 37, "?from=2026-03-14&to=2026-03-14&fromTime=09:15&toTime=09:30")]
    [InlineData("2026-03-14", "2026-03-14", 95, "?from=2026-03-14&to=2026-03-14&fromTime=23:45")]
    [InlineData("2026-03-14", "2026-03-16", 24, "?from=2026-03-15&to=2026-03-15&toTime=01:00")]
    [InlineData("2026-03-01", "2026-03-20", 2, "?from=2026-03-03&to=2026-03-03")]
    [InlineData("2026-01-01", "2026-06-30", 25, "?from=2026-06-25&to=2026-06-30")]
    public void Within_Slot_IsWrittenAndReadBack(string from, string to, int slot, string query)
    {
        var filter = new CallFilter { From = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), To = DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture) };

        var narrowed = SlotRange.Within(SlotPlan.Of(filter.From.Value, filter.To.Value), slot, filter);

        Assert.Equal(query, Uri.UnescapeDataString(narrowed.ToQueryString()));
        var read = CallFilter.Parse(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(narrowed.ToQueryString()));
        Assert.Empty(read.Errors);
        Assert.Equal(narrowed, read.Filter);
    }

    [Theory]
    [InlineData("2026-03-14", "2026-03-14")]
    [InlineData("2026-03-13", "2026-03-15")]
    [InlineData("2026-03-01", "2026-03-20")]
    public async Task Within_EverySlotAndHour_ListsAsManyCallsAsItCounts(string from, string to)
    {
        var build = new CallBuilder(store);
        var (task, random) = (build.Task(), new Random(4));
        for (var i = 0; i < 60; i++)
        {
            build.Call(task, build.At("2026-03-13 00:00").AddMinutes(random.Next(3 * 24 * 60)), call => call with { Connected = random.Next(3) > 0 });
        }

        build.Call(task, build.At("2026-03-14 09:15")).Call(task, build.At("2026-03-14 09:30")).Save();
        var filter = new CallFilter { From = DateOnly.Parse(from, System.Globalization.CultureInfo.InvariantCulture), To = DateOnly.Parse(to, System.Globalization.CultureInfo.InvariantCulture) };
        var summary = await new SummaryQuery(store.Contexts, labels).ReadAsync(filter, SlotPlan.Of(filter.From.Value, filter.To.Value));
        var calls = new CallQueries(store.Contexts, labels);

        var listed = 0L;
        for (var slot = 0; slot < summary.Slots.Count; slot++)
        {
            var count = (await calls.CountAsync(SlotRange.Within(summary.Plan, slot, filter), default)).Calls;
            Assert.Equal(summary.Slots[slot].Calls, count);
            listed += count;
        }

        Assert.Equal(summary.Totals.Calls.Calls, listed);
        var hours = 0;
        for (var hour = 0; hour < 24; hour++)
        {
            hours += (await calls.CountAsync(filter with { Hour = hour }, default)).Calls;
        }

        Assert.Equal(listed, hours);
    }

    [Theory]
    [InlineData("hour=24&from=2026-03-01&to=2026-03-02", "hour")]
    [InlineData("fromTime=10:00", "fromTime")]
    [InlineData("toTime=ten&to=2026-03-02", "toTime")]
    public void Parse_TimesThatCannotBeMeant_AreErrors(string query, string named)
    {
        var (_, errors) = CallFilter.Parse(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query));

        Assert.Contains(named, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Difference_NewcombesExample_HasHisInterval()
    {
        var (low, high) = Wilson.Difference(56, 70, 48, 80);

        Assert.Equal((0.0524, 0.3339), (Math.Round(low, 4), Math.Round(high, 4)));
    }

    public void Dispose()
    {
        labels.Dispose();
        store.Dispose();
    }
}
