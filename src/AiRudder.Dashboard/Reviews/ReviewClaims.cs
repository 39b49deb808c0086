using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>
/// Who works on what. Taking a call is one conditional update, so that of two people who want it at once the database gives it to one.
/// A claim runs out unless it is renewed; then anybody may take over.
/// </summary>
public sealed class ReviewClaims(IDbContextFactory<DashboardDb> contexts, ReviewQueue queue, TimeProvider time)
{
    /// <summary>How long a claim lasts without being renewed.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(15);

    /// <summary>Tries of <see cref="NextAsync"/> before it admits that others were always quicker.</summary>
    private const int MostTries = 20;

    /// <summary>What a person may take, best first: theirs, then by due date, then by age. Never both halves of a pair.</summary>
    public static IQueryable<ReviewItem> For(DashboardDb db, string me, DateTimeOffset now) =>
        Takeable(db, me, now)
            .OrderByDescending(item => item.ClaimedBy == me)
            .ThenByDescending(item => item.AssignedTo == me)
            .ThenBy(item => item.DueAt == null)
            .ThenBy(item => item.DueAt)
            .ThenBy(item => item.Id);

    /// <summary>Takes one call.</summary>
    /// <returns>Whether it is mine now.</returns>
    public async Task<bool> ClaimAsync(long id, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var now = time.GetUtcNow();
        var until = now + Lasts;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var mine = await Takeable(db, me, now).Where(item => item.Id == id).ExecuteUpdateAsync(
            item => item.SetProperty(it => it.State, ReviewItemState.Claimed).SetProperty(it => it.ClaimedBy, me).SetProperty(it => it.ClaimedUntil, until), cancel) > 0;
        if (mine)
        {
            queue.Tell();
        }

        return mine;
    }

    /// <summary>Takes the next call; null when nothing is left.</summary>
    /// <param name="me">Account id.</param>
    /// <param name="after">An item to leave out: the one just left.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<ReviewItem?> NextAsync(string me, long? after, CancellationToken cancel)
    {
        await OffCircuit.Go();
        for (var i = 0; i < MostTries; i++)
        {
            if (await PeekAsync(me, after, cancel) is not { } item)
            {
                return null;
            }

            if (await ClaimAsync(item.Id, me, cancel))
            {
                return item;
            }
        }

        return null;
    }

    /// <summary>What <see cref="NextAsync"/> would most likely take, for loading it beforehand.</summary>
    public async Task<ReviewItem?> PeekAsync(string me, long? after, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await For(db, me, time.GetUtcNow()).AsNoTracking().Where(item => item.Id != after).FirstOrDefaultAsync(cancel);
    }

    /// <summary>
    /// Our id of the call that most likely comes next, when our own copy of its recording can be asked for beforehand. The vendor is not
    /// asked for a sound that perhaps nobody hears.
    /// </summary>
    public async Task<long?> NextSoundAsync(string me, long? after, CancellationToken cancel)
    {
        if (await PeekAsync(me, after, cancel) is not { } item)
        {
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Recordings.AnyAsync(row => row.CallId == item.CallId && row.State == RecordingState.Kept, cancel) ? item.CallId : null;
    }

    /// <summary>Keeps a claim while its person is at work. False when somebody else has taken over.</summary>
    public async Task<bool> RenewAsync(long id, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var until = time.GetUtcNow() + Lasts;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ReviewItems.Where(item => item.Id == id && item.State == ReviewItemState.Claimed && item.ClaimedBy == me)
            .ExecuteUpdateAsync(item => item.SetProperty(it => it.ClaimedUntil, until), cancel) > 0;
    }

    /// <summary>Gives a call back.</summary>
    public async Task ReleaseAsync(long id, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.ReviewItems.Where(item => item.Id == id && item.State == ReviewItemState.Claimed && item.ClaimedBy == me).ExecuteUpdateAsync(
            item => item.SetProperty(it => it.State, ReviewItemState.Open).SetProperty(it => it.ClaimedBy, (string?)null).SetProperty(it => it.ClaimedUntil, (DateTimeOffset?)null), cancel);
        queue.Tell();
    }

    /// <summary>Leaves a call unreviewed, and says why.</summary>
    /// <returns>What stands against it; null when it is skipped.</returns>
    public async Task<string?> SkipAsync(long id, string me, string reason, CancellationToken cancel)
    {
        await OffCircuit.Go();
        reason = reason.Trim();
        if (reason.Length is 0 or > 300)
        {
            return T("Say in 1 to 300 characters why it is skipped.");
        }

        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var skipped = await db.ReviewItems.Where(item => item.Id == id && item.State == ReviewItemState.Claimed && item.ClaimedBy == me).ExecuteUpdateAsync(
            item => item.SetProperty(it => it.State, ReviewItemState.Skipped).SetProperty(it => it.SkipReason, reason).SetProperty(it => it.ClosedBy, me).SetProperty(it => it.ClosedAt, now),
            cancel);
        queue.Tell();
        return skipped > 0 ? null : T("Somebody else has taken this call over.");
    }

    /// <summary>How many calls wait for a person: theirs, and those that anybody may take.</summary>
    public async Task<int> CountAsync(string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Takeable(db, me, time.GetUtcNow()).CountAsync(cancel);
    }

    private static IQueryable<ReviewItem> Takeable(DashboardDb db, string me, DateTimeOffset now) => db.ReviewItems.Where(item =>
        (item.State == ReviewItemState.Open || (item.State == ReviewItemState.Claimed && (item.ClaimedBy == me || item.ClaimedUntil <= now))) &&
        (item.AssignedTo == null || item.AssignedTo == me) &&
        !db.ReviewItems.Any(other => other.CallId == item.CallId && other.Id != item.Id &&
            ((other.State == ReviewItemState.Claimed && other.ClaimedBy == me && other.ClaimedUntil > now) ||
             (other.State == ReviewItemState.Done && other.ClosedBy == me))));
}
