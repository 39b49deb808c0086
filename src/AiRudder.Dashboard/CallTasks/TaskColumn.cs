namespace AiRudder.Dashboard.CallTasks;

/// <summary>A column the task table can be sorted by; the key is what the address says.</summary>
public sealed record TaskColumn(string Key, string Header, bool Number, Func<TaskRow, IComparable?> By, string? Explain = null)
{
    public static readonly IReadOnlyList<TaskColumn> All =
    [
        new("name", Noted("Task"), false, row => row.Title.ToUpperInvariant()),
        new("status", Noted("State"), false, row => row.Task.Status),
        new("robot", Noted("Robot"), false, row => row.Task.RobotHash),
        new("listSize", Noted("List"), true, row => row.Task.ListSize, Noted("Numbers on the task's list")),
        new("coverage", Noted("Coverage"), false, row => row.Coverage, Noted("Numbers heard of ÷ list, over all days")),
        new("numbers", Noted("Heard"), true, row => row.Heard, Noted("Distinct numbers heard of")),
        new("attempts", Noted("Attempts"), true, row => row.Sums.Attempts, Noted("Dials, redials included")),
        new("connected", Noted("Connected"), true, row => row.Sums.ConnectedAttempts, Noted("Attempts that were connected")),
        new("reach", Noted("Reach"), true, row => row.Task.ListSize is { } size ? Share(row.Reached, size) : null, Noted("Numbers with a connected call ÷ list; the count while the list is unknown")),
        new("answerRate", Noted("Answer rate"), true, row => Share(row.Sums.ConnectedAttempts, row.Sums.Attempts), Noted("Connected ÷ attempts; the fraction under thirty")),
        new("labels", Noted("Intentions"), false, row => row.Sums.Connected, Noted("Connected calls by label")),
        new("rightParty", Noted("Right party"), true, row => row.RightParty is { } right ? Share(right, row.Sums.Connected) : null, Noted("Connected calls whose label means a right party ÷ connected calls")),
        new("promises", Noted("Promises"), true, row => row.Promises, Noted("One per number and day")),
        new("transfers", Noted("Transfers"), true, row => row.Sums.TransferRequests, Noted("Taken / asked for")),
        new("talk", Noted("Avg talk"), true, row => Share(row.Sums.DurationSeconds, row.Sums.DurationKnown), Noted("Average duration of connected calls")),
        new("attemptsPerNumber", Noted("Att./no."), true, row => Share(row.Sums.Attempts, row.Heard), Noted("Attempts per number heard of")),
        new("lastHeard", Noted("Last heard"), true, row => row.Task.LastHeardAt, Noted("Arrival of the newest delivery")),
    ];

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

    private static IComparable? Share(long above, long below) => below == 0 ? null : (double)above / below;
}
