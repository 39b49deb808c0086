using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics;

/// <summary>What a period is measured against.</summary>
/// <param name="Before">Figures of the earlier period; null when there is none.</param>
/// <param name="Words">Its name: "Thursday by now".</param>
public sealed record Comparison(Summary? Before, Said Words)
{
    public static readonly Comparison None = new(null, new(Noted("no earlier day with calls")));

    /// <summary>"+6 %", or a dash when either is unknown.</summary>
    public string Change(Summary now, string figure) =>
        Before is { } before ? FigureText.Change(now[figure], before[figure]) ?? FigureText.Unknown : FigureText.Unknown;

    public string Explain(string figure) => Before is { } before
        ? T("{0}: {1}", Words, FigureText.Value(before[figure]))
        : T("Nothing to compare with: {0}.", Words);
}

/// <summary>
/// Finds the earlier period. For one day that is the last worked day before it (the newest within a week that had calls: working
/// days differ by country and by list), up to the same time of day; for several days the same number of days before.
/// </summary>
public sealed class ComparisonQuery(IDbContextFactory<DashboardDb> contexts, SummaryQuery summaries, TimeProvider time)
{
    public async Task<Comparison> ReadAsync(CallFilter filter, DateOnly today, CancellationToken cancel)
    {
        if (filter is not { From: { } from, To: { } to })
        {
            return Comparison.None;
        }

        await OffCircuit.Go();
        var length = to.DayNumber - from.DayNumber + 1;
        if (length > 1)
        {
            var before = await summaries.ReadAsync(filter with { From = from.AddDays(-length), To = from.AddDays(-1) }, cancel: cancel);
            return before.Totals.Calls.Calls == 0 ? new(null, new(Noted("no calls in the days before"))) : new(before, new(Noted("the {0} days before"), length));
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var newest = await Newest(db, filter with { From = from.AddDays(-7), To = from.AddDays(-1) }, connections).FirstOrDefaultAsync(cancel);
        if (newest is null)
        {
            return Comparison.None;
        }

        var days = new LocalDays(connections.First(row => row.Id == newest.ConnectionId).TimeZone);
        var day = days.DayOf(newest.At);
        var half = from == today;
        var until = half ? days.At(day.ToDateTime(TimeOnly.FromDateTime(days.ToLocal(time.GetUtcNow()).DateTime))) : (DateTimeOffset?)null;
        return new(await summaries.ReadAsync(filter with { From = day, To = day }, until: until, cancel: cancel), new(half ? Noted("{0:dddd} by now") : Noted("{0:dddd}"), day));
    }

    public static IQueryable<Moment> Newest(DashboardDb db, CallFilter filter, IReadOnlyList<Connection> connections) =>
        filter.Apply(db, connections).OrderByDescending(call => call.OccurredAt).Select(call => new Moment(call.ConnectionId, call.OccurredAt));
}

public sealed record Moment(int ConnectionId, DateTimeOffset At);
