using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Which slots of a summary are worth drawing.</summary>
public static class SlotRange
{
    /// <summary>From the first slot with anything in it to the last, or to now while the period still runs; at least so many as asked for.</summary>
    public static (int First, int End) Of(Summary summary, DateTime? until, int least = 1)
    {
        var slots = summary.Slots;
        var (first, last) = (-1, -1);
        for (var i = 0; i < slots.Count; i++)
        {
            if (slots[i].Calls > 0)
            {
                (first, last) = (first < 0 ? i : first, i);
            }
        }

        if (first < 0 || summary.Plan.Starts.Count == 0)
        {
            return (0, 0);
        }

        var end = until is { } now ? Math.Max(last + 1, summary.Plan.Starts.Count(start => start <= now)) : last + 1;
        return (Math.Max(0, Math.Min(first, end - least)), end);
    }

    /// <summary>The filter narrowed to exactly so many slots from one on.</summary>
    public static CallFilter Within(SlotPlan plan, int slot, CallFilter filter, int slots = 1)
    {
        var (start, end) = (plan.Starts[slot], plan.Starts[slot] + (slots * plan.Width));
        var whole = end.TimeOfDay == TimeSpan.Zero;
        var to = DateOnly.FromDateTime(whole ? end.AddDays(-1) : end);
        var beyond = filter.To is { } last && to > last;
        return filter with
        {
            From = DateOnly.FromDateTime(start),
            FromTime = start.TimeOfDay == TimeSpan.Zero ? null : TimeOnly.FromDateTime(start),
            To = beyond ? filter.To : to,
            ToTime = whole || beyond ? null : TimeOnly.FromDateTime(end),
        };
    }
}
