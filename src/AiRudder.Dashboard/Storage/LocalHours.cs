using System.Linq.Expressions;
using System.Reflection;
using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Storage;

/// <summary>
/// Weekday and hour inside the database. No provider knows the zones, so their offsets are worked out here: a query adds the one that
/// holds at its instant, found by comparisons, to the minutes in UTC.
/// </summary>
public static class LocalHours
{
    /// <summary>Whole minutes are counted from here, a Monday.</summary>
    public static readonly DateTimeOffset Origin = new(2000, 1, 3, 0, 0, 0, TimeSpan.Zero);

    internal static readonly MethodInfo MinutesMethod = typeof(LocalHours).GetMethod(nameof(Minutes))!;

    /// <summary>Years whose clock changes are known to a query; before and after them the nearest offset holds.</summary>
    private const int FirstYear = 2015, LastYear = 2045;

    /// <summary>Whole minutes since <see cref="Origin"/>, in UTC. Only inside a query: each provider has its own words for it.</summary>
    public static int Minutes(DateTimeOffset at) => throw new InvalidOperationException($"Minutes({at}) was called outside a query.");

    /// <summary>Calls that began in this hour of the day, on this weekday.</summary>
    public static IQueryable<Call> Began(this IQueryable<Call> calls, TimeZoneInfo zone, DayOfWeek? weekday, int? hour)
    {
        var call = Expression.Parameter(typeof(Call), "call");
        var at = Expression.Property(call, nameof(Call.OccurredAt));
        // Fields of an object travel as parameters, so that the query is compiled once for each zone.
        var asked = Expression.Constant(new Asked(hour ?? 0, ((int)(weekday ?? 0) + 6) % 7));
        var offsets = Offsets(zone);
        var minutes = Expression.Add(Expression.Call(MinutesMethod, at), Offset(at, offsets, 0, offsets.Count));
        Expression condition = Expression.Constant(true);
        if (hour is not null)
        {
            condition = Expression.Equal(Expression.Modulo(Expression.Divide(minutes, Expression.Constant(60)), Expression.Constant(24)), Expression.Field(asked, nameof(Asked.Hour)));
        }

        if (weekday is not null)
        {
            var fits = Expression.Equal(Expression.Modulo(Expression.Divide(minutes, Expression.Constant(1440)), Expression.Constant(7)), Expression.Field(asked, nameof(Asked.Day)));
            condition = hour is null ? fits : Expression.AndAlso(condition, fits);
        }

        return calls.Where(Expression.Lambda<Func<Call, bool>>(condition, call));
    }

    /// <summary>From when on which offset holds, in minutes.</summary>
    private static List<(DateTimeOffset From, int Minutes)> Offsets(TimeZoneInfo zone)
    {
        var end = new DateTimeOffset(LastYear, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var at = new DateTimeOffset(FirstYear, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var found = new List<(DateTimeOffset From, int Minutes)> { (at, Of(at)) };
        for (; at < end; at = at.AddDays(7))
        {
            var (low, high) = (at, at.AddDays(7));
            if (Of(high) == found[^1].Minutes)
            {
                continue;
            }

            while (high - low > TimeSpan.FromMinutes(1))
            {
                var middle = low + TimeSpan.FromMinutes(Math.Floor((high - low).TotalMinutes / 2));
                (low, high) = Of(middle) == found[^1].Minutes ? (middle, high) : (low, middle);
            }

            found.Add((high, Of(high)));
        }

        return found;

        int Of(DateTimeOffset instant) => (int)zone.GetUtcOffset(instant).TotalMinutes;
    }

    private static Expression Offset(Expression at, List<(DateTimeOffset From, int Minutes)> offsets, int first, int end)
    {
        if (end - first == 1)
        {
            return Expression.Constant(offsets[first].Minutes);
        }

        var middle = (first + end) / 2;
        return Expression.Condition(
            Expression.LessThan(at, Expression.Constant(offsets[middle].From)), Offset(at, offsets, first, middle), Offset(at, offsets, middle, end));
    }

    /// <param name="hour">0 to 23.</param>
    /// <param name="day">Days after Monday.</param>
    private sealed class Asked(int hour, int day)
    {
        public readonly int Hour = hour;

        public readonly int Day = day;
    }
}
