using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>One pass over all rules that are evaluated by time.</summary>
public sealed partial class AlertEvaluation(
    IDbContextFactory<DashboardDb> contexts, WriteGate gate, AlertReadings readings, SummaryQuery summaries, ConnectionDirectory directory, AlertClaim claim, TimeProvider time, ILogger<AlertEvaluation> log)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var found = new List<(AlertRule Rule, IReadOnlyList<AlertReading> Readings)>();
        var figures = new FigureWindow(summaries, now);
        foreach (var rule in await RulesAsync(cancel))
        {
            try
            {
                found.Add((rule, await readings.ReadAsync(rule, figures, now, cancel)));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The other rules are evaluated all the same; this one is at the next pass.
                LogNotEvaluated(log, error, rule.Id);
            }
        }

        if (found.Count == 0)
        {
            return;
        }

        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await claim.HoldAsync(db, cancel);
        var book = await AlertBook.ReadAsync(db, [.. found.Select(it => it.Rule.Id)], now, Zone, cancel);
        foreach (var (rule, reading) in found.SelectMany(it => it.Readings.Select(reading => (it.Rule, reading))))
        {
            await book.TakeAsync(rule, reading, cancel);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    public static IQueryable<AlertRule> Timed(DashboardDb db) => db.Set<AlertRule>().AsNoTracking().Where(row => row.Enabled && row.Kind != AlertKind.Call).OrderBy(row => row.Id);

    private async Task<List<AlertRule>> RulesAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Timed(db).ToListAsync(cancel);
    }

    private string Zone(int connection) => AlertZone.Of(directory, connection);

    [LoggerMessage(7001, LogLevel.Error, "Alert rule {Rule} could not be evaluated; it is tried again")]
    private static partial void LogNotEvaluated(ILogger log, Exception error, int rule);
}

/// <summary>In whose zone the hours of a rule are.</summary>
internal static class AlertZone
{
    public static string Of(ConnectionDirectory directory, int connection) =>
        directory.ById.GetValueOrDefault(connection)?.TimeZone ?? (directory.All.Count > 0 ? directory.All[0].TimeZone : "UTC");
}
