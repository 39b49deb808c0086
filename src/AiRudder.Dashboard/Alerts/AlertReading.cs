namespace AiRudder.Dashboard.Alerts;

public enum AlertCondition
{
    /// <summary>Not known, too few, or between threshold and recovery: neither trouble nor recovery.</summary>
    Neither,

    Well,

    Beyond,
}

/// <summary>What one evaluation of a rule found.</summary>
/// <param name="ConnectionId">0 for no connection in particular.</param>
/// <param name="Subject">A caller number's term; else 0.</param>
/// <param name="Condition">What it means.</param>
/// <param name="Words">What was found, in words, without personal data.</param>
/// <param name="Value">The figure.</param>
/// <param name="N">Out of how many.</param>
public sealed record AlertReading(int ConnectionId, int Subject, AlertCondition Condition, string Words, double? Value = null, long? N = null)
{
    public (int Connection, int Subject) Place => (ConnectionId, Subject);
}

public enum AlertMove
{
    None,
    Open,
    Resolve,
}

/// <summary>Decides when an alert opens and when it resolves by itself, so that a figure that wavers about its threshold does not ring with each turn.</summary>
public static class AlertSteps
{
    /// <summary>What a value means to a rule.</summary>
    public static AlertCondition Judge(AlertRule rule, double? value, long? n, bool provisional)
    {
        if (value is not { } known || n < rule.LeastN || (provisional && !rule.Provisional))
        {
            return AlertCondition.Neither;
        }

        var recover = rule.Recover ?? rule.Threshold;
        return rule.Below
            ? known < rule.Threshold ? AlertCondition.Beyond : known >= recover ? AlertCondition.Well : AlertCondition.Neither
            : known > rule.Threshold ? AlertCondition.Beyond : known <= recover ? AlertCondition.Well : AlertCondition.Neither;
    }

    /// <summary>Takes one evaluation into account.</summary>
    /// <param name="watch">What is remembered; it is changed.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="condition">What was found.</param>
    /// <param name="open">Whether an alert of this rule and place is not resolved.</param>
    /// <param name="now">The moment of the evaluation.</param>
    public static AlertMove Take(AlertWatch watch, AlertRule rule, AlertCondition condition, bool open, DateTimeOffset now)
    {
        watch.EvaluatedAt = now;
        watch.BeyondSince = condition == AlertCondition.Beyond ? Earlier(watch.BeyondSince, now) : null;
        watch.WellSince = condition == AlertCondition.Well ? Earlier(watch.WellSince, now) : null;
        var hold = TimeSpan.FromMinutes(rule.HoldMinutes);
        if (open)
        {
            return watch.WellSince is { } well && now - well >= hold ? AlertMove.Resolve : AlertMove.None;
        }

        return watch.BeyondSince is { } beyond && now - beyond >= hold && MayOpen(watch, rule, now) ? AlertMove.Open : AlertMove.None;
    }

    /// <summary>Whether the last opening is long enough ago.</summary>
    public static bool MayOpen(AlertWatch watch, AlertRule rule, DateTimeOffset now) =>
        watch.LastOpenedAt is not { } last || now - last >= TimeSpan.FromMinutes(rule.PauseMinutes) || last > now;

    /// <summary>Whether a local time lies in hours that may go over midnight; equal ends are no hours.</summary>
    public static bool Within(int from, int to, TimeSpan timeOfDay)
    {
        var minute = (int)timeOfDay.TotalMinutes;
        return from == to ? false : from < to ? minute >= from && minute < to : minute >= from || minute < to;
    }

    /// <summary>A clock that was set back must not make what begins now last for hours.</summary>
    private static DateTimeOffset Earlier(DateTimeOffset? since, DateTimeOffset now) => since < now ? since.Value : now;
}
