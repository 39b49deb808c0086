using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>A rule and what it has done.</summary>
public sealed record RuleLine(QueueRule Rule, IReadOnlyDictionary<RuleOutcome, int> Matches);

/// <summary>Keeps the rules, and applies them to calls that have landed.</summary>
public sealed class QueueRules(IDbContextFactory<DashboardDb> contexts, ReviewQueue queue, IBulkWrite bulk, WriteGate gate, TimeProvider time)
{
    /// <summary>Landings looked at in one transaction.</summary>
    private const int Landings = 100;

    /// <summary>Calls of the landings looked at in one transaction.</summary>
    private const int MostCalls = 5_000;

    private const int Chunk = 500;

    /// <summary>The vendor's word, which is to be compared without regard to case.</summary>
    private static readonly string[] ByCallee = ["ByCallee", "byCallee", "bycallee", "Bycallee", "BYCALLEE"];

    public async Task<IReadOnlyList<RuleLine>> ListAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var rules = await db.QueueRules.AsNoTracking().OrderBy(rule => rule.Name).ToListAsync(cancel);
        var counts = await db.RuleMatches.GroupBy(match => new { match.RuleId, match.Outcome }).Select(group => new { group.Key.RuleId, group.Key.Outcome, Count = group.Count() }).ToListAsync(cancel);
        return rules.ConvertAll(rule => new RuleLine(rule, counts.Where(row => row.RuleId == rule.Id).ToDictionary(row => row.Outcome, row => row.Count)));
    }

    /// <returns>What is wrong; null when the rule is in force from the next landing on.</returns>
    public async Task<string?> AddAsync(QueueRule rule, CancellationToken cancel)
    {
        await OffCircuit.Go();
        if (Problem(rule) is { } problem)
        {
            return problem;
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        rule.CreatedAt = time.GetUtcNow();
        rule.SinceLanding = await db.Landings.MaxAsync(row => (long?)row.Sequence, cancel) ?? 0;
        db.Add(rule);
        await db.SaveChangesAsync(cancel);
        return null;
    }

    /// <summary>Switches a rule. What landed while it was off stays out.</summary>
    public async Task EnableAsync(int id, bool enabled, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var newest = await db.Landings.MaxAsync(row => (long?)row.Sequence, cancel) ?? 0;
        await db.QueueRules.Where(rule => rule.Id == id && rule.Enabled != enabled)
            .ExecuteUpdateAsync(rule => rule.SetProperty(it => it.Enabled, enabled).SetProperty(it => it.SinceLanding, it => enabled ? newest : it.SinceLanding), cancel);
    }

    /// <summary>
    /// Applies the rules to the landings after the last ones looked at. What fits is looked for before the pen is taken; the position
    /// moves in the transaction that queues, so that after a crash, or with several nodes, each landing is looked at once.
    /// </summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> FollowAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var position = await db.Counters.Where(row => row.Name == ReviewTables.RulePosition).Select(row => row.Value).SingleAsync(cancel);
        var newest = await db.Landings.MaxAsync(row => (long?)row.Sequence, cancel) ?? 0;
        if (newest <= position)
        {
            return false;
        }

        // After the newest landing was read: a rule made since then asks for later ones only, so what no rule asks for is passed over at once.
        var rules = await db.QueueRules.AsNoTracking().Where(row => row.Enabled && row.SinceLanding < newest).OrderBy(row => row.Id).ToListAsync(cancel);
        var landings = rules.Count == 0 ? [] : Some(await After(db, Math.Max(position, rules.Min(rule => rule.SinceLanding))).ToListAsync(cancel));
        var last = landings.Count == 0 ? newest : landings[^1].Sequence;
        var found = new List<(QueueRule Rule, List<FoundCall> Calls)>();
        foreach (var rule in rules.Where(rule => rule.SinceLanding < last))
        {
            var deliveries = landings.FindAll(row => row.Sequence > rule.SinceLanding).ConvertAll(row => row.DeliveryId);
            found.Add((rule, await Matching(db, rule, deliveries).OrderBy(call => call.Id).Select(call => new FoundCall(call.Id, call.ConnectionId)).ToListAsync(cancel)));
        }

        using var pen = await gate.EnterAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Counters.Where(row => row.Name == ReviewTables.RulePosition && row.Value == position).ExecuteUpdateAsync(row => row.SetProperty(it => it.Value, last), cancel) == 0)
        {
            return true; // another node was quicker
        }

        var queued = false;
        foreach (var (rule, calls) in found.Where(pair => pair.Calls.Count > 0))
        {
            queued |= await ApplyAsync(db, rule, calls, cancel);
        }

        await transaction.CommitAsync(cancel);
        if (queued)
        {
            queue.Tell();
        }

        return true;
    }

    public static IQueryable<LandedDelivery> After(DashboardDb db, long position) =>
        db.Landings.AsNoTracking().Where(row => row.Sequence > position).OrderBy(row => row.Sequence).Take(Landings).Select(row => new LandedDelivery(row.Sequence, row.DeliveryId, row.Calls));

    /// <summary>As many landings as one short transaction can take; always one at least.</summary>
    private static List<LandedDelivery> Some(List<LandedDelivery> landings)
    {
        var calls = 0;
        return [.. landings.TakeWhile((landing, i) => (calls += landing.Calls) <= MostCalls || i == 0)];
    }

    /// <summary>Of the calls of these deliveries, those that meet a rule and have not met it before.</summary>
    public static IQueryable<Call> Matching(DashboardDb db, QueueRule rule, IReadOnlyCollection<long> deliveries) =>
        Fitting(rule, db.Calls.AsNoTracking().Where(call => db.CallVersions.Any(version => version.CallId == call.Id && deliveries.Contains(version.DeliveryId))), db)
            .Where(call => !db.RuleMatches.Any(match => match.RuleId == rule.Id && match.CallId == call.Id));

    private static IQueryable<Call> Fitting(QueueRule rule, IQueryable<Call> calls, DashboardDb db) => rule.Kind switch
    {
        QueueRuleKind.TransferFailed => calls.Where(call => call.TransferRequestedAt != null && call.TransferSucceededAt == null),
        QueueRuleKind.CalleeHungUpEarly => HungUpEarly(calls, int.Parse(rule.Value ?? "1", System.Globalization.CultureInfo.InvariantCulture)),
        QueueRuleKind.Contradiction => new CallFilter { Flag = rule.Value is null ? CallFlags.Contradiction : Enum.Parse<CallFlags>(rule.Value) }.Narrow(calls, db),
        QueueRuleKind.LabelIs => new CallFilter { Label = rule.Value }.Narrow(calls, db),
        QueueRuleKind.WordSaid => Said(calls, rule.Value!, db),
        _ => throw new InvalidOperationException($"There is no rule of kind {rule.Kind}."),
    };

    private static IQueryable<Call> HungUpEarly(IQueryable<Call> calls, int turns) =>
        calls.Where(call => call.Connected && call.TalkRounds <= turns && ByCallee.Contains(call.HangupType));

    private static IQueryable<Call> Said(IQueryable<Call> calls, string words, DashboardDb db)
    {
        var pattern = $"%{words.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
        return calls.Where(call => db.CallDetails.Any(detail => detail.CallId == call.Id &&
            (EF.Functions.Like(detail.TurnsJson!, pattern, "!") || EF.Functions.Like(detail.Summary!, pattern, "!"))));
    }

    private async Task<bool> ApplyAsync(DashboardDb db, QueueRule rule, IReadOnlyList<FoundCall> found, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var zones = await db.Connections.AsNoTracking().ToDictionaryAsync(row => row.Id, row => row.TimeZone, cancel);
        var queued = false;
        foreach (var connection in found.GroupBy(call => call.ConnectionId))
        {
            var days = new LocalDays(zones[connection.Key]);
            var midnight = days.StartOf(days.DayOf(now));
            var left = rule.DailyCap - await db.RuleMatches.CountAsync(match => match.RuleId == rule.Id && match.Outcome == RuleOutcome.Queued && match.At >= midnight, cancel);
            foreach (var chunk in connection.Select(call => call.Id).Chunk(Chunk))
            {
                var chosen = chunk.Where(id => Draw.InShare($"rule {rule.Id}", id, rule.SharePercent)).ToHashSet();
                var fresh = await FreshAsync(db, chosen, cancel);
                var taken = fresh.Order().Take(Math.Max(0, left)).ToHashSet();
                left -= taken.Count;
                var matches = chunk.Select(id => new RuleMatch
                {
                    RuleId = rule.Id,
                    CallId = id,
                    At = now,
                    Outcome = !chosen.Contains(id) ? RuleOutcome.NotInShare : !fresh.Contains(id) ? RuleOutcome.Known : taken.Contains(id) ? RuleOutcome.Queued : RuleOutcome.OverCap,
                });
                await bulk.InsertAsync(db, matches.ToList(), cancel);
                if (taken.Count > 0)
                {
                    queued = true;
                    await queue.AddAsync(
                        db, taken, new QueueWish { Source = ReviewSource.Rule, RuleId = rule.Id, DueAt = rule.DueDays is { } due ? now.AddDays(due) : null, DoublePercent = rule.DoublePercent }, cancel);
                }
            }
        }

        return queued;
    }

    /// <summary>Those that neither stand in the queue nor were reviewed.</summary>
    private static async Task<HashSet<long>> FreshAsync(DashboardDb db, HashSet<long> ids, CancellationToken cancel)
    {
        var known = await db.ReviewItems.Where(item => ids.Contains(item.CallId) && item.State != ReviewItemState.Skipped).Select(item => item.CallId)
            .Union(db.Reviews.Where(review => ids.Contains(review.CallId) && review.SubmittedAt != null).Select(review => review.CallId)).ToListAsync(cancel);
        return [.. ids.Except(known)];
    }

    private static string? Problem(QueueRule rule) => rule switch
    {
        _ when rule.Name.Trim().Length is 0 or > 100 => T("The name must have 1 to 100 characters."),
        { SharePercent: < 1 or > 100 } => T("The share must be 1 to 100 %."),
        { DailyCap: < 1 or > 10_000 } => T("The daily cap must be 1 to 10,000 calls."),
        { DoublePercent: < 0 or > 100 } => T("The share for two reviewers must be 0 to 100 %."),
        { DueDays: < 0 or > 365 } => T("Due within 0 to 365 days, or empty."),
        { Value.Length: > 200 } => T("The value has at most 200 characters."),
        { Kind: QueueRuleKind.LabelIs or QueueRuleKind.WordSaid } when string.IsNullOrWhiteSpace(rule.Value) => T("This rule needs a value: which label, or which words?"),
        { Kind: QueueRuleKind.Contradiction, Value: { } flag } when !Enum.GetNames<CallFlags>().Contains(flag) => T("'{0}' is not a contradiction.", flag),
        { Kind: QueueRuleKind.CalleeHungUpEarly, Value: { } turns } when !int.TryParse(turns, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) || number > 100 =>
            T("Turns must be a whole number up to 100."),
        _ => null,
    };

    public sealed record LandedDelivery(long Sequence, long DeliveryId, int Calls);

    private sealed record FoundCall(long Id, int ConnectionId);
}
