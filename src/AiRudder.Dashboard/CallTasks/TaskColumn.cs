namespace AiRudder.Dashboard.CallTasks;

/// <summary>A column the task table can be sorted by; the key is what the address says.</summary>
public sealed record TaskColumn(string Key, string Header, bool Number, Func<TaskRow, IComparable?> By, string? Explain = null)
{
    public static readonly IReadOnlyList<TaskColumn> All =
    [
        new("name", "Task", false, row => row.Title.ToUpperInvariant()),
        new("status", "State", false, row => row.Task.Status),
        new("robot", "Robot", false, row => row.Task.RobotHash),
        new("listSize", "List", true, row => row.Task.ListSize, "Numbers on the task's list"),
        new("coverage", "Coverage", false, row => row.Coverage, "Numbers heard of ÷ list, over all days"),
        new("numbers", "Heard", true, row => row.Heard, "Distinct numbers heard of"),
        new("attempts", "Attempts", true, row => row.Sums.Attempts, "Dials, redials included"),
        new("connected", "Connected", true, row => row.Sums.ConnectedAttempts, "Attempts that were connected"),
        new("answerRate", "Answer rate", true, row => Share(row.Sums.ConnectedAttempts, row.Sums.Attempts), "Connected ÷ attempts; the fraction under thirty"),
        new("labels", "Intentions", false, row => row.Sums.Connected, "Connected calls by label"),
        new("transfers", "Transfers", true, row => row.Sums.TransferRequests, "Taken / asked for"),
        new("talk", "Avg talk", true, row => Share(row.Sums.DurationSeconds, row.Sums.DurationKnown), "Average duration of connected calls"),
        new("attemptsPerNumber", "Att./no.", true, row => Share(row.Sums.Attempts, row.Heard), "Attempts per number heard of"),
        new("lastHeard", "Last heard", true, row => row.Task.LastHeardAt, "Arrival of the newest delivery"),
    ];

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
