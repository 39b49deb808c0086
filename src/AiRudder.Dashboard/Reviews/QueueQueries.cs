using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Which places of the queue are listed.</summary>
public enum QueueView
{
    /// <summary>What I may take, in the order in which it comes.</summary>
    Mine,
    Open,
    Claimed,
    Done,
    Skipped,
}

/// <summary>A place of the queue as the page shows it; numbers masked.</summary>
/// <param name="Item">The place.</param>
/// <param name="Call">Its call.</param>
/// <param name="Reason">Why it is here, in words.</param>
/// <param name="AssignedTo">Name of the only person who may take it.</param>
/// <param name="By">Name of who works on it, or closed it.</param>
/// <param name="Paired">Two people are to review it.</param>
public sealed record QueueLine(ReviewItem Item, CallLine Call, string Reason, string? AssignedTo, string? By, bool Paired);

/// <summary>Reads the queue for its page.</summary>
public sealed class QueueQueries(IDbContextFactory<DashboardDb> contexts, LabelTable labels, TimeProvider time)
{
    public async Task<IReadOnlyList<QueueLine>> ListAsync(QueueView view, string me, int limit, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var items = await Of(db, view, me, now).AsNoTracking().Take(limit).ToListAsync(cancel);
        return await LinesAsync(db, items, cancel);
    }

    /// <summary>Places by state.</summary>
    public async Task<IReadOnlyDictionary<ReviewItemState, int>> CountAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ReviewItems.GroupBy(item => item.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancel);
    }

    /// <summary>The places of one call, by slot.</summary>
    public async Task<IReadOnlyList<QueueLine>> OfCallAsync(long callId, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await LinesAsync(db, await db.ReviewItems.AsNoTracking().Where(item => item.CallId == callId).OrderBy(item => item.Slot).ToListAsync(cancel), cancel);
    }

    /// <summary>People who may review, by account id.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReviewersAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var accounts = await db.Users.AsNoTracking().Where(account => !account.Disabled && account.Email != null).OrderBy(account => account.Email).Select(account => new { account.Id, account.Email, account.Role }).ToListAsync(cancel);
        return accounts.Where(account => Accounts.Permissions.Allows(account.Role, Accounts.Permission.Review)).ToDictionary(account => account.Id, account => account.Email!);
    }

    public static IQueryable<ReviewItem> Of(DashboardDb db, QueueView view, string me, DateTimeOffset now) => view switch
    {
        QueueView.Mine => ReviewClaims.For(db, me, now),
        QueueView.Open => db.ReviewItems.Where(item => item.State == ReviewItemState.Open).OrderBy(item => item.DueAt == null).ThenBy(item => item.DueAt).ThenBy(item => item.Id),
        QueueView.Claimed => db.ReviewItems.Where(item => item.State == ReviewItemState.Claimed).OrderBy(item => item.ClaimedUntil).ThenBy(item => item.Id),
        QueueView.Done => db.ReviewItems.Where(item => item.State == ReviewItemState.Done).OrderByDescending(item => item.ClosedAt).ThenByDescending(item => item.Id),
        _ => db.ReviewItems.Where(item => item.State == ReviewItemState.Skipped).OrderByDescending(item => item.ClosedAt).ThenByDescending(item => item.Id),
    };

    private async Task<IReadOnlyList<QueueLine>> LinesAsync(DashboardDb db, List<ReviewItem> items, CancellationToken cancel)
    {
        var callIds = items.ConvertAll(item => item.CallId);
        var calls = await db.Calls.AsNoTracking().Where(call => callIds.Contains(call.Id)).ToDictionaryAsync(call => call.Id, cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var context = await CallQueries.ContextAsync(db, connections, calls.Values, await labels.ReadAsync(cancel), cancel);
        var people = await Reviewers.NamesAsync(db, cancel);
        var samples = await db.ReviewSamples.AsNoTracking().ToDictionaryAsync(row => row.Id, row => row.Name, cancel);
        var rules = await db.QueueRules.AsNoTracking().ToDictionaryAsync(row => row.Id, row => row.Name, cancel);
        var paired = (await db.ReviewItems.Where(item => callIds.Contains(item.CallId) && item.Slot == 2).Select(item => item.CallId).ToListAsync(cancel)).ToHashSet();
        return items.ConvertAll(item => new QueueLine(
            item,
            CallLine.Of(calls[item.CallId], context, reveal: false),
            item switch
            {
                { SampleId: { } sample } => T("sample: {0}", samples.GetValueOrDefault(sample, T("gone"))),
                { RuleId: { } rule } => T("rule: {0}", rules.GetValueOrDefault(rule, T("gone"))),
                _ => T("hand-picked"),
            },
            item.AssignedTo is { } assigned ? Reviewers.Name(people, assigned) : null,
            (item.ClosedBy ?? item.ClaimedBy) is { } by ? Reviewers.Name(people, by) : null,
            paired.Contains(item.CallId)));
    }
}
