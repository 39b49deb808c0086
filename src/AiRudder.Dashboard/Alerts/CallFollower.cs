using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>
/// Looks at every call once it is visible, in the order of the landings, and remembers how far it came in the transaction that opens
/// alerts: none is missed and none rings twice, whatever happens in between.
/// </summary>
public sealed class CallFollower(IDbContextFactory<DashboardDb> contexts, WriteGate gate, ConnectionDirectory directory, AlertClaim claim, TimeProvider time)
{
    private const int MostLandings = 200;

    /// <summary>Calls remembered one by one per pass; more are only counted.</summary>
    private const int MostCalls = 200;

    /// <returns>True when there may be more.</returns>
    public async Task<bool> FollowAsync(CancellationToken cancel)
    {
        var (rules, from, landings) = await NextAsync(cancel);
        if (from is not null && landings.Count == 0)
        {
            return false;
        }

        var met = new List<(AlertRule Rule, List<Met> Calls)>();
        foreach (var rule in rules)
        {
            var deliveries = landings.Where(landing => !landing.Again && (rule.ConnectionId is null || landing.ConnectionId == rule.ConnectionId)).Select(landing => landing.DeliveryId).ToList();
            if (deliveries.Count > 0)
            {
                met.Add((rule, await MetAsync(rule, deliveries, cancel)));
            }
        }

        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await claim.HoldAsync(db, cancel);
        long? to = landings.Count > 0 ? landings[^1].Sequence : await db.Landings.MaxAsync(row => (long?)row.Sequence, cancel) ?? 0;
        if (met.Any(it => it.Calls.Count > 0))
        {
            await WriteAsync(db, met, cancel);
        }

        await db.Set<AlertDesk>().Where(row => row.Id == AlertDesk.Only).ExecuteUpdateAsync(row => row.SetProperty(it => it.Sequence, to), cancel);
        await transaction.CommitAsync(cancel);
        return landings.Count == MostLandings;
    }

    /// <summary>Landings after a number that brought something new.</summary>
    public static IQueryable<Seen> After(DashboardDb db, long last) =>
        db.Landings.AsNoTracking().Where(row => row.Sequence > last).OrderBy(row => row.Sequence).Take(MostLandings).Select(row => new Seen(row.Sequence, row.DeliveryId, row.ConnectionId, row.Again));

    /// <summary>Calls of these deliveries that a rule may be about; what is said in them is looked at afterwards.</summary>
    public static IQueryable<Met> Candidates(DashboardDb db, AlertRule rule, List<long> deliveries)
    {
        var calls = new CallFilter { Task = rule.Task, Robot = rule.Robot, Label = rule.Label, Flag = rule.Contradiction ? CallFlags.Contradiction : null, Connected = rule.Word is null ? null : true }
            .Narrow(db.Calls.AsNoTracking(), db)
            .Where(call => db.CallVersions.Any(version => version.CallId == call.Id && EF.Parameter(deliveries).Contains(version.DeliveryId)));
        return rule.Word is null
            ? calls.Select(call => new Met(call.Id, call.ConnectionId, null))
            : from call in calls join detail in db.CallDetails on call.Id equals detail.CallId where detail.TurnsJson != null select new Met(call.Id, call.ConnectionId, detail.TurnsJson);
    }

    /// <summary>Whether either side said it.</summary>
    public static bool Says(string? turnsJson, string word) =>
        turnsJson is not null && JsonSerializer.Deserialize<Turn[]>(turnsJson, JsonSerializerOptions.Web) is { } turns &&
        turns.Any(turn => turn.Callee?.Contains(word, StringComparison.OrdinalIgnoreCase) == true || turn.Robot?.Contains(word, StringComparison.OrdinalIgnoreCase) == true);

    private async Task<(List<AlertRule> Rules, long? From, List<Seen> Landings)> NextAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.Set<AlertDesk>().Where(row => row.Id == AlertDesk.Only).Select(row => row.Sequence).SingleAsync(cancel) is not { } from)
        {
            // The history before the first start rings nothing.
            return ([], null, []);
        }

        var landings = await After(db, from).ToListAsync(cancel);
        return (landings.Count == 0 ? [] : await db.Set<AlertRule>().AsNoTracking().Where(row => row.Enabled && row.Kind == AlertKind.Call).ToListAsync(cancel), from, landings);
    }

    private async Task<List<Met>> MetAsync(AlertRule rule, List<long> deliveries, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var met = new List<Met>();
        await foreach (var call in Candidates(db, rule, deliveries).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (rule.Word is null || Says(call.TurnsJson, rule.Word))
            {
                met.Add(call with { TurnsJson = null });
            }
        }

        return met;
    }

    private async Task WriteAsync(DashboardDb db, List<(AlertRule Rule, List<Met> Calls)> met, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var book = await AlertBook.ReadAsync(db, [.. met.Select(it => it.Rule.Id)], now, connection => AlertZone.Of(directory, connection), cancel);
        foreach (var (rule, calls) in met)
        {
            foreach (var group in calls.GroupBy(call => call.ConnectionId))
            {
                await WriteAsync(db, book, rule, group.Key, [.. group.Select(call => call.CallId)], cancel);
            }
        }

        await db.SaveChangesAsync(cancel);
    }

    private static async Task WriteAsync(DashboardDb db, AlertBook book, AlertRule rule, int connection, List<long> ids, CancellationToken cancel)
    {
        var known = await db.Set<AlertCall>().Where(row => row.RuleId == rule.Id && EF.Parameter(ids).Contains(row.CallId)).Select(row => row.CallId).ToListAsync(cancel);
        var fresh = ids.Except(known).ToList();
        if (fresh.Count == 0)
        {
            return;
        }

        var watch = book.Watch(rule, connection, 0);
        var alert = book.Open(rule, connection, 0);
        if (alert is null && !AlertSteps.MayOpen(watch, rule, book.Now))
        {
            // Within the pause it belongs to the last one, resolved or not.
            alert = await db.Set<Alert>().Where(row => row.RuleId == rule.Id && row.ConnectionId == connection).OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancel);
        }

        if (alert is null)
        {
            alert = await book.OpenAsync(rule, watch, new AlertReading(connection, 0, AlertCondition.Beyond, AlertWords.Call(rule)), fresh.Count, cancel);
        }
        else
        {
            alert.Calls += fresh.Count;
        }

        db.AddRange(fresh.Take(MostCalls).Select(id => new AlertCall { RuleId = rule.Id, CallId = id, AlertId = alert.Id }));
    }

    /// <summary>A landing that is looked at.</summary>
    public sealed record Seen(long Sequence, long DeliveryId, int ConnectionId, bool Again);

    /// <summary>A call that meets a rule, or may.</summary>
    public sealed record Met(long CallId, int ConnectionId, string? TurnsJson);
}
