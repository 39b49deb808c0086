using System.Linq.Expressions;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics;

/// <summary>What calls are grouped by; a query sets only what it needs.</summary>
public sealed record CallKey
{
    public int Slot { get; init; }

    public int ConnectionId { get; init; }

    public int CallTaskId { get; init; }

    public string? Robot { get; init; }

    public string? Label { get; init; }
}

/// <summary>Sums over a group of calls, from which every figure about calls follows; they can be added up.</summary>
public sealed record CallSums
{
    public required CallKey Key { get; init; }

    public long Calls { get; init; }

    public long Connected { get; init; }

    public long DurationSeconds { get; init; }

    public long DurationKnown { get; init; }

    public long RobotTalkSeconds { get; init; }

    public long RobotTalkKnown { get; init; }

    public long ShortCalls { get; init; }

    public long SilentCalls { get; init; }

    public long Turns { get; init; }

    public long TurnsKnown { get; init; }

    public long TransferRequests { get; init; }

    public long TransferSuccesses { get; init; }

    public long ConnectedTransfers { get; init; }

    public long Contradictions { get; init; }
}

/// <summary>One dial with what a figure may ask of it.</summary>
public sealed class Dial
{
    public long CallId { get; init; }

    public int CallTaskId { get; init; }

    /// <summary>Which dial of its call, from 1; repeated ones are not counted.</summary>
    public int Ordinal { get; init; }

    /// <summary>No earlier dial of its call was connected.</summary>
    public bool First { get; init; }

    /// <summary>Its own start, or the call's when AIRUDDER gave none.</summary>
    public DateTimeOffset At { get; init; }

    public bool Connected { get; init; }

    public string? RingType { get; init; }

    public int? RingSeconds { get; init; }
}

/// <summary>What dials are grouped by; a query sets only what it needs.</summary>
public sealed record DialKey
{
    public int Slot { get; init; }

    public int CallTaskId { get; init; }

    public int Ordinal { get; init; }

    public string? RingType { get; init; }
}

/// <summary>Sums over a group of dials.</summary>
public sealed record DialSums
{
    public required DialKey Key { get; init; }

    public long Attempts { get; init; }

    public long Connected { get; init; }

    public long RingSeconds { get; init; }

    public long RingKnown { get; init; }
}

/// <summary>Distinct numbers of one task within the period.</summary>
public sealed record NumberSums(int CallTaskId, int Heard, int Reached);

/// <summary>
/// The queries under all figures: each groups in the database and returns few rows. A store of ready-made sums can take their
/// place without any figure noticing.
/// </summary>
public static class Sums
{
    /// <summary>A connected call this short, in seconds, was hardly a talk.</summary>
    public const int ShortSeconds = 6;

    /// <summary>How many days after a period the last dial of a number may come whose earlier dials lie in it, and how many before.</summary>
    public static readonly (int Before, int After) DaysOfRedialling = ((int)Math.Ceiling(Attempt.MostAfter.TotalDays), (int)Math.Ceiling(Attempt.MostBefore.TotalDays) + 1);

    public static IQueryable<CallSums> Sum(this IQueryable<Call> calls, Expression<Func<Call, CallKey>> key) =>
        calls.GroupBy(key).Select(group => new CallSums
        {
            Key = group.Key,
            Calls = group.Count(),
            Connected = group.Count(call => call.Connected),
            DurationSeconds = group.Sum(call => call.Connected ? (long?)call.DurationSeconds : null) ?? 0,
            DurationKnown = group.Count(call => call.Connected && call.DurationSeconds != null),
            RobotTalkSeconds = group.Sum(call => call.Connected ? (long?)call.RobotTalkSeconds : null) ?? 0,
            RobotTalkKnown = group.Count(call => call.Connected && call.RobotTalkSeconds != null),
            ShortCalls = group.Count(call => call.Connected && call.DurationSeconds <= ShortSeconds),
            SilentCalls = group.Count(call => call.Connected && !call.CalleeSpoke),
            Turns = group.Sum(call => call.Connected ? (long?)call.TalkRounds : null) ?? 0,
            TurnsKnown = group.Count(call => call.Connected && call.TalkRounds != null),
            TransferRequests = group.Count(call => call.TransferRequestedAt != null),
            TransferSuccesses = group.Count(call => call.TransferRequestedAt != null && call.TransferSucceededAt != null),
            ConnectedTransfers = group.Count(call => call.Connected && call.TransferRequestedAt != null && call.TransferSucceededAt != null),
            Contradictions = group.Count(call => (call.Flags & CallFlags.Contradiction) != 0),
        });

