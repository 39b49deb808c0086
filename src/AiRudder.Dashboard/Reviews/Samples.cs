using System.Data;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Draws random samples and can prove them: the same seed over the kept frame gives the same calls, whatever came later.</summary>
public sealed class Samples(IDbContextFactory<DashboardDb> contexts, ReviewQueue queue, WriteGate gate, TimeProvider time)
{
    private const int LargestFrame = 2_000_000;

    /// <summary>Reads the frame of a plan as it is now.</summary>
    public async Task<SampleFrame> FrameAsync(SamplePlan plan, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await FrameAsync(db, plan, cancel);
    }

    /// <summary>Draws, keeps frame and draw, and queues the calls drawn; all or nothing.</summary>
    /// <returns>The sample's id, or what is wrong.</returns>
    public async Task<(int? Id, string? Problem)> DrawAsync(SamplePlan plan, string by, CancellationToken cancel)
    {
        await OffCircuit.Go();
        if (plan.Problems() is [var first, ..])
        {
            return (null, first);
        }

        SampleFrame frame;
        await using (var reading = await contexts.CreateDbContextAsync(cancel))
        {
            // Read before the pen is taken: a large frame must not hold up the inbox.
            frame = await FrameAsync(reading, plan, cancel);
        }

        if (frame.Size == 0)
        {
            return (null, T("No call is left to draw from. Widen the filter or exclude less."));
        }

        var (sample, strata, calls) = Select(plan, frame, by);
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        db.Add(sample);
        await db.SaveChangesAsync(cancel);
        strata.ForEach(row => row.SampleId = sample.Id);
        calls.ForEach(row => row.SampleId = sample.Id);
        db.AddRange(strata);
        db.AddRange(calls);
        await db.SaveChangesAsync(cancel);
        await queue.AddAsync(
            db,
            [.. calls.Select(row => row.CallId)],
            new QueueWish { Source = ReviewSource.RandomSample, SampleId = sample.Id, By = by, DueAt = plan.DueAt, AssignTo = plan.AssignTo, DoublePercent = plan.DoublePercent },
            cancel);
        await transaction.CommitAsync(cancel);
        queue.Tell();
        return (sample.Id, null);
    }

    /// <summary>Draws again from the kept frame and compares with what was drawn then.</summary>
    public async Task<Redraw> RedrawAsync(int id, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var sample = await db.ReviewSamples.AsNoTracking().SingleAsync(row => row.Id == id, cancel);
        var strata = await db.SampleStrata.AsNoTracking().Where(row => row.SampleId == id).OrderBy(row => row.Ordinal).ToListAsync(cancel);
        var drawn = await db.SampleCalls.AsNoTracking().Where(row => row.SampleId == id).Select(row => row.CallId).ToListAsync(cancel);
        var frames = strata.ConvertAll(row => FrameIds.Unpack(row.Frame));
        var parts = Draw.Allocate(sample.Allocation, frames.ConvertAll(frame => frame.Count), sample.Wanted);
        var again = frames.SelectMany((frame, i) => Draw.Lowest(sample.Seed, frame, parts[i])).ToHashSet();
        return new Redraw(again.SetEquals(drawn) && drawn.Count == again.Count, [.. again.Order()], FrameIds.Fingerprint(frames.SelectMany(frame => frame).Order()));
    }

    private (ReviewSample Sample, List<SampleStratum> Strata, List<SampleCall> Calls) Select(SamplePlan plan, SampleFrame frame, string by)
    {
        var sample = new ReviewSample
        {
            Name = plan.Name.Trim(),
            Filter = plan.Filter.ToQueryString(),
            By = plan.By,
            Allocation = plan.Allocation,
            Wanted = plan.Wanted,
            Seed = plan.Seed.Trim(),
            AsOfLanding = frame.AsOfLanding,
            AsOfCall = frame.AsOfCall,
            WithoutReviewed = plan.WithoutReviewed,
            WithoutRecording = plan.WithoutRecording,
            ShortestSeconds = plan.ShortestSeconds,
            Fitting = frame.Fitting,
            ExcludedReviewed = frame.ExcludedReviewed,
            ExcludedWithoutRecording = frame.ExcludedWithoutRecording,
            ExcludedShort = frame.ExcludedShort,
            FrameSize = frame.Size,
            CreatedAt = time.GetUtcNow(),
            CreatedBy = by,
        };
        var strata = new List<SampleStratum>();
        var calls = new List<SampleCall>();
        var parts = frame.Allocate(plan);
        for (var i = 0; i < frame.Strata.Count; i++)
        {
            var ids = frame.Strata[i].Ids;
            var drawn = Draw.Lowest(sample.Seed, ids, parts[i]);
            strata.Add(new SampleStratum { Ordinal = i, Key = frame.Strata[i].Key.ToJson(), FrameSize = ids.Count, Wanted = parts[i], Drawn = drawn.Count, Frame = FrameIds.Pack(ids) });
            calls.AddRange(drawn.Select(id => new SampleCall { CallId = id, Stratum = i }));
        }

        return (sample, strata, calls);
    }

