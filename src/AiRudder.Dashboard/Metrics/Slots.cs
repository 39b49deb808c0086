using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using AiRudder.Dashboard.Connections;

namespace AiRudder.Dashboard.Metrics;

/// <summary>
/// Groups by quarter hour, hour or local day inside the database. No provider can cut a UTC instant into days of a zone, so the
/// beginnings of the slots are worked out here and a query compares with them: <c>Slots.Of(row.At)</c> becomes a binary search
/// of comparisons, which both SQLite and SQL Server understand (nested seven deep for a hundred slots).
/// </summary>
public static class Slots
{
    private static readonly MethodInfo Marker = typeof(Slots).GetMethod(nameof(Of))!;

    /// <summary>Number of the slot an instant falls into, from 0. Only inside a query that goes through <see cref="WithSlots"/>.</summary>
    public static int Of(DateTimeOffset at) =>
        throw new InvalidOperationException($"Slots.Of({at}) was called outside a query with slots.");

    /// <summary>Gives every <see cref="Of"/> in the query its meaning.</summary>
    /// <param name="query">The query.</param>
    /// <param name="starts">Beginnings of the slots, ascending; what lies before the first belongs to the first.</param>
    public static IQueryable<T> WithSlots<T>(this IQueryable<T> query, IReadOnlyList<DateTimeOffset> starts)
    {
        var search = new Search(starts.Count == 0 ? [DateTimeOffset.MinValue] : [.. starts]);
        return query.Provider.CreateQuery<T>(search.Visit(query.Expression));
    }

    private sealed class Search(DateTimeOffset[] starts) : ExpressionVisitor
    {
        // A field of an object, so that the instants travel as parameters and the query is compiled once.
        private readonly Expression values = Expression.Field(Expression.Constant(new Bounds(starts)), nameof(Bounds.Starts));

        protected override Expression VisitMethodCall(MethodCallExpression node) =>
            node.Method == Marker ? Between(Visit(node.Arguments[0]), 0, starts.Length) : base.VisitMethodCall(node);

        private Expression Between(Expression at, int first, int end)
        {
            if (end - first == 1)
            {
                return Expression.Constant(first);
            }

            var middle = (first + end) / 2;
            var start = Expression.ArrayIndex(values, Expression.Constant(middle));
            return Expression.Condition(Expression.LessThan(at, start), Between(at, first, middle), Between(at, middle, end));
        }
    }

    private sealed class Bounds(DateTimeOffset[] starts)
    {
        public readonly DateTimeOffset[] Starts = starts;
    }
}

/// <summary>How a period is cut for a chart: local times, the same in every zone.</summary>
/// <param name="Starts">Local beginnings of the slots.</param>
/// <param name="Width">Length of one slot.</param>
public sealed record SlotPlan(IReadOnlyList<DateTime> Starts, TimeSpan Width)
{
    /// <summary>Everything in one slot.</summary>
    public static readonly SlotPlan Whole = new([], TimeSpan.Zero);

    /// <summary>Quarter hours of one day, hours of a few, days of a season, weeks of more: about a hundred at most.</summary>
    public static SlotPlan Of(DateOnly from, DateOnly to)
    {
        var days = to.DayNumber - from.DayNumber + 1;
        var width = days switch
        {
            1 => TimeSpan.FromMinutes(15),
            <= 4 => TimeSpan.FromHours(1),
            <= 100 => TimeSpan.FromDays(1),
            _ => TimeSpan.FromDays(7 * Math.Max(1, days / 700)),
        };
        var first = from.ToDateTime(TimeOnly.MinValue);
        var count = (int)Math.Ceiling(days * TimeSpan.TicksPerDay / (double)width.Ticks);
        return new([.. Enumerable.Range(0, count).Select(i => first + (i * width))], width);
    }

    /// <summary>Every hour of every day.</summary>
    public static SlotPlan Hours(DateOnly from, DateOnly to)
    {
        var first = from.ToDateTime(TimeOnly.MinValue);
        return new([.. Enumerable.Range(0, 24 * (to.DayNumber - from.DayNumber + 1)).Select(i => first.AddHours(i))], TimeSpan.FromHours(1));
    }

    public int Count => Math.Max(1, Starts.Count);

    /// <summary>"15 minutes", "hour", "day" or "week", as the reader says it.</summary>
    public string Word => Width switch
    {
        { TotalMinutes: 15 } => T("15 minutes"),
        { TotalHours: 1 } => T("hour"),
        { TotalDays: 1 } => T("day"),
        { TotalDays: 7 } => T("week"),
        _ => T("{0} days", (int)Width.TotalDays),
    };

    public string Name(int slot) => Width.TotalHours < 1
        ? Starts[slot].ToString("HH:mm", CultureInfo.InvariantCulture)
        : Starts[slot].ToString(Width.TotalHours > 1 ? T("d MMM") : T("d MMM HH:mm"), CultureInfo.CurrentCulture);

    public IReadOnlyList<DateTimeOffset> In(LocalDays days) => [.. Starts.Select(days.At)];
}
