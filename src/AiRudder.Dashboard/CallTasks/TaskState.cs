namespace AiRudder.Dashboard.CallTasks;

/// <summary>The one word of AIRUDDER's that decides something here; all others are only shown.</summary>
public static class TaskState
{
    /// <summary>As documented: the task has ended. Events of it may still come.</summary>
    public const string Finished = "finished";

    /// <summary>
    /// AIRUDDER called the task finished and every number of its list was heard about. A list of unknown size cannot be held
    /// against it.
    /// </summary>
    public static bool IsComplete(string? status, int? listSize, int heard) => IsFinished(status) && (listSize is null || heard >= listSize);

    public static bool IsFinished(string? status) => string.Equals(status, Finished, StringComparison.OrdinalIgnoreCase);
}
