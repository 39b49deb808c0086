using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Alerts;

/// <summary>How often a rule would have opened.</summary>
/// <param name="Openings">When, newest first.</param>
/// <param name="Looks">Evaluations that could say something; below <paramref name="All"/> where there were too few calls.</param>
/// <param name="All">Evaluations.</param>
public sealed record PreviewAnswer(IReadOnlyList<DateTimeOffset> Openings, int Looks, int All);

/// <summary>
/// Evaluates a rule about a figure over the last seven days, every quarter hour, with the calls as they are known now; days that are over
/// are not provisional any more.
/// </summary>
public sealed class RulePreview(SummaryQuery summaries, ConnectionDirectory directory, TimeProvider time)
{
    public const int Days = 7;

    /// <exception cref="FiguresUnknownException">The figures cannot be known now.</exception>
    public async Task<PreviewAnswer> ReadAsync(AlertRule rule, CancellationToken cancel)
    {
        var (openings, looks, all) = (new List<DateTimeOffset>(), 0, 0);
        foreach (var connection in rule.ConnectionId is { } id ? directory.All.Where(row => row.Id == id) : directory.All)
        {
            var watch = new AlertWatch();
            var open = false;
            await foreach (var (at, figure) in PastAsync(rule, connection, cancel))
            {
                var condition = AlertSteps.Judge(rule, figure.Value, figure.Denominator ?? figure.Numerator, provisional: false);
                (looks, all) = (looks + (condition == AlertCondition.Neither ? 0 : 1), all + 1);
                switch (AlertSteps.Take(watch, rule, condition, open, at))
                {
                    case AlertMove.Open:
                        (open, watch.LastOpenedAt) = (true, at);
                        openings.Add(at);
                        break;
                    case AlertMove.Resolve:
                        open = false;
                        break;
                    default:
                        break;
                }
            }
        }

        return new([.. openings.OrderDescending()], looks, all);
    }

    private IAsyncEnumerable<(DateTimeOffset At, Figure Figure)> PastAsync(AlertRule rule, Connection connection, CancellationToken cancel) =>
        rule.Window == AlertWindow.Week || (rule.Window == AlertWindow.Today && !FigureWindow.Knows(rule.Figure!, AlertWindow.Hour)) ? DailyAsync(rule, connection, cancel) : QuarterlyAsync(rule, connection, cancel);

    /// <summary>At the end of each day: figures that quarter hours do not give, and windows of days.</summary>
    private async IAsyncEnumerable<(DateTimeOffset At, Figure Figure)> DailyAsync(AlertRule rule, Connection connection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var days = new LocalDays(connection.TimeZone);
        var today = days.DayOf(time.GetUtcNow());
        for (var day = today.AddDays(-Days); day < today; day = day.AddDays(1))
        {
            var filter = FigureWindow.Filter(rule, connection, day.AddDays(rule.Window == AlertWindow.Week ? -6 : 0), day);
            yield return (days.StartOf(day.AddDays(1)), (await summaries.ReadAsync(filter, cancel: cancel)).Known()[rule.Figure!]);
        }
    }

    private async IAsyncEnumerable<(DateTimeOffset At, Figure Figure)> QuarterlyAsync(AlertRule rule, Connection connection, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var days = new LocalDays(connection.TimeZone);
        var today = days.DayOf(now);
        var length = FigureWindow.IsWithinADay(rule.Window) ? ((int)rule.Window / 15) + 1 : int.MaxValue;
        var window = new List<Tally>();
        for (var day = today.AddDays(-Days); day <= today; day = day.AddDays(1))
        {
            if (rule.Window == AlertWindow.Today)
            {
                window.Clear();
            }

            var plan = SlotPlan.Of(day, day);
            var summary = (await summaries.ReadAsync(FigureWindow.Filter(rule, connection, day, day), plan, cancel: cancel)).Known();
            for (var slot = 0; slot < summary.Slots.Count; slot++)
            {
                var at = days.At(plan.Starts[slot] + plan.Width);
                if (at > now)
                {
                    yield break;
                }

                window.Add(summary.Slots[slot]);
                if (window.Count > length)
                {
                    window.RemoveAt(0);
                }

                yield return (at, FigureWindow.Of(summary, Tally.Sum(window)).GetValueOrDefault(rule.Figure!) ?? Figure.Unknown);
            }
        }
    }
}
