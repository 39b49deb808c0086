using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>How many calls fit a filter, where the rollups know.</summary>
public static class RollupCount
{
    /// <returns>Null when they cannot tell: the filter asks for more than they hold, or they are being counted anew.</returns>
    public static async Task<long?> OfAsync(DashboardDb db, CallFilter filter, IReadOnlyList<Connection> connections, RollupNames names, LabelLooks looks, CancellationToken cancel)
    {
        if (!RollupScope.Knows(filter))
        {
            return null;
        }

        var wanted = connections.Where(row => filter.Connection is null || string.Equals(row.Name, filter.Connection, StringComparison.OrdinalIgnoreCase)).ToList();
        if (await RollupScope.UnreadyAsync(db, wanted, cancel) is not null)
        {
            return null;
        }

        looks = filter.MeaningsNow == true ? looks.AsNow() : looks;
        var sum = 0L;
        foreach (var zone in wanted.GroupBy(row => row.TimeZone))
        {
            if (!RollupScope.Knows(filter, looks, [.. zone]))
            {
                return null;
            }

            var held = await names.ReadAsync(db, cancel);
            var scope = await RollupScope.OfAsync(db, filter, [.. zone], held, looks, cancel);
            sum += await RollupReader.DaysOf(db, scope, oneSlot: true, byLabel: false).SumAsync(row => row.Calls, cancel);
        }

        return sum;
    }
}
