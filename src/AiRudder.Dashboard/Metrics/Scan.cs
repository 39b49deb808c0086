using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Figures that no rollup knows are counted call by call: exact, but only as long as there are not too many calls.</summary>
public static class Scan
{
    /// <summary>Calls of the period that are looked at, whether they fit the rest of the filter or not.</summary>
    public const int MostCalls = 200_000;

    /// <summary>Why it is not counted; null when it can be.</summary>
    /// <param name="db">Where the calls are.</param>
    /// <param name="filter">Which calls.</param>
    /// <param name="sameZone">Connections of one zone.</param>
    /// <param name="unready">Why the rollups cannot be used; null when only the filter forbids it.</param>
    /// <param name="cancel">Stops the query.</param>
    public static async Task<Said?> TooMuchAsync(DashboardDb db, CallFilter filter, IReadOnlyList<Connection> sameZone, Said? unready, CancellationToken cancel)
    {
        var period = new CallFilter { From = filter.From, To = filter.To, Connection = filter.Connection, Task = filter.Task };
        var calls = await Sums.Calls(db, period, sameZone).Select(call => call.Id).Take(MostCalls + 1).CountAsync(cancel);
        return calls <= MostCalls ? null
            : unready ?? new(Noted("More than {0:N0} calls lie in these days, and this filter must look at each: choose fewer days or fewer conditions."), MostCalls);
    }
}

/// <summary>A question whose answer cannot be known now, with the reason in words.</summary>
public sealed class FiguresUnknownException(Said reason) : Exception
{
    /// <summary>In the language of who asks: one refusal is thrown to all who read together.</summary>
    public override string Message => reason.ToString();
}
