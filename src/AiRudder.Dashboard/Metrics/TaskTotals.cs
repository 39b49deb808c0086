using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics;

/// <summary>What the tasks of a scope say together: distinct numbers, list sizes, and whether all of them are complete.</summary>
public sealed class TaskTotals
{
    private readonly List<State> unfinished = [];
    private readonly List<State> waiting = [];
    private long listSize;
    private int known;
    private int unknown;

    public long Heard { get; private set; }

    public long Reached { get; private set; }

    public long HeardInAll { get; private set; }

    public long? ListSize => unknown == 0 && known > 0 ? listSize : null;

    public Said? ListSizeUnknown => (known, unknown) switch
    {
        (0, 0) => new(Noted("No task in this period.")),
        (_, 0) => null,
        (0, 1) => new(Noted("The list size of the task is unknown: the webhook does not carry it.")),
        (0, _) => new(Noted("The list sizes of the tasks are unknown: the webhook does not carry them.")),
        _ => new(Noted("The list size of {0:N0} of {1:N0} tasks is unknown: the webhook does not carry it."), unknown, known + unknown),
    };

    /// <summary>Why figures over these tasks will still move; null when all are complete.</summary>
    public Said? Incomplete => (unfinished.Count, waiting.Count) switch
    {
        (0, 0) => null,
        (1, 0) => new(Noted("Task {0} is not finished: its unanswered numbers arrive later, so rates start too high."), unfinished[0].Title),
        ( > 1, 0) => new(Noted("{0:N0} of {1:N0} tasks are not finished: their unanswered numbers arrive later, so rates start too high."), unfinished.Count, known + unknown),
        (0, _) => new(Noted("Task {0} is finished, but {1:N0} of its {2:N0} numbers have not been heard of."), waiting[0].Title, waiting[0].ListSize - waiting[0].HeardInAll, waiting[0].ListSize),
        _ => new(Noted("{0:N0} of {1:N0} tasks are not complete: unanswered numbers arrive later, so rates start too high."), unfinished.Count + waiting.Count, known + unknown),
    };

    /// <summary>Tasks whose numbers are counted already.</summary>
    public void Add(IEnumerable<TaskNumbers> tasks)
    {
        foreach (var task in tasks)
        {
            Heard += task.Heard;
            Reached += task.Reached;
            Add(task.State);
        }
    }

    /// <summary>Tasks that are complete.</summary>
    public void Add(RollupTasks.Sum over)
    {
        Heard += over.Heard;
        Reached += over.Reached;
        known += over.Sized;
        unknown += over.Tasks - over.Sized;
        listSize += over.ListSize;
        HeardInAll += over.HeardOfLists;
    }

    public async Task AddAsync(DashboardDb db, IQueryable<Call> calls, CancellationToken cancel)
    {
        var numbers = await calls.Numbers().ToListAsync(cancel);
        var states = await ReadStatesAsync(db, numbers.ConvertAll(row => row.CallTaskId), cancel);
        foreach (var row in numbers)
        {
            Heard += row.Heard;
            Reached += row.Reached;
            if (states.TryGetValue(row.CallTaskId, out var state))
            {
                Add(state);
            }
        }
    }

    /// <summary>State and completeness of tasks; numbers are counted over all days where a list size makes that matter.</summary>
    public static async Task<Dictionary<int, State>> ReadStatesAsync(DashboardDb db, List<int> ids, CancellationToken cancel)
    {
        var tasks = await db.CallTasks.AsNoTracking()
            .Where(row => ids.Contains(row.Id))
            .Select(row => new { row.Id, row.VendorTaskId, row.Name, row.Status, row.ListSize })
            .ToListAsync(cancel);
        var sized = tasks.Where(row => row.ListSize is not null).Select(row => row.Id).ToList();
        var heard = sized.Count == 0 ? [] : await db.Calls.AsNoTracking().Where(call => sized.Contains(call.CallTaskId)).Numbers().ToDictionaryAsync(row => row.CallTaskId, row => row.Heard, cancel);
        return tasks.ToDictionary(row => row.Id, row => new State(row.VendorTaskId, row.Name ?? row.VendorTaskId, row.Status, row.ListSize, heard.GetValueOrDefault(row.Id)));
    }

    private void Add(State state)
    {
        if (state.VendorTaskId.Length == 0)
        {
            // Calls that named no task belong to no list that could be complete.
            unknown++;
            return;
        }

        if (state.ListSize is { } size)
        {
            known++;
            listSize += size;
            HeardInAll += state.HeardInAll;
        }
        else
        {
            unknown++;
        }

        if (!TaskState.IsFinished(state.Status))
        {
            unfinished.Add(state);
        }
        else if (!state.Complete)
        {
            waiting.Add(state);
        }
    }

    /// <summary>One task's completeness.</summary>
    public sealed record State(string VendorTaskId, string Title, string? Status, int? ListSize, int HeardInAll)
    {
        public bool Complete => VendorTaskId.Length == 0 || TaskState.IsComplete(Status, ListSize, HeardInAll);

        public Said? Why => Complete ? null
            : !TaskState.IsFinished(Status) ? new Said(Noted("The task is not finished: its unanswered numbers arrive later, so rates start too high."))
            : new Said(Noted("The task is finished, but {0:N0} of its {1:N0} numbers have not been heard of."), ListSize - HeardInAll, ListSize);
    }
}