    /// <summary>The calls that fit, of connections of one zone.</summary>
    public static IQueryable<Call> Calls(DashboardDb db, CallFilter filter, IReadOnlyList<Connection> sameZone)
    {
        var ids = sameZone.Select(row => row.Id).ToList();
        return filter.Apply(db, sameZone).Where(call => ids.Contains(call.ConnectionId));
    }

    /// <summary>The days of the calls whose dials are on the days of a filter.</summary>
    public static CallFilter Around(CallFilter filter) => filter with { From = filter.From?.AddDays(-DaysOfRedialling.Before), FromTime = null, To = filter.To?.AddDays(DaysOfRedialling.After), ToTime = null };

    /// <summary>
    /// The dials of the calls that fit, by their own start: a redial of yesterday belongs to yesterday although its number was
    /// finished today. <paramref name="sameZone"/> must be connections of one zone.
    /// </summary>
    /// <param name="db">Where the calls are.</param>
    /// <param name="filter">Which calls.</param>
    /// <param name="sameZone">Connections of one zone.</param>
    public static IQueryable<Dial> Dials(DashboardDb db, CallFilter filter, IReadOnlyList<Connection> sameZone)
    {
        var wide = Around(filter);
        var dials =
            from call in Calls(db, wide, sameZone)
            join attempt in db.Attempts on call.Id equals attempt.CallId
            where !attempt.Repeated
            select new Dial
            {
                CallId = call.Id,
                CallTaskId = call.CallTaskId,
                Ordinal = db.Attempts.Count(other => other.CallId == attempt.CallId && other.Ordinal <= attempt.Ordinal && !other.Repeated),
                First = !db.Attempts.Any(other => other.CallId == attempt.CallId && other.Ordinal < attempt.Ordinal && !other.Repeated && other.Connected),
                At = attempt.StartedAt ?? call.OccurredAt,
                Connected = attempt.Connected,
                RingType = attempt.RingType,
                RingSeconds = attempt.RingSeconds,
            };
        if (sameZone.Count == 0)
        {
            return dials;
        }

        var days = new LocalDays(sameZone[0].TimeZone);
        if (filter.From is { } from)
        {
            var start = days.At(from.ToDateTime(filter.FromTime ?? TimeOnly.MinValue));
            dials = dials.Where(dial => dial.At >= start);
        }

        if (filter.To is { } to)
        {
            var end = filter.ToTime is { } time ? days.At(to.ToDateTime(time)) : days.StartOf(to.AddDays(1));
            dials = dials.Where(dial => dial.At < end);
        }

        return dials;
    }

    public static IQueryable<DialSums> Sum(this IQueryable<Dial> dials, Expression<Func<Dial, DialKey>> key) =>
        dials.GroupBy(key).Select(group => new DialSums
        {
            Key = group.Key,
            Attempts = group.Count(),
            Connected = group.Count(dial => dial.Connected),
            RingSeconds = group.Sum(dial => (long?)dial.RingSeconds) ?? 0,
            RingKnown = group.Count(dial => dial.RingSeconds != null),
        });

    /// <summary>Distinct numbers, heard of and connected, per task.</summary>
    public static IQueryable<NumberSums> Numbers(this IQueryable<Call> calls) =>
        calls.GroupBy(call => call.CallTaskId).Select(group => new NumberSums(
            group.Key,
            group.Select(call => call.Callee).Distinct().Count(),
            group.Where(call => call.Connected).Select(call => call.Callee).Distinct().Count()));
}
