namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>How values lie: in the middle, near the top, and at the top.</summary>
public sealed record Spread(int Count, TimeSpan Median, TimeSpan P95, TimeSpan Most)
{
    /// <returns>Null when there are no values.</returns>
    public static Spread? Of(IEnumerable<TimeSpan> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : new Spread(sorted.Count, At(sorted, 0.5), At(sorted, 0.95), sorted[^1]);
    }

    internal static TimeSpan At(List<TimeSpan> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)];
}

/// <summary>From the end of calls to their arrival.</summary>
/// <param name="Connected">Calls somebody answered, which AIRUDDER sends at once.</param>
/// <param name="Batched">Calls nobody answered, which it collects.</param>
/// <param name="WrongZone">Per connection: a steady lag of half hours, which no network makes.</param>
public sealed record Lag(Spread? Connected, Spread? Batched, IReadOnlyDictionary<int, TimeSpan> WrongZone)
{
    private const int FewestForZone = 20;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Near = TimeSpan.FromMinutes(5);

    public static Lag Of(IReadOnlyCollection<(int ConnectionId, bool Connected, TimeSpan Lag)> calls) => new(
        Spread.Of(calls.Where(call => call.Connected).Select(call => call.Lag)),
        Spread.Of(calls.Where(call => !call.Connected).Select(call => call.Lag)),
        calls.Where(call => call.Connected).GroupBy(call => call.ConnectionId)
            .Select(group => (group.Key, Offset: Steady(group.Select(call => call.Lag).Order().ToList())))
            .Where(it => it.Offset is not null)
            .ToDictionary(it => it.Key, it => it.Offset!.Value));

    /// <summary>The offset, when nearly all lie close to one number of half hours that is at least an hour away from none.</summary>
    private static TimeSpan? Steady(List<TimeSpan> sorted)
    {
        if (sorted.Count < FewestForZone)
        {
            return null;
        }

        var offset = Math.Round(Spread.At(sorted, 0.5) / Step) * Step;
        return offset.Duration() >= 2 * Step && (Spread.At(sorted, 0.05) - offset).Duration() < Near && (Spread.At(sorted, 0.95) - offset).Duration() < Near ? offset : null;
    }
}

/// <summary>Copies of the last hour.</summary>
/// <param name="Deliveries">First arrivals.</param>
/// <param name="Copies">Further arrivals of the same bytes.</param>
/// <param name="Retries">Of these, what came 50 to 70 seconds after the one before: as the sender repeats what was not answered in time.</param>
public sealed record Repeats(int Deliveries, int Copies, int Retries)
{
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(70);

    /// <param name="deliveries">First arrivals in the time.</param>
    /// <param name="since">Where the time begins; earlier copies only say what came before.</param>
    /// <param name="copies">By delivery: when it first came, and when its copies came.</param>
    public static Repeats Of(int deliveries, DateTimeOffset since, IEnumerable<(long DeliveryId, DateTimeOffset FirstAt, DateTimeOffset CopyAt)> copies)
    {
        var (all, retries) = (0, 0);
        foreach (var delivery in copies.GroupBy(copy => copy.DeliveryId))
        {
            var before = delivery.First().FirstAt;
            foreach (var copy in delivery.OrderBy(copy => copy.CopyAt))
            {
                if (copy.CopyAt > since)
                {
                    all++;
                    retries += copy.CopyAt - before >= Soonest && copy.CopyAt - before <= Latest ? 1 : 0;
                }

                before = copy.CopyAt;
            }
        }

        return new Repeats(deliveries, all, retries);
    }
}
