using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>A form as one reviewer has it before them.</summary>
/// <param name="Card">The scorecard.</param>
/// <param name="Version">The version the review was begun with, however many have been published since.</param>
/// <param name="Items">Its items in order.</param>
/// <param name="Review">Null while nothing has been filled in.</param>
/// <param name="Draft">What is filled in.</param>
public sealed record OpenForm(Scorecard Card, ScorecardVersion Version, IReadOnlyList<ScorecardItem> Items, Review? Review, ReviewDraft Draft);

/// <summary>Where reviews are written: drafts as they grow, handing in, and changing afterwards with a history.</summary>
public sealed class ReviewDesk(IDbContextFactory<DashboardDb> contexts, ReviewQueue queue, WriteGate gate, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>My form for a call: the one I began, else an empty one of the scorecard that applies. Null when there is no scorecard.</summary>
    public async Task<OpenForm?> OpenAsync(long callId, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var review = await db.Reviews.AsNoTracking().SingleOrDefaultAsync(row => row.CallId == callId && row.ReviewerId == me, cancel);
        var version = review is null ? await Scorecards.ForCallAsync(db, callId, cancel) : await db.ScorecardVersions.AsNoTracking().SingleAsync(row => row.Id == review.VersionId, cancel);
        if (version is null)
        {
            return null;
        }

        var card = await db.Scorecards.AsNoTracking().SingleAsync(row => row.Id == version.ScorecardId, cancel);
        var items = await Scorecards.ItemsAsync(db, version.Id, cancel);
        return new OpenForm(card, version, items, review, review switch
        {
            null => ReviewDraft.Empty,
            { Draft: { } draft } => Read(draft),
            _ => await HandedInAsync(db, review, cancel),
        });
    }

    /// <summary>Keeps what is filled in so far.</summary>
    public async Task SaveDraftAsync(long callId, int versionId, string me, ReviewDraft draft, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var now = time.GetUtcNow();
        var text = JsonSerializer.Serialize(draft, Json);
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var mine = db.Reviews.Where(row => row.CallId == callId && row.ReviewerId == me);
        if (await mine.ExecuteUpdateAsync(row => row.SetProperty(it => it.Draft, text).SetProperty(it => it.SavedAt, now), cancel) == 0)
        {
            db.Add(new Review { CallId = callId, VersionId = versionId, ReviewerId = me, StartedAt = now, SavedAt = now, Draft = text });
            await db.SaveChangesAsync(cancel);
        }
    }

    /// <summary>Hands a review in, or changes one that was: what it said before is kept. Closes the call's place in the queue.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="versionId">Of the scorecard.</param>
    /// <param name="me">Account id.</param>
    /// <param name="draft">What is filled in.</param>
    /// <param name="item">The place in the queue it was opened from; null when it was opened from the call.</param>
    /// <param name="cancel">Stops it before anything is written.</param>
    /// <returns>What stands against it; null when it is in.</returns>
    public async Task<string?> SubmitAsync(long callId, int versionId, string me, ReviewDraft draft, long? item, CancellationToken cancel)
    {
        await OffCircuit.Go();
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var items = await Scorecards.ItemsAsync(db, versionId, cancel);
        var score = Score.Of(items, draft.Points);
        if (Problem(items, draft, score) is { } problem)
        {
            return problem;
        }

        if (await db.Calls.AsNoTracking().Where(row => row.Id == callId).Select(row => new { row.Label }).SingleOrDefaultAsync(cancel) is not { } call)
        {
            return T("The call does not exist any more.");
        }

        var now = time.GetUtcNow();
        var version = await db.ScorecardVersions.AsNoTracking().SingleAsync(row => row.Id == versionId, cancel);
        var review = await db.Reviews.SingleOrDefaultAsync(row => row.CallId == callId && row.ReviewerId == me, cancel);
        if (review is null)
        {
            review = new Review { CallId = callId, VersionId = versionId, ReviewerId = me, StartedAt = now };
            db.Add(review);
        }
        else if (review.VersionId != versionId)
        {
            return T("This review was begun with another version of the scorecard. Load the page again.");
        }
        else if (review.SubmittedAt is not null)
        {
            db.Add(new ReviewEdit { ReviewId = review.Id, At = now, Score = review.Score, Before = JsonSerializer.Serialize(await HandedInAsync(db, review, cancel), Json) });
            review.Edits++;
        }

        Fill(review, draft, score, version, call.Label, now);
        await db.SaveChangesAsync(cancel);
        await db.ReviewAnswers.Where(row => row.ReviewId == review.Id).ExecuteDeleteAsync(cancel);
        db.AddRange(items.Where(it => draft.Points.ContainsKey(it.Id)).Select(it => new ReviewAnswer { ReviewId = review.Id, ItemId = it.Id, Points = draft.Points[it.Id] }));
        await db.SaveChangesAsync(cancel);
        await CloseAsync(db, review, item, now, cancel);
        await transaction.CommitAsync(cancel);
        queue.Tell();
        return null;
    }

    /// <summary>What a review said before, newest first.</summary>
    public async Task<IReadOnlyList<(ReviewEdit Edit, ReviewDraft Before)>> HistoryAsync(long reviewId, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var edits = await db.ReviewEdits.AsNoTracking().Where(row => row.ReviewId == reviewId).OrderByDescending(row => row.Id).ToListAsync(cancel);
        return edits.ConvertAll(edit => (edit, Read(edit.Before)));
    }

    private static string? Problem(IReadOnlyList<ScorecardItem> items, ReviewDraft draft, Score score)
    {
        foreach (var item in items)
        {
            var given = draft.Points.TryGetValue(item.Id, out var points);
            if (given && (points is null ? !item.AllowsNotApplicable : points < 0 || points > item.MaxPoints))
            {
                return T("'{0}' cannot be answered like this.", item.Text);
            }
        }

        return score.Missing switch
        {
            > 0 => T("{0} of {1} items have no answer yet.", score.Missing, items.Count),
            _ when draft.Comment is { Length: > 4000 } => T("The comment is longer than 4,000 characters."),
            _ => null,
        };
    }

    private static void Fill(Review review, ReviewDraft draft, Score score, ScorecardVersion version, string? robotLabel, DateTimeOffset now)
    {
        review.SubmittedAt ??= now;
        (review.SavedAt, review.Draft) = (now, null);
        (review.Score, review.FatalFailed, review.Defect) = (score.Value, score.FatalFailed, score.IsDefect(version.PassMark));
        review.RobotLabel = robotLabel;
        review.LabelVerdict = draft.LabelVerdict == LabelVerdict.Differs && draft.ReviewLabel == robotLabel ? LabelVerdict.Agrees : draft.LabelVerdict;
        review.ReviewLabel = review.LabelVerdict switch { LabelVerdict.Agrees => robotLabel, LabelVerdict.Differs => draft.ReviewLabel, _ => null };
        review.Comment = string.IsNullOrWhiteSpace(draft.Comment) ? null : draft.Comment.Trim();
    }

    /// <summary>
    /// The place it was opened from; without one, the first place of this call that waits and is nobody else's. Whoever reviewed one half
    /// of a pair does not close the other half.
    /// </summary>
    private static async Task CloseAsync(DashboardDb db, Review review, long? from, DateTimeOffset now, CancellationToken cancel)
    {
        var me = review.ReviewerId;
        var places = await db.ReviewItems.Where(row => row.CallId == review.CallId).OrderBy(row => row.Slot).ToListAsync(cancel);
        if (places.Exists(row => row.ReviewId == review.Id))
        {
            return;
        }

        var mine = places.FindAll(row => row.State is ReviewItemState.Open or ReviewItemState.Claimed or ReviewItemState.Skipped &&
            (row.State != ReviewItemState.Claimed || row.ClaimedBy == me || row.ClaimedUntil <= now));
        if ((mine.Find(row => row.Id == from) ?? mine.FirstOrDefault()) is { } place)
        {
            (place.State, place.ReviewId, place.ClosedBy, place.ClosedAt) = (ReviewItemState.Done, review.Id, me, now);
            (place.ClaimedBy, place.ClaimedUntil, place.SkipReason) = (null, null, null);
            await db.SaveChangesAsync(cancel);
        }
    }

    private static async Task<ReviewDraft> HandedInAsync(DashboardDb db, Review review, CancellationToken cancel) => new()
    {
        Points = await db.ReviewAnswers.AsNoTracking().Where(row => row.ReviewId == review.Id).ToDictionaryAsync(row => row.ItemId, row => row.Points, cancel),
        LabelVerdict = review.LabelVerdict,
        ReviewLabel = review.ReviewLabel,
        Comment = review.Comment,
    };

    private static ReviewDraft Read(string json) => JsonSerializer.Deserialize<ReviewDraft>(json, Json) ?? ReviewDraft.Empty;
}
