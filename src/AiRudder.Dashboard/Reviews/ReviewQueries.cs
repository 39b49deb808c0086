using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Which stretch of the reviews, and for whom.</summary>
/// <param name="Filter">Which reviews.</param>
/// <param name="BlindFor">See <see cref="ReviewFilter.Visible"/>.</param>
/// <param name="Before">Only reviews older than this id; null from the newest on.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Reveal">Numbers in full.</param>
public sealed record ReviewsWanted(ReviewFilter Filter, string? BlindFor, long? Before = null, int Limit = 50, bool Reveal = false);

/// <summary>A stretch of the reviews, and from where it goes on.</summary>
public sealed record ReviewLines(IReadOnlyList<ReviewLine> Items, string? Next);

/// <summary>Lists of reviews. What leaves is masked here, and hidden from those who still have to judge the same call.</summary>
public sealed class ReviewQueries(IDbContextFactory<DashboardDb> contexts, LabelTable labels)
{
    private const int Chunk = 200;

    /// <summary>Whom the first half of a pair must be hidden from: everybody who reviews.</summary>
    public static string? BlindFor(ClaimsPrincipal reader) => Permissions.Allows(reader, Permission.Review) ? Reviewers.Id(reader) : null;

    /// <summary>Newest first.</summary>
    public async Task<ReviewLines> ListAsync(ReviewsWanted wanted, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var people = await Reviewers.NamesAsync(db, cancel);
        var reviews = wanted.Filter.Apply(db, connections, people, wanted.BlindFor);
        reviews = wanted.Before is { } before ? reviews.Where(review => review.Id < before) : reviews;
        var found = await reviews.OrderByDescending(review => review.Id).Take(wanted.Limit + 1).ToListAsync(cancel);
        var more = found.Count > wanted.Limit;
        found = found[..Math.Min(found.Count, wanted.Limit)];

        var callIds = found.ConvertAll(review => review.CallId);
        var calls = await db.Calls.AsNoTracking().Where(call => callIds.Contains(call.Id)).ToDictionaryAsync(call => call.Id, cancel);
        var context = await CallQueries.ContextAsync(db, connections, calls.Values, await labels.ReadAsync(cancel), cancel);
        var versionIds = found.Select(review => review.VersionId).Distinct().ToList();
        var versions = await db.ScorecardVersions.AsNoTracking().Where(version => versionIds.Contains(version.Id)).ToDictionaryAsync(version => version.Id, cancel);
        var cards = await db.Scorecards.AsNoTracking().ToDictionaryAsync(card => card.Id, card => card.Name, cancel);
        var items = (await db.ScorecardItems.AsNoTracking().Where(item => versionIds.Contains(item.VersionId)).OrderBy(item => item.Ordinal).ToListAsync(cancel)).ToDictionary(item => item.Id);
        var ids = found.ConvertAll(review => review.Id);
        var answers = (await db.ReviewAnswers.AsNoTracking().Where(answer => ids.Contains(answer.ReviewId)).ToListAsync(cancel)).ToLookup(answer => answer.ReviewId);
        var places = (await db.ReviewItems.AsNoTracking().Where(item => item.ReviewId != null && ids.Contains(item.ReviewId.Value)).ToListAsync(cancel)).ToDictionary(item => item.ReviewId!.Value);
        return new ReviewLines(
            [
                .. found.Select(review => ReviewLine.Of(
                    review,
                    CallLine.Of(calls[review.CallId], context, wanted.Reveal),
                    Reviewers.Name(people, review.ReviewerId),
                    versions[review.VersionId],
                    cards[versions[review.VersionId].ScorecardId],
                    places.GetValueOrDefault(review.Id),
                    [.. answers[review.Id].Select(answer => (Answer: answer, Item: items[answer.ItemId])).OrderBy(pair => pair.Item.Ordinal)
                        .Select(pair => new ReviewedItem(pair.Item.Ordinal, pair.Item.Text, pair.Answer.Points, pair.Item.MaxPoints, pair.Item.Weight, pair.Item.Fatal))],
                    wanted.Reveal ? review.Comment : Mask.Within(review.Comment, Secrets(calls[review.CallId])))),
            ],
            more ? found[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Every review that fits, newest first, for as long as the reader takes them.</summary>
    public async IAsyncEnumerable<ReviewLine> StreamAsync(ReviewsWanted wanted, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (left, before) = (wanted.Limit, wanted.Before);
        while (left > 0)
        {
            var page = await ListAsync(wanted with { Before = before, Limit = Math.Min(left, Chunk) }, cancel);
            foreach (var line in page.Items)
            {
                yield return line;
            }

            left -= page.Items.Count;
            if (page.Next is not { } next)
            {
                yield break;
            }

            before = long.Parse(next, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Reviews of one call that a reader may see, oldest first.</summary>
    public async Task<IReadOnlyList<ReviewLine>> OfCallAsync(long callId, string? blindFor, bool reveal, CancellationToken cancel)
    {
        var page = await ListAsync(new(new() { Call = callId }, blindFor, null, 50, reveal), cancel);
        return [.. page.Items.Reverse()];
    }

    /// <summary>How many reviews of a call are in, hidden ones too.</summary>
    public async Task<int> CountOfCallAsync(long callId, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Reviews.CountAsync(review => review.CallId == callId && review.SubmittedAt != null, cancel);
    }

    /// <summary>Labels that the robot of a call is known to give: those with a meaning, and those of its newest calls.</summary>
    public async Task<IReadOnlyList<string>> LabelsAsync(long callId, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.Calls.Where(row => row.Id == callId).Select(row => new { row.ConnectionId, row.RobotHash }).SingleOrDefaultAsync(cancel) is not { } call)
        {
            return [];
        }

        var given = (await labels.ReadAsync(cancel)).Rows.Where(row => row.ConnectionId == call.ConnectionId && (row.RobotHash is null || row.RobotHash == call.RobotHash)).Select(row => row.Label);
        var seen = await db.Calls.Where(row => row.ConnectionId == call.ConnectionId && row.RobotHash == call.RobotHash && row.Label != null)
            .OrderByDescending(row => row.OccurredAt).Take(1000).Select(row => row.Label!).Distinct().ToListAsync(cancel);
        return [.. given.Concat(seen).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>A reviewer may have written the number down.</summary>
    private static IReadOnlyList<string> Secrets(Call call) =>
        [.. new[] { call.Callee, call.Callee?.TrimStart('+'), call.CallerNumber, call.CallerNumber?.TrimStart('+') }.OfType<string>().Where(number => number.Length >= 7).OrderByDescending(number => number.Length)];
}
