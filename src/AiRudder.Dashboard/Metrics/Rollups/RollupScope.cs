using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>What a filter means to the rollups: connections of one zone, their tasks, labels and days.</summary>
public sealed record RollupScope
{
    /// <summary>Our ids.</summary>
    public required List<int> Connections { get; init; }

    public required LocalDays Days { get; init; }

    /// <summary>Our ids; null for all tasks.</summary>
    public List<int>? Tasks { get; init; }

    /// <summary>Terms; null for all labels.</summary>
    public List<int>? Labels { get; init; }

    /// <summary>First local day.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last local day.</summary>
    public DateOnly? To { get; init; }

    public int FirstDay => From?.DayNumber ?? int.MinValue;

    public int LastDay => To?.DayNumber ?? int.MaxValue;

    public int FirstQuarter => From is { } day ? RollupDeltas.QuarterOf(Days.StartOf(day)) : int.MinValue;

    /// <summary>Only quarters before this one; null for all.</summary>
    public int? Before { get; init; }

    /// <summary>The quarter after the last.</summary>
    public int EndQuarter => Math.Min(To is { } day ? RollupDeltas.QuarterOf(Days.StartOf(day.AddDays(1))) : int.MaxValue, Before ?? int.MaxValue);

    public bool AllDays => From is null && To is null && Before is null;

    /// <summary>Whether rollups know all that the filter asks for.</summary>
    public static bool Knows(CallFilter filter) =>
        filter with { From = null, To = null, Connection = null, Task = null, Robot = null, Label = null, Meaning = null, MeaningsNow = null } == new CallFilter();

    /// <summary>
    /// The same for labels that changed their meaning: which labels are meant must not depend on the day, neither of these days nor of the
    /// calls whose dials are on them, and a change must be between two days.
    /// </summary>
    public static bool Knows(CallFilter filter, LabelLooks looks, IReadOnlyList<Connection> sameZone) =>
        Knows(filter) && (filter.Meaning is null
            ? Changes(filter, looks, sameZone).All(new LocalDays(sameZone[0].TimeZone).IsStart)
            : Changes(Sums.Around(filter), looks, sameZone).Count == 0);

    /// <summary>Moments within the days of a filter at which labels changed their meaning.</summary>
    public static IReadOnlyList<DateTimeOffset> Changes(CallFilter filter, LabelLooks looks, IReadOnlyList<Connection> sameZone)
    {
        var days = new LocalDays(sameZone[0].TimeZone);
        return looks.Changes([.. sameZone.Select(row => row.Id)], Start(days, filter.From), filter.To is { } to ? days.StartOf(to.AddDays(1)) : DateTimeOffset.MaxValue);
    }

    /// <summary>The stretches of days on which no label changed its meaning, each with a moment at which its meanings hold.</summary>
    public IReadOnlyList<(RollupScope Part, DateTimeOffset At)> Parts(LabelLooks looks)
    {
        var firsts = looks.Changes(Connections, Start(Days, From), To is { } to ? Days.StartOf(to.AddDays(1)) : DateTimeOffset.MaxValue)
            .Select(Days.DayOf)
            .ToList();
        return
        [
            .. firsts.Select(day => (DateOnly?)day).Prepend(From).Select((first, i) => (
                this with { From = first, To = i < firsts.Count ? firsts[i].AddDays(-1) : To },
                i == 0 ? Start(Days, From) : Days.StartOf(firsts[i - 1]))),
        ];
    }

    public static async Task<RollupScope> OfAsync(DashboardDb db, CallFilter filter, IReadOnlyList<Connection> sameZone, RollupNames.Held names, LabelLooks looks, CancellationToken cancel)
    {
        var ids = sameZone.Select(row => row.Id).ToList();
        return new RollupScope
        {
            Connections = ids,
            Days = new LocalDays(sameZone[0].TimeZone),
            Tasks = filter.Task is { } task ? await TasksNamed(db, ids, task).ToListAsync(cancel) : null,
            Labels = filter is { Robot: null, Label: null, Meaning: null } ? null : [.. names.Labels.Where(pair => ids.Contains(pair.Value.ConnectionId) && Fits(filter, pair.Value, looks, Start(new LocalDays(sameZone[0].TimeZone), filter.From))).Select(pair => pair.Key)],
            From = filter.From,
            To = filter.To,
        };
    }

    public static IQueryable<int> TasksNamed(DashboardDb db, List<int> connections, string vendorTaskId) =>
        db.CallTasks.Where(row => connections.Contains(row.ConnectionId) && row.VendorTaskId == vendorTaskId).Select(row => row.Id);

    /// <summary>Why the rollups of these connections cannot be used now; null when they can.</summary>
    public static async Task<Said?> UnreadyAsync(DashboardDb db, IReadOnlyList<Connection> connections, CancellationToken cancel)
    {
        var states = await db.Set<RollupState>().AsNoTracking().ToDictionaryAsync(row => row.ConnectionId, cancel);
        foreach (var connection in connections)
        {
            if (!states.TryGetValue(connection.Id, out var state))
            {
                if (await db.Calls.AnyAsync(call => call.ConnectionId == connection.Id, cancel))
                {
                    return new(Noted("Figures of {0} are about to be recomputed."), connection.Name);
                }
            }
            else if (state.Phase != RollupPhase.Ready || state.TimeZone != connection.TimeZone || state.Version < RollupState.CurrentVersion)
            {
                var share = state is { Phase: RollupPhase.Counting, End: > 0 } ? (double)state.Mark / state.End : 0;
                return new(Noted("Figures of {0} are being recomputed: {1:0} % of its calls are counted."), connection.Name, Math.Floor(share * 100));
            }
        }

        return null;
    }

    private static DateTimeOffset Start(LocalDays days, DateOnly? from) => from is { } day ? days.StartOf(day) : DateTimeOffset.MinValue;

    private static bool Fits(CallFilter filter, LabelKey key, LabelLooks looks, DateTimeOffset at) =>
        filter.HasRobot(key.Robot) &&
        (filter.Label is null || (filter.Label == CallFilter.NoLabel ? key.Label is null : filter.Label == key.Label)) &&
        (filter.Meaning is not { } meaning || (meaning == Meaning.None ? !looks.Of(key, at).Mapped : (looks.Of(key, at).Meanings & meaning) != 0));
}
