using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>A task as scripts see it.</summary>
public sealed record TaskAnswer
{
    /// <summary>AIRUDDER's id.</summary>
    public required string Id { get; init; }

    public string? Name { get; init; }

    public required string Connection { get; init; }

    public string? Status { get; init; }

    public string? Robot { get; init; }

    public string? Line { get; init; }

    /// <summary>Distinct numbers heard about.</summary>
    public int Numbers { get; init; }

    /// <summary>Numbers on the list, when somebody told.</summary>
    public int? ListSize { get; init; }

    /// <summary>Distinct numbers with a connected call.</summary>
    public int Reached { get; init; }

    public long Calls { get; init; }

    public long Attempts { get; init; }

    public long Connected { get; init; }

    /// <summary>Connected calls by label; "--" for none.</summary>
    public required IReadOnlyDictionary<string, long> Labels { get; init; }

    public long TransferRequests { get; init; }

    public long TransferSuccesses { get; init; }

    public bool Provisional { get; init; }

    /// <summary>Why it is provisional.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? ScheduledFrom { get; init; }

    public DateTimeOffset? ScheduledTo { get; init; }

    public int? RepeatInterval { get; init; }

    public int? RepeatNumber { get; init; }

    public DateTimeOffset FirstHeardAt { get; init; }

    public DateTimeOffset LastHeardAt { get; init; }

    public static TaskAnswer Of(TaskRow row) => new()
    {
        Id = row.Task.VendorTaskId,
        Name = row.Task.Name,
        Connection = row.Connection,
        Status = row.Task.Status,
        Robot = row.Task.RobotHash,
        Line = row.Task.Line,
        Numbers = row.Heard,
        ListSize = row.Task.ListSize,
        Reached = row.Reached,
        Calls = row.Sums.Calls,
        Attempts = row.Sums.Attempts,
        Connected = row.Sums.ConnectedAttempts,
        Labels = row.Sums.ConnectedByLabel.GroupBy(pair => pair.Key.Label ?? CallFilter.NoLabel).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value)),
        TransferRequests = row.Sums.TransferRequests,
        TransferSuccesses = row.Sums.TransferSuccesses,
        Provisional = !row.State.Complete,
        Reason = row.State.Why,
        ScheduledFrom = row.Task.ScheduledFrom,
        ScheduledTo = row.Task.ScheduledTo,
        RepeatInterval = row.Task.RepeatInterval,
        RepeatNumber = row.Task.RepeatNumber,
        FirstHeardAt = row.Task.FirstHeardAt,
        LastHeardAt = row.Task.LastHeardAt,
    };
}

public sealed record TaskList(IReadOnlyList<TaskAnswer> Items, string? Next);
