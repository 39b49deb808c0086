using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>Hour of the local day and number of the attempt: what two lists must share for their rates to be comparable.</summary>
public readonly record struct Stratum(int Hour, int Attempt);

/// <summary>One rate of two sides.</summary>
/// <param name="Words">Its name.</param>
/// <param name="Unit">Of what.</param>
/// <param name="A">Of the first.</param>
/// <param name="B">Of the second.</param>
/// <param name="Plain">The difference as it is.</param>
/// <param name="Standardised">The difference over shared strata.</param>
/// <param name="Counted">The calls that were counted; null where they cannot be listed.</param>
/// <param name="Base">The calls out of which; null where attempts are counted.</param>
public sealed record ComparedRate(
    string Words, string Unit, Rate A, Rate B, RateDifference Plain, RateDifference Standardised, Func<CallFilter, CallFilter>? Counted, Func<CallFilter, CallFilter>? Base);

/// <summary>Two tasks, or two robots, side by side.</summary>
public sealed class TaskComparison(IDbContextFactory<DashboardDb> contexts, LabelTable labels)
{
    /// <param name="a">The calls of the first side.</param>
    /// <param name="b">The calls of the second.</param>
    /// <param name="cancel">Stops the queries.</param>
    /// <exception cref="FiguresUnknownException">There are too many calls to look at each.</exception>
    public async Task<IReadOnlyList<ComparedRate>> ReadAsync(CallFilter a, CallFilter b, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var looks = await labels.ReadAsync(cancel);
        looks = a.MeaningsNow == true ? looks.AsNow() : looks;
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var (one, other) = (await ArmAsync(db, a, connections, cancel), await ArmAsync(db, b, connections, cancel));
        bool Means(CallFacts call, Meaning meaning) => (looks.Of(new LabelKey(call.ConnectionId, call.RobotHash, call.Label), call.At).Meanings & meaning) != 0;

        return
        [
            Compare(T("Answer rate"), T("attempts"), one.Dials, other.Dials, dial => dial.Connected, f => f with { Connected = true }, null),
            Compare(T("Right party of connects"), T("connected calls"), one.Calls(call => call.Connected), other.Calls(call => call.Connected), call => Means(call, Meaning.RightParty), f => f with { Connected = true, Meaning = Meaning.RightParty }, f => f with { Connected = true }),
            Compare(T("Right parties that promise"), T("right-party calls"), one.Calls(call => call.Connected && Means(call, Meaning.RightParty)), other.Calls(call => call.Connected && Means(call, Meaning.RightParty)), call => Means(call, Meaning.Promise), null, f => f with { Connected = true, Meaning = Meaning.RightParty }),
            Compare(T("Transfers taken"), T("transfers asked"), one.Calls(call => call.Asked), other.Calls(call => call.Asked), call => call.Taken, null, null),
            Compare(T("Callee said nothing"), T("connected calls"), one.Calls(call => call.Connected), other.Calls(call => call.Connected), call => !call.Spoke, null, f => f with { Connected = true }),
        ];
    }

    public static IQueryable<CallFacts> Facts(IQueryable<Call> calls) => calls.Select(call => new CallFacts
    {
        ConnectionId = call.ConnectionId, RobotHash = call.RobotHash, Label = call.Label, At = call.OccurredAt, Attempts = call.AttemptCount, Connected = call.Connected,
        Spoke = call.CalleeSpoke, Asked = call.TransferRequestedAt != null, Taken = call.TransferRequestedAt != null && call.TransferSucceededAt != null,
    });

    public static IQueryable<DialFacts> Facts(IQueryable<Dial> dials) => dials.Select(dial => new DialFacts { At = dial.At, Attempt = dial.Ordinal, Connected = dial.Connected });

    private static async Task<Arm> ArmAsync(DashboardDb db, CallFilter filter, List<Connection> connections, CancellationToken cancel)
    {
        var arm = new Arm();
        foreach (var zone in connections.Where(row => filter.Connection is null || string.Equals(row.Name, filter.Connection, StringComparison.OrdinalIgnoreCase)).GroupBy(row => row.TimeZone))
        {
            var sameZone = zone.ToList();
            if (await Scan.TooMuchAsync(db, filter, sameZone, null, cancel) is { } refusal)
            {
                throw new FiguresUnknownException(refusal);
            }

            var days = new LocalDays(zone.Key);
            arm.All.AddRange((await Facts(Sums.Calls(db, filter, sameZone)).ToListAsync(cancel)).Select(call => (new Stratum(days.ToLocal(call.At).Hour, call.Attempts), call)));
            arm.Dials.AddRange((await Facts(Sums.Dials(db, filter, sameZone)).ToListAsync(cancel)).Select(dial => (new Stratum(days.ToLocal(dial.At).Hour, dial.Attempt), dial)));
        }

        return arm;
    }

    private static ComparedRate Compare<T>(
        string words, string unit, IReadOnlyList<(Stratum Stratum, T Item)> a, IReadOnlyList<(Stratum Stratum, T Item)> b, Func<T, bool> counts, Func<CallFilter, CallFilter>? counted, Func<CallFilter, CallFilter>? @base)
    {
        var (one, other) = (Strata(a), Strata(b));
        var (wholeA, wholeB) = (Sum(one), Sum(other));
        return new(words, unit, wholeA, wholeB, RateDifference.Plain(wholeA, wholeB), RateDifference.Standardised(one, other), counted, @base);

        Dictionary<Stratum, Rate> Strata(IReadOnlyList<(Stratum Stratum, T Item)> items) =>
            items.GroupBy(item => item.Stratum).ToDictionary(group => group.Key, group => new Rate(group.LongCount(item => counts(item.Item)), group.LongCount()));

        static Rate Sum(Dictionary<Stratum, Rate> strata) => strata.Values.Aggregate(default(Rate), (sum, rate) => sum + rate);
    }

    private sealed class Arm
    {
        public List<(Stratum Stratum, CallFacts Call)> All { get; } = [];

        public List<(Stratum Stratum, DialFacts Dial)> Dials { get; } = [];

        public List<(Stratum Stratum, CallFacts Call)> Calls(Func<CallFacts, bool> wanted) => All.FindAll(item => wanted(item.Call));
    }

    /// <summary>What the rates ask of a call.</summary>
    public sealed class CallFacts
    {
        public int ConnectionId { get; init; }

        public string? RobotHash { get; init; }

        public string? Label { get; init; }

        public DateTimeOffset At { get; init; }

        public int Attempts { get; init; }

        public bool Connected { get; init; }

        public bool Spoke { get; init; }

        public bool Asked { get; init; }

        public bool Taken { get; init; }
    }

    /// <summary>What the answer rate asks of a dial.</summary>
    public sealed class DialFacts
    {
        public DateTimeOffset At { get; init; }

        public int Attempt { get; init; }

        public bool Connected { get; init; }
    }
}
