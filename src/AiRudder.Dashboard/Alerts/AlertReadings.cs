using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Lines;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Uploads;
using AiRudder.Dashboard.Webhooks.Watch;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Alerts;

/// <summary>Finds out what rules ask for, except those about single calls.</summary>
public sealed class AlertReadings(
    IDbContextFactory<DashboardDb> contexts, LineQuery lines, FeedWatch feed, ConnectionDirectory directory, IOptions<WebhookOptions> webhooks)
{
    /// <param name="rule">Of any kind but <see cref="AlertKind.Call"/>.</param>
    /// <param name="figures">Of this pass.</param>
    /// <param name="now">The moment of the pass.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task<IReadOnlyList<AlertReading>> ReadAsync(AlertRule rule, FigureWindow figures, DateTimeOffset now, CancellationToken cancel)
    {
        if (rule.Kind == AlertKind.Feed)
        {
            return [Feed(rule, await feed.ReadAsync(null, cancel), now)];
        }

        var readings = new List<AlertReading>();
        foreach (var connection in Connections(rule))
        {
            switch (rule.Kind)
            {
                case AlertKind.Figure:
                    var figure = await figures.ReadAsync(rule, connection, cancel);
                    var n = figure.Denominator ?? figure.Numerator;
                    readings.Add(new(connection.Id, 0, AlertSteps.Judge(rule, figure.Value, n, figure.Provisional), AlertWords.Finding(rule, figure), figure.Value, n));
                    break;
                case AlertKind.Silence:
                    readings.Add(await SilenceAsync(rule, connection, now, cancel));
                    break;
                case AlertKind.Line:
                    readings.AddRange(await LinesAsync(rule, connection, now, cancel));
                    break;
                default:
                    throw new InvalidOperationException($"Rules of kind {rule.Kind} are not evaluated by time.");
            }
        }

        return readings;
    }

    public IEnumerable<Connection> Connections(AlertRule rule) => rule.ConnectionId is { } id ? directory.All.Where(row => row.Id == id) : directory.All;

    /// <summary>Arrivals, the last one first.</summary>
    public static IQueryable<DateTimeOffset?> LastArrivals(DashboardDb db, int connection, string? task) => task is null
        ? db.Deliveries.AsNoTracking().Where(row => row.ConnectionId == connection && row.Source != FileUpload.Source).OrderByDescending(row => row.ReceivedAt).Select(row => (DateTimeOffset?)row.ReceivedAt)
        : db.Landings.AsNoTracking()
            .Where(row => row.ConnectionId == connection && !row.Again && db.CallTasks.Any(known => known.Id == row.CallTaskId && known.VendorTaskId == task))
            .OrderByDescending(row => row.LandedAt).Select(row => (DateTimeOffset?)row.LandedAt);

    /// <summary>When the dialling hours that run now began; null outside them.</summary>
    public static DateTimeOffset? DiallingSince(AlertRule rule, LocalDays days, DateTimeOffset now)
    {
        var local = days.ToLocal(now).DateTime;
        foreach (var day in new[] { DateOnly.FromDateTime(local), DateOnly.FromDateTime(local).AddDays(-1) })
        {
            var from = day.ToDateTime(TimeOnly.MinValue).AddMinutes(rule.DialFrom);
            var to = day.ToDateTime(TimeOnly.MinValue).AddMinutes(rule.DialTo <= rule.DialFrom ? rule.DialTo + 1440 : rule.DialTo);
            if ((rule.DialDays & (1 << (int)day.DayOfWeek)) != 0 && local >= from && local < to)
            {
                return days.At(from);
            }
        }

        return null;
    }

    private static AlertReading Feed(AlertRule rule, FeedReading reading, DateTimeOffset now, TimeSpan quiet)
    {
        var alarm = FeedAlarms.Of(reading, now, quiet).FirstOrDefault(it => it.Name == rule.Figure);
        return new(0, 0, alarm is null ? AlertCondition.Well : AlertCondition.Beyond, alarm?.Words ?? "All is well.");
    }

    private AlertReading Feed(AlertRule rule, FeedReading reading, DateTimeOffset now) => Feed(rule, reading, now, webhooks.Value.QuietAlarm);

    private async Task<AlertReading> SilenceAsync(AlertRule rule, Connection connection, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await LastArrivals(db, connection.Id, rule.Task).FirstOrDefaultAsync(cancel) is not { } last)
        {
            return new(connection.Id, 0, AlertCondition.Neither, "Nothing was ever received.");
        }

        var limit = TimeSpan.FromMinutes(rule.Threshold);
        if (now - last < limit)
        {
            return new(connection.Id, 0, AlertCondition.Well, $"Last received {Words.Long(now - last)} ago.", (now - last).TotalMinutes);
        }

        var since = DiallingSince(rule, new LocalDays(connection.TimeZone), now);
        if (since is not { } began)
        {
            return new(connection.Id, 0, AlertCondition.Neither, "Nobody dials at this hour.");
        }

        // The night before does not count.
        var quiet = now - (last > began ? last : began);
        return new(connection.Id, 0, quiet >= limit ? AlertCondition.Beyond : AlertCondition.Neither, AlertWords.Silence(quiet), quiet.TotalMinutes);
    }

    private async Task<IEnumerable<AlertReading>> LinesAsync(AlertRule rule, Connection connection, DateTimeOffset now, CancellationToken cancel)
    {
        var today = new LocalDays(connection.TimeZone).DayOf(now);
        var page = await lines.ReadAsync([connection], today, today, rule.Task, cancel);
        return page.Numbers.Select(line => new AlertReading(
            connection.Id, line.Term, AlertSteps.Judge(rule, line.Health, line.Attempts, provisional: false),
            AlertWords.Line(line), line.Health, line.Attempts));
    }
}
