using System.Collections.Concurrent;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics;

/// <summary>
/// Counts the deliveries of long periods: a day (UTC) that is long over is counted once and remembered, so that a year costs what a month
/// costs. No delivery is ever given an older time of arrival than that of its row's making but by the seconds the inbox waits.
/// </summary>
public sealed class ArrivalDays
{
    /// <summary>Below this many days the index alone is as quick.</summary>
    private const int WorthIt = 8;

    private const int MinutesPerDay = 1440;

    private readonly ConcurrentDictionary<(int Connection, int Day), int> over = new();

    /// <param name="db">Where the deliveries are.</param>
    /// <param name="connections">Our ids.</param>
    /// <param name="from">First instant; null for the first there is.</param>
    /// <param name="until">Instant after the last; null for the last there is.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task<long> CountAsync(DashboardDb db, List<int> connections, DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancel)
    {
        var arrivals = SummaryQuery.Arrivals(db, connections, null);
        if (await Times(db).FirstOrDefaultAsync(cancel) is not { } oldest || await Times(db, newest: true).FirstOrDefaultAsync(cancel) is not { } newest)
        {
            return 0;
        }

        var (first, end) = (DayOf(from > oldest ? from.Value : oldest) + 1, Math.Min(DayOf(until ?? newest), DayOf(newest) - 1));
        if (end - first < WorthIt)
        {
            return await Between(arrivals, from, until).CountAsync(cancel);
        }

        var missing = Enumerable.Range(first, end - first).Where(day => connections.Exists(id => !over.ContainsKey((id, day)))).ToList();
        if (missing.Count > 0)
        {
            var counted = await ByDay(db, connections, StartOf(missing[0]), StartOf(missing[^1] + 1)).ToDictionaryAsync(row => (row.Connection, row.Day), row => row.Deliveries, cancel);
            foreach (var key in missing.SelectMany(day => connections.Select(id => (id, day))))
            {
                over[key] = counted.GetValueOrDefault(key);
            }
        }

        var whole = connections.Sum(id => Enumerable.Range(first, end - first).Sum(day => (long)over[(id, day)]));
        return whole + await Between(arrivals, from, StartOf(first)).CountAsync(cancel) + await Between(arrivals, StartOf(end), until).CountAsync(cancel);
    }

    /// <summary>Of all deliveries, in order: the index has both ends at hand.</summary>
    public static IQueryable<DateTimeOffset?> Times(DashboardDb db, bool newest = false) => (newest ? db.Deliveries.OrderByDescending(row => row.ReceivedAt) : db.Deliveries.OrderBy(row => row.ReceivedAt))
        .Select(row => (DateTimeOffset?)row.ReceivedAt);

    /// <summary>Deliveries by days since <see cref="LocalHours.Origin"/>.</summary>
    public static IQueryable<ArrivalDay> ByDay(DashboardDb db, List<int> connections, DateTimeOffset from, DateTimeOffset until) => db.Deliveries
        .Where(row => connections.Contains(row.ConnectionId) && row.ReceivedAt >= from && row.ReceivedAt < until)
        .GroupBy(row => new { row.ConnectionId, Day = LocalHours.Minutes(row.ReceivedAt) / MinutesPerDay })
        .Select(group => new ArrivalDay(group.Key.ConnectionId, group.Key.Day, group.Count()));

    public static IQueryable<Arrival> Between(IQueryable<Arrival> arrivals, DateTimeOffset? from, DateTimeOffset? until)
    {
        arrivals = from is { } start ? arrivals.Where(arrival => arrival.At >= start) : arrivals;
        return until is { } end ? arrivals.Where(arrival => arrival.At < end) : arrivals;
    }

    private static int DayOf(DateTimeOffset at) => (int)Math.Floor((at - LocalHours.Origin).TotalDays);

    private static DateTimeOffset StartOf(int day) => LocalHours.Origin.AddDays(day);

    public sealed record ArrivalDay(int Connection, int Day, int Deliveries);
}