    private static async Task<SampleFrame> FrameAsync(DashboardDb db, SamplePlan plan, CancellationToken cancel)
    {
        // One picture of the store for bounds and calls: what lands meanwhile is not part of it.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var landing = await db.Landings.MaxAsync(row => (long?)row.Sequence, cancel) ?? 0;
        var newest = await db.Calls.MaxAsync(row => (long?)row.Id, cancel) ?? 0;
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var strata = new Dictionary<StratumKey, List<long>>();
        var (fitting, reviewed, silent, brief) = (0, 0, 0, 0);
        await foreach (var row in Candidates(db, plan.Filter, connections, newest).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (++fitting > LargestFrame)
            {
                throw new InvalidOperationException($"More than {LargestFrame} calls fit: narrow the filter.");
            }

            if (plan.WithoutReviewed && row.Reviewed)
            {
                reviewed++;
            }
            else if (plan.WithoutRecording && !row.HasRecording)
            {
                silent++;
            }
            else if (plan.ShortestSeconds is { } shortest && !(row.Seconds >= shortest))
            {
                brief++;
            }
            else
            {
                var key = new StratumKey(
                    plan.By.HasFlag(StratifyBy.Robot) ? row.Robot : null,
                    plan.By.HasFlag(StratifyBy.Label) ? row.Label : null,
                    plan.By.HasFlag(StratifyBy.Hangup) ? row.Hangup : null,
                    plan.By.HasFlag(StratifyBy.Attempt) ? Math.Clamp(row.Attempts, 1, StratumKey.MostAttempts) : null);
                if (!strata.TryGetValue(key, out var ids))
                {
                    strata[key] = ids = [];
                }

                ids.Add(row.Id);
            }
        }

        foreach (var ids in strata.Values)
        {
            ids.Sort();
        }

        return new SampleFrame
        {
            Strata = [.. strata.OrderBy(pair => pair.Key.ToJson(), StringComparer.Ordinal).Select(pair => new FrameStratum(pair.Key, pair.Value))],
            AsOfLanding = landing,
            AsOfCall = newest,
            Fitting = fitting,
            ExcludedReviewed = reviewed,
            ExcludedWithoutRecording = silent,
            ExcludedShort = brief,
        };
    }

    /// <summary>The calls that fit, each once, with what decides about stratum and exclusion.</summary>
    public static IQueryable<Candidate> Candidates(DashboardDb db, CallFilter filter, IReadOnlyList<Connection> connections, long newest) =>
        filter.Apply(db, connections).Where(call => call.Id <= newest).Select(call => new Candidate
        {
            Id = call.Id,
            Robot = call.RobotHash,
            Label = call.Label,
            Hangup = call.HangupType,
            Attempts = call.AttemptCount,
            HasRecording = call.HasRecording,
            Seconds = call.DurationSeconds,
            Reviewed = db.Reviews.Any(review => review.CallId == call.Id && review.SubmittedAt != null),
        });

    /// <summary>The plan's filter from the text a sample keeps.</summary>
    public static CallFilter FilterOf(string query) => CallFilter.Parse(QueryHelpers.ParseQuery(query)).Filter;
}

/// <summary>A call that might be drawn.</summary>
public sealed record Candidate
{
    public long Id { get; init; }

    public string? Robot { get; init; }

    public string? Label { get; init; }

    public string? Hangup { get; init; }

    public int Attempts { get; init; }

    public bool HasRecording { get; init; }

    public int? Seconds { get; init; }

    public bool Reviewed { get; init; }
}

/// <param name="Same">Exactly the calls of the first draw came out.</param>
/// <param name="CallIds">What came out.</param>
/// <param name="FrameFingerprint">SHA-256 of the kept frame.</param>
public sealed record Redraw(bool Same, IReadOnlyList<long> CallIds, string FrameFingerprint);
