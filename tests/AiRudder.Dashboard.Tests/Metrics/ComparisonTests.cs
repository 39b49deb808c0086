using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Metrics;

public sealed class ComparisonTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly TestClock clock = new();
    private readonly LabelTable labels;
    private readonly CallBuilder build;

    public ComparisonTests()
    {
        labels = new(store.Contexts, clock);
        build = new(store);
    }

    private Task<Comparison> Read(DateOnly from, DateOnly to, DateOnly today) =>
        new ComparisonQuery(store.Contexts, new SummaryQuery(store.Contexts, labels), clock).ReadAsync(new CallFilter { From = from, To = to }, today, CancellationToken.None);

    [Fact]
    public async Task Today_IsMeasuredAgainstTheLastWorkedDayUpToTheSameTime()
    {
        clock.Now = build.At("2026-03-16 10:00"); // a Monday; nobody dialled on Sunday
        var task = build.Task();
        build
            .Call(task, build.At("2026-03-14 09:00"))
            .Call(task, build.At("2026-03-14 11:00"))
            .Call(task, build.At("2026-03-13 09:00"))
            .Call(task, build.At("2026-03-16 09:00"))
            .Save();

        var comparison = await Read(new(2026, 3, 16), new(2026, 3, 16), new(2026, 3, 16));

        Assert.Equal("Saturday by now", comparison.Words);
        Assert.Equal(1, comparison.Before!.Totals.Calls.Calls);
    }

    [Fact]
    public async Task PastDay_IsMeasuredAgainstTheWholeDayBefore()
    {
        clock.Now = build.At("2026-03-16 10:00");
        var task = build.Task();
        build.Call(task, build.At("2026-03-13 23:00")).Call(task, build.At("2026-03-14 09:00")).Save();

        var comparison = await Read(new(2026, 3, 14), new(2026, 3, 14), new(2026, 3, 16));

        Assert.Equal("Friday", comparison.Words);
        Assert.Equal(1, comparison.Before!.Totals.Calls.Calls);
    }

    [Fact]
    public async Task SeveralDays_AreMeasuredAgainstAsManyBefore()
    {
        var task = build.Task();
        build.Call(task, build.At("2026-03-06 09:00")).Call(task, build.At("2026-03-07 09:00")).Call(task, build.At("2026-03-14 09:00")).Save();

        var comparison = await Read(new(2026, 3, 8), new(2026, 3, 14), new(2026, 3, 14));

        Assert.Equal("the 7 days before", comparison.Words);
        Assert.Equal(2, comparison.Before!.Totals.Calls.Calls);
    }

    [Fact]
    public async Task NothingWithinAWeek_IsUnknown()
    {
        build.Call(build.Task(), build.At("2026-03-01 09:00")).Save();

        Assert.Null((await Read(new(2026, 3, 14), new(2026, 3, 14), new(2026, 3, 14))).Before);
    }

    public void Dispose()
    {
        labels.Dispose();
        store.Dispose();
    }
}
