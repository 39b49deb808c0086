using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>A column the task table can be sorted by; the key is what the address says.</summary>
/// <param name="Key">Name in addresses and choices.</param>
/// <param name="Header">In English.</param>
/// <param name="Number">Its cells are numbers.</param>
/// <param name="By">What it is sorted by.</param>
/// <param name="Explain">What it shows, in English, where no figure says it.</param>
public sealed record TaskColumn(string Key, string Header, bool Number, Func<TaskRow, IComparable?> By, string? Explain = null)
{
    public static readonly IReadOnlyList<TaskColumn> All =
    [
        new("name", Noted("Task"), false, row => row.Title.ToUpperInvariant()),
        new("status", Noted("State"), false, row => row.Task.Status),
        new("robot", Noted("Robot"), false, row => row.Task.RobotHash),
        new("listSize", Noted("List"), true, row => row.Task.ListSize, Noted("Numbers on the task's list")),
        Of("coverage", Noted("Coverage"), Figures.Coverage) with { Number = false, By = row => row.Coverage.Value },
        Of("numbers", Noted("Heard"), Figures.NumbersHeard),
        Of("attempts", Noted("Attempts"), Figures.Attempts),
        Of("connected", Noted("Connected"), Figures.Connected),
        Of("reach", Noted("Reach"), Figures.Reach),
        Of("answerRate", Noted("Answer rate"), Figures.AnswerRate),
        new("labels", Noted("Intentions"), false, row => row.Sums.Connected, Noted("Connected calls by label")),
        Of("rightParty", Noted("Right party"), Figures.RightPartyOfConnects),
        new("promises", Noted("Promises"), true, row => row.Promises, Noted("One per number and day")),
        Of("transfers", Noted("Transfers"), Figures.TransferSuccess) with { By = row => row.Figure(Figures.TransferRequests).Value },
        Of("talk", Noted("Avg talk"), Figures.AverageCallDuration),
        Of("attemptsPerNumber", Noted("Att./no."), Figures.AttemptsPerNumber),
        new("lastHeard", Noted("Last heard"), true, row => row.Task.LastHeardAt, Noted("Arrival of the newest delivery")),
    ];

    /// <summary>Name of the figure it shows; null for what is none.</summary>
    public string? Figure { get; private init; }

    /// <summary>What it shows, in the reader's language.</summary>
    public string? Explained => Figure is { } figure ? Figures.Definition(figure).Formula : Explain is null ? null : T(Explain);

    /// <summary>What is shown to whoever has not chosen: counts that a rate beside them says already are left out.</summary>
    public static readonly IReadOnlyList<TaskColumn> Usual = Shown(null);

    /// <summary>Those that are not hidden; the name of a task always stays.</summary>
    /// <param name="hidden">Keys separated by commas, unknown ones hide nothing; null for the usual columns.</param>
    public static IReadOnlyList<TaskColumn> Shown(string? hidden)
    {
        var keys = (hidden ?? "numbers,attempts,connected").Split(',');
        return [.. All.Where(column => column == All[0] || !keys.Contains(column.Key))];
    }

    /// <summary>What <see cref="Shown"/> reads.</summary>
    public static string Hidden(IReadOnlyCollection<TaskColumn> shown) => string.Join(',', All.Skip(1).Except(shown).Select(column => column.Key));

    /// <summary>The column and direction an address asks for; "-answerRate" is descending. The newest first when it asks for nothing we know.</summary>
    public static (TaskColumn Column, bool Descending) Parse(string? sort)
    {
        var column = All.FirstOrDefault(known => known.Key == sort?.TrimStart('-'));
        return column is null ? (All[^1], true) : (column, sort!.StartsWith('-'));
    }

    /// <summary>Unknown values stay at the end either way.</summary>
    public IEnumerable<TaskRow> Sort(IEnumerable<TaskRow> rows, bool descending)
    {
        var byKnown = rows.OrderBy(row => By(row) is null);
        return (descending ? byKnown.ThenByDescending(By) : byKnown.ThenBy(By)).ThenByDescending(row => row.Task.Id);
    }

    private static TaskColumn Of(string key, string header, string figure) => new(key, header, true, row => row.Figure(figure).Value) { Figure = figure };
}
