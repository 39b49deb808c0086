using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Reviews;

[Trait("Requirement", "T4")]
public sealed class SamplesTests
{
    /// <summary>Whatever is asked for and whatever comes afterwards, drawing again gives exactly the calls of the first draw.</summary>
    [Theory, OnSqlite, OnSqlServer]
    public async Task Redraw_AfterNewerCallsAndVersions_IsExact(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var drawn = new List<(int Sample, List<long> Calls)>();
        for (var round = 0; round < 12; round++)
        {
            var random = new Random(round);
            road.Calls(random.Next(20, 60), (entry, i) => entry with { Label = $"{(char)('A' + random.Next(4))}", HangupType = random.Next(2) == 0 ? "ByCallee" : "ByRobot", Duration = random.Next(1, 90), HasRecording = random.Next(5) > 0 });
            var (id, problem) = await road.Get<Samples>().DrawAsync(
                new SamplePlan
                {
                    Name = $"round {round}", Seed = $"seed {round % 3}", Wanted = random.Next(1, 40), By = (StratifyBy)random.Next(16), Allocation = (Allocation)random.Next(2),
                    WithoutReviewed = random.Next(2) == 0, WithoutRecording = random.Next(2) == 0, ShortestSeconds = random.Next(2) == 0 ? 20 : null,
                    Filter = random.Next(2) == 0 ? new() : new CallFilter { Label = "A" },
                },
                ReviewRoad.Ana,
                default);
            Assert.Null(problem);
            await using var db = road.Db();
            drawn.Add((id!.Value, await db.SampleCalls.Where(call => call.SampleId == id).Select(call => call.CallId).Order().ToListAsync()));
            Assert.NotEmpty(drawn[^1].Calls);

            // A newer version of every call: other labels, no recording, shorter.
            await db.Calls.ExecuteUpdateAsync(call => call.SetProperty(it => it.Label, it => it.Id % 2 == 0 ? "Z" : it.Label).SetProperty(it => it.DurationSeconds, 1).SetProperty(it => it.Versions, it => it.Versions + 1));
            foreach (var (sample, calls) in drawn)
            {
                var redraw = await road.Get<Samples>().RedrawAsync(sample, default);
                Assert.True(redraw.Same);
                Assert.Equal(calls, redraw.CallIds);
            }

            await db.Calls.ExecuteUpdateAsync(call => call.SetProperty(it => it.DurationSeconds, 40));
        }
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Redraw_WhenTheDrawWasTamperedWith_SaysSo(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        road.Calls(40);
        var (id, _) = await road.Get<Samples>().DrawAsync(new SamplePlan { Name = "n", Seed = "s", Wanted = 10 }, ReviewRoad.Ana, default);
        await using var db = road.Db();
        var other = await db.Calls.Where(call => !db.SampleCalls.Any(drawn => drawn.CallId == call.Id)).Select(call => call.Id).FirstAsync();
        var one = await db.SampleCalls.FirstAsync();
        db.Remove(one);
        db.Add(new SampleCall { SampleId = id!.Value, CallId = other, Stratum = one.Stratum });
        await db.SaveChangesAsync();

        Assert.False((await road.Get<Samples>().RedrawAsync(id.Value, default)).Same);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Draw_KeepsFrameExclusionsAndQueuesTheCalls(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var ids = road.Calls(30, (entry, i) => i switch { < 5 => entry with { HasRecording = false }, < 8 => entry with { Duration = 3 }, _ => entry with { Label = i % 2 == 0 ? "A" : "B" } });
        Assert.Null(await road.ReviewAsync(ids[29], ReviewRoad.Ben));

        var plan = new SamplePlan { Name = "n", Seed = "s", Wanted = 10, By = StratifyBy.Label, ShortestSeconds = 10 };
        var frame = await road.Get<Samples>().FrameAsync(plan, default);
        var (id, problem) = await road.Get<Samples>().DrawAsync(plan, ReviewRoad.Ana, default);

        Assert.Null(problem);
        Assert.Equal((30, 1, 5, 3, 21), (frame.Fitting, frame.ExcludedReviewed, frame.ExcludedWithoutRecording, frame.ExcludedShort, frame.Size));
        await using var db = road.Db();
        var sample = await db.ReviewSamples.SingleAsync();
        Assert.Equal((30, 21, 10, 30L, ids[29]), (sample.Fitting, sample.FrameSize, sample.Wanted, sample.AsOfLanding, sample.AsOfCall));
        var strata = await db.SampleStrata.OrderBy(row => row.Ordinal).ToListAsync();
        Assert.Equal([11, 10], strata.Select(row => row.FrameSize));
        Assert.Equal(10, strata.Sum(row => row.Drawn));
        Assert.Equal(await db.SampleCalls.Select(call => call.CallId).Order().ToListAsync(), await db.ReviewItems.Where(item => item.SampleId == id).Select(item => item.CallId).Order().ToListAsync());
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Draw_StratumSmallerThanAsked_TakesAllAndSaysSo(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        road.Calls(25, (entry, i) => entry with { Label = i < 3 ? "A" : "B" });

        var (id, _) = await road.Get<Samples>().DrawAsync(new SamplePlan { Name = "n", Seed = "s", Wanted = 20, By = StratifyBy.Label, Allocation = Allocation.Equal }, ReviewRoad.Ana, default);

        var result = await road.Get<ReviewFigures>().SampleAsync(id!.Value, default);
        Assert.Equal([(10, 3), (10, 10)], result!.Strata.Select(line => (line.Wanted, line.Drawn)));
        Assert.Equal("–".Length, result.Estimate.Score is null ? 1 : 0);
        Assert.Contains("reviewed", result.Estimate.WhyNoScore, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draw_NothingLeft_IsRefusedInWords()
    {
        using var road = new ReviewRoad();
        road.Calls(3, (entry, _) => entry with { HasRecording = false });

        var (id, problem) = await road.Get<Samples>().DrawAsync(new SamplePlan { Name = "n", Seed = "s" }, ReviewRoad.Ana, default);

        Assert.Null(id);
        Assert.Contains("No call is left", problem, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Estimate_TargetedReviews_AreNoPartOfIt(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var ids = road.Calls(20);
        var (id, _) = await road.Get<Samples>().DrawAsync(new SamplePlan { Name = "n", Seed = "s", Wanted = 4 }, ReviewRoad.Ana, default);
        await using var db = road.Db();
        var drawn = await db.SampleCalls.Select(call => call.CallId).ToListAsync();
        foreach (var call in drawn)
            Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ana));

        foreach (var call in ids.Except(drawn).Take(5))
            Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ben, 0));

        var result = await road.Get<ReviewFigures>().SampleAsync(id!.Value, default);
        Assert.Equal((4, 100.0, 0.0), (result!.Reviewed, result.Estimate.Score!.Value, result.Estimate.DefectRate!.Value));
    }
}
