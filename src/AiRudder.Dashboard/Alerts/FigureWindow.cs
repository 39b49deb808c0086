using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Alerts;

/// <summary>Figures of a connection as rules see them, at one moment; what several rules ask for is read once.</summary>
public sealed class FigureWindow(SummaryQuery summaries, DateTimeOffset now)
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    /// <summary>Figures that sums of quarter hours give. The others count distinct numbers or bodies, and know whole days only.</summary>
    private static readonly HashSet<string> WithinADay =
    [
        Figures.Calls, Figures.Attempts, Figures.Connected, Figures.AnswerRate, Figures.AverageCallDuration, Figures.AverageRobotTalk, Figures.AverageRingTime, Figures.ShortCallShare, Figures.NoResponseRate,
        Figures.TurnsPerCall, Figures.TransferRequests, Figures.TransferRate, Figures.TransferSuccess, Figures.TransferWait, Figures.RightPartyOfConnects, Figures.UnmappedShare, Figures.ContradictionRate,
    ];

    private readonly Dictionary<(int, string?, string?, AlertWindow), Summary> read = [];

    public static bool IsWithinADay(AlertWindow window) => window is not (AlertWindow.Today or AlertWindow.Week);

    /// <summary>Whether the figure can be known of the window.</summary>
    public static bool Knows(string figure, AlertWindow window) => !IsWithinADay(window) || WithinADay.Contains(figure);

    public async Task<Figure> ReadAsync(AlertRule rule, Connection connection, CancellationToken cancel)
    {
        if (!Knows(rule.Figure!, rule.Window))
        {
            return Figure.Unknown with { Reason = Noted("This figure is known for whole days only.") };
        }

        var key = (connection.Id, rule.Task, rule.Robot, rule.Window);
        if (!read.TryGetValue(key, out var summary))
        {
            read[key] = summary = await SummaryAsync(rule, connection, cancel);
        }

        return summary.Figures.GetValueOrDefault(rule.Figure!) ?? Figure.Unknown with { Reason = new(Noted("There is no figure '{0}'."), rule.Figure) };
    }

    public static CallFilter Filter(AlertRule rule, Connection connection, DateOnly from, DateOnly to) =>
        new() { From = from, To = to, Connection = connection.Name, Task = rule.Task, Robot = rule.Robot };

    /// <summary>The figures of some slots alone.</summary>
    public static IReadOnlyDictionary<string, Figure> Of(Summary summary, Tally part) => Figures.Compute(summary.Totals with
    {
        Calls = part,
        RightParty = part.Having(summary.Looks, Meaning.RightParty),
        Unmapped = part.WithoutMeaning(summary.Looks),
    });

    private async Task<Summary> SummaryAsync(AlertRule rule, Connection connection, CancellationToken cancel)
    {
        var local = new LocalDays(connection.TimeZone).ToLocal(now).DateTime;
        var today = DateOnly.FromDateTime(local);
        if (!IsWithinADay(rule.Window))
        {
            return await summaries.ReadAsync(Filter(rule, connection, today.AddDays(rule.Window == AlertWindow.Week ? -6 : 0), today), cancel: cancel);
        }

        // Whole quarter hours, and the one that has begun.
        var start = new DateTime(local.Ticks - (local.Ticks % Quarter.Ticks)) - TimeSpan.FromMinutes((int)rule.Window);
        var first = DateOnly.FromDateTime(start);
        var plan = new SlotPlan([first.ToDateTime(TimeOnly.MinValue), start], Quarter);
        var summary = await summaries.ReadAsync(Filter(rule, connection, first, today), plan, cancel: cancel);
        return summary with { Figures = Of(summary, summary.Slots[^1]) };
    }
}
