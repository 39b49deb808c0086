using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>How calls are to be queued.</summary>
public sealed record QueueWish
{
    public ReviewSource Source { get; init; }

    public int? SampleId { get; init; }

    public int? RuleId { get; init; }

    /// <summary>Account that asks; null for a rule.</summary>
    public string? By { get; init; }

    public string? AssignTo { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    /// <summary>So many in a hundred of the calls get two reviewers; which ones is decided by the call's id.</summary>
    public int DoublePercent { get; init; }
}

/// <summary>What became of calls that were to be queued.</summary>
/// <param name="Queued">New in the queue, or back in it after they had been skipped.</param>
/// <param name="Waiting">Stood there already.</param>
/// <param name="Reviewed">Were reviewed before and are left alone.</param>
/// <param name="Unknown">Are no calls (any more).</param>
public sealed record QueueOutcome(IReadOnlyList<long> Queued, int Waiting, int Reviewed, int Unknown)
{
    public string Words => string.Join(", ", new[]
    {
        (Queued.Count, Noted("{0} queued")), (Waiting, Noted("{0} waiting already")), (Reviewed, Noted("{0} reviewed before")), (Unknown, Noted("{0} not found")),
    }.Where(part => part.Item1 > 0).Select(part => T(part.Item2, part.Item1)));
}

/// <summary>Puts calls into the queue. Who takes them out is <see cref="ReviewClaims"/>' matter.</summary>
public sealed class ReviewQueue(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time)
{
    private const int Chunk = 500;

    /// <summary>The queue changed on this node; for counts on open pages.</summary>
    public event Action? Changed;

    public void Tell() => Changed?.Invoke();

    public async Task<QueueOutcome> AddAsync(IReadOnlyCollection<long> callIds, QueueWish wish, CancellationToken cancel)
    {
        await OffCircuit.Go();
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var outcome = await AddAsync(db, callIds, wish, cancel);
        await transaction.CommitAsync(cancel);
        Tell();
        return outcome;
    }

    /// <summary>Inside the caller's transaction.</summary>
    public async Task<QueueOutcome> AddAsync(DashboardDb db, IReadOnlyCollection<long> callIds, QueueWish wish, CancellationToken cancel)
    {
        var queued = new List<long>();
        var (waiting, reviewed, unknown) = (0, 0, 0);
        foreach (var chunk in callIds.Distinct().Order().Chunk(Chunk))
        {
            var known = (await db.Calls.Where(call => chunk.Contains(call.Id)).Select(call => call.Id).ToListAsync(cancel)).ToHashSet();
            var done = (await db.Reviews.Where(review => chunk.Contains(review.CallId) && review.SubmittedAt != null).Select(review => review.CallId).ToListAsync(cancel)).ToHashSet();
            var items = (await db.ReviewItems.Where(item => chunk.Contains(item.CallId)).ToListAsync(cancel)).ToLookup(item => item.CallId);
            foreach (var id in chunk)
            {
                if (!known.Contains(id))
                {
                    unknown++;
                    continue;
                }

                var first = items[id].FirstOrDefault(item => item.Slot == 1);
                if (first is { State: ReviewItemState.Open or ReviewItemState.Claimed })
                {
                    waiting++;
                }
                else if (done.Contains(id) || first is { State: ReviewItemState.Done })
                {
                    reviewed++;
                }
                else
                {
                    Put(db, first, id, slot: 1, wish);
                    queued.Add(id);
                }

                if (items[id].All(item => item.Slot != 2) && Draw.InShare("two reviewers", id, wish.DoublePercent))
                {
                    Put(db, null, id, slot: 2, wish with { AssignTo = null });
                }
            }

            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
        }

        return new QueueOutcome(queued, waiting, reviewed, unknown);
    }

    /// <summary>Asks for a second, independent review of a call.</summary>
    /// <returns>What stands against it; null when it was queued.</returns>
    public async Task<string?> AddSecondAsync(long callId, string by, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var wish = new QueueWish { Source = ReviewSource.HandPicked, By = by };
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var items = await db.ReviewItems.Where(item => item.CallId == callId).ToListAsync(cancel);
        var second = items.Find(item => item.Slot == 2);
        if (second is { State: not ReviewItemState.Skipped })
        {
            return T("Two reviewers are wanted for this call already.");
        }

        Put(db, second, callId, slot: 2, wish);
        if (items.All(item => item.Slot != 1))
        {
            // A review without the queue stands for the first of the pair.
            var earlier = await db.Reviews.Where(review => review.CallId == callId && review.SubmittedAt != null).OrderBy(review => review.SubmittedAt).FirstOrDefaultAsync(cancel);
            var first = Put(db, null, callId, slot: 1, wish);
            if (earlier is not null)
            {
                (first.State, first.ReviewId, first.ClosedBy, first.ClosedAt) = (ReviewItemState.Done, earlier.Id, earlier.ReviewerId, earlier.SubmittedAt);
            }
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        Tell();
        return null;
    }

    /// <summary>Who is to review it, and until when. What somebody works on stays theirs.</summary>
    public async Task<bool> AssignAsync(long id, string? to, DateTimeOffset? due, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var changed = await db.ReviewItems
            .Where(item => item.Id == id && (item.State == ReviewItemState.Open || (item.State == ReviewItemState.Claimed && item.ClaimedUntil <= now)))
            .ExecuteUpdateAsync(
                item => item.SetProperty(it => it.AssignedTo, to).SetProperty(it => it.DueAt, due).SetProperty(it => it.State, ReviewItemState.Open)
                    .SetProperty(it => it.ClaimedBy, (string?)null).SetProperty(it => it.ClaimedUntil, (DateTimeOffset?)null),
                cancel);
        Tell();
        return changed > 0;
    }

    private ReviewItem Put(DashboardDb db, ReviewItem? skipped, long callId, int slot, QueueWish wish)
    {
        var item = skipped ?? new ReviewItem { CallId = callId, Slot = slot };
        (item.State, item.Source, item.SampleId, item.RuleId) = (ReviewItemState.Open, wish.Source, wish.SampleId, wish.RuleId);
        (item.AssignedTo, item.DueAt, item.CreatedBy, item.CreatedAt) = (wish.AssignTo, wish.DueAt, wish.By, time.GetUtcNow());
        (item.SkipReason, item.ClosedBy, item.ClosedAt, item.ClaimedBy, item.ClaimedUntil) = (null, null, null, null, null);
        if (skipped is null)
        {
            db.Add(item);
        }

        return item;
    }
}
