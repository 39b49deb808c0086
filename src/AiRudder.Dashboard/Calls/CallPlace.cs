using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Order and places of a list, in the database's words. The first comparison of each condition alone lets the database enter its
/// index at the right place; the second breaks ties.
/// </summary>
public static class CallPlace
{
    public static IQueryable<Call> InOrder(this IQueryable<Call> calls, CallSort sort, bool back) => (sort.By, sort.Descending != back) switch
    {
        (CallOrder.OccurredAt, true) => calls.OrderByDescending(call => call.OccurredAt).ThenByDescending(call => call.Id),
        (CallOrder.OccurredAt, false) => calls.OrderBy(call => call.OccurredAt).ThenBy(call => call.Id),
        (CallOrder.ReceivedAt, true) => calls.OrderByDescending(call => call.ReceivedAt).ThenByDescending(call => call.Id),
        (CallOrder.ReceivedAt, false) => calls.OrderBy(call => call.ReceivedAt).ThenBy(call => call.Id),
        (_, true) => calls.OrderByDescending(call => EF.Property<int>(call, CallListTables.TalkOrder)).ThenByDescending(call => call.Id),
        (_, false) => calls.OrderBy(call => EF.Property<int>(call, CallListTables.TalkOrder)).ThenBy(call => call.Id),
    };

    /// <summary>Those that come after a place, the place itself left out.</summary>
    public static IQueryable<Call> Beyond(this IQueryable<Call> calls, CallCursor? cursor) =>
        cursor is { } from ? Side(calls, from, from.Sort.Descending != from.Back, inclusive: false) : calls;

    /// <summary>Those up to a place, the place itself among them.</summary>
    public static IQueryable<Call> UpTo(this IQueryable<Call> calls, CallCursor? cursor) =>
        cursor is { } to ? Side(calls, to, to.Sort.Descending == to.Back, inclusive: true) : calls;

    /// <summary>
    /// Where a stretch of so many calls from a place on ends; null when no more than that are left. Hidden calls count as well: so the
    /// index alone answers.
    /// </summary>
    public static async Task<CallCursor?> EndOfAsync(this IQueryable<Call> scope, CallSort sort, bool back, CallCursor? from, int length, CancellationToken cancel)
    {
        var rest = scope.IgnoreQueryFilters().Beyond(from).InOrder(sort, back);
        switch (sort.By)
        {
            case CallOrder.OccurredAt:
                return await rest.Select(call => new { call.OccurredAt, call.Id }).Skip(length).FirstOrDefaultAsync(cancel) is { } started
                    ? new CallCursor(sort, started.OccurredAt.ToUnixTimeMilliseconds(), started.Id, back) : null;
            case CallOrder.ReceivedAt:
                return await rest.Select(call => new { call.ReceivedAt, call.Id }).Skip(length).FirstOrDefaultAsync(cancel) is { } received
                    ? new CallCursor(sort, received.ReceivedAt.ToUnixTimeMilliseconds(), received.Id, back) : null;
            default:
                return await rest.Select(call => new { Talk = EF.Property<int>(call, CallListTables.TalkOrder), call.Id }).Skip(length).FirstOrDefaultAsync(cancel) is { } talked
                    ? new CallCursor(sort, talked.Talk, talked.Id, back) : null;
        }
    }

    private static IQueryable<Call> Side(IQueryable<Call> calls, CallCursor cursor, bool smaller, bool inclusive)
    {
        // The tie: ids below or above, and with the place itself or without it.
        var below = inclusive ? cursor.Id + 1 : cursor.Id;
        var above = inclusive ? cursor.Id - 1 : cursor.Id;
        if (cursor.Sort.By == CallOrder.Duration)
        {
            var seconds = (int)Math.Clamp(cursor.Value, -1, int.MaxValue);
            return smaller
                ? calls.Where(call => EF.Property<int>(call, CallListTables.TalkOrder) <= seconds && (EF.Property<int>(call, CallListTables.TalkOrder) < seconds || call.Id < below))
                : calls.Where(call => EF.Property<int>(call, CallListTables.TalkOrder) >= seconds && (EF.Property<int>(call, CallListTables.TalkOrder) > seconds || call.Id > above));
        }

        var at = DateTimeOffset.FromUnixTimeMilliseconds(cursor.Value);
        return (cursor.Sort.By, smaller) switch
        {
            (CallOrder.OccurredAt, true) => calls.Where(call => call.OccurredAt <= at && (call.OccurredAt < at || call.Id < below)),
            (CallOrder.OccurredAt, false) => calls.Where(call => call.OccurredAt >= at && (call.OccurredAt > at || call.Id > above)),
            (_, true) => calls.Where(call => call.ReceivedAt <= at && (call.ReceivedAt < at || call.Id < below)),
            (_, false) => calls.Where(call => call.ReceivedAt >= at && (call.ReceivedAt > at || call.Id > above)),
        };
    }
}
