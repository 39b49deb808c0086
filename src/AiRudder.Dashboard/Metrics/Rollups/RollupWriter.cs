using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>Writes the deltas of one connection into every grain, inside the open transaction.</summary>
public sealed class RollupWriter(DashboardDb db, IBulkWrite bulk, RollupState state)
{
    private readonly RollupTermWriter terms = new(db);
    private readonly RollupDays days = new(new LocalDays(state.TimeZone));

    public async Task WriteAsync(ConnectionDeltas deltas, CancellationToken cancel)
    {
        var labels = deltas.Sums.Keys.Select(key => key.Label).Concat(deltas.Numbers.Values.SelectMany(rows => rows.Keys.Select(key => key.Label)));
        var words = deltas.Facets.Keys.SelectMany(key => new[] { key.A, key.B, key.C, key.D });
        await terms.LearnAsync(labels, words, cancel);

        var sums = Sums(deltas);
        await bulk.AddUpAsync(db, sums, cancel);
        await bulk.AddUpAsync(db, Facets(deltas), cancel);
        var numbers = new RollupNumberWriter(db, bulk, state.ConnectionId, days, terms);
        await numbers.WriteAsync(deltas.Numbers, cancel);
        await WriteTasksAsync(deltas, numbers.Tasks, cancel);
    }

    private List<RollupSum> Sums(ConnectionDeltas deltas)
    {
        var rows = new Dictionary<(RollupGrain Grain, int Scope, int Slot, int Part, int Label), RollupSum>();
        foreach (var ((task, quarter, key), values) in deltas.Sums)
        {
            if (values.IsZero())
            {
                continue;
            }

            var (day, label) = (days.Of(quarter), terms.Label(key));
            Add(RollupGrain.ConnectionQuarter, state.ConnectionId, quarter, 0, label);
            Add(RollupGrain.ConnectionDay, state.ConnectionId, day, 0, label);
            Add(RollupGrain.TaskQuarter, task, quarter, 0, label);
            Add(RollupGrain.TaskDay, task, day, 0, label);
            Add(RollupGrain.DayTask, state.ConnectionId, day, task, label);
            Add(RollupGrain.Task, task, 0, 0, label);
            Add(RollupGrain.ConnectionQuarterTotal, state.ConnectionId, quarter, 0, 0);
            Add(RollupGrain.ConnectionDayTotal, state.ConnectionId, day, 0, 0);
            Add(RollupGrain.DayTaskTotal, state.ConnectionId, day, task, 0);

            void Add(RollupGrain grain, int scope, int slot, int part, int label)
            {
                if (!rows.TryGetValue((grain, scope, slot, part, label), out var row))
                {
                    rows[(grain, scope, slot, part, label)] = row = new RollupSum { Grain = grain, Scope = scope, Slot = slot, Part = part, LabelId = label };
                }

                row.Add(values);
            }
        }

        // In the order of the key, so that neighbours are written together.
        return [.. rows.Values.OrderBy(row => row.Grain).ThenBy(row => row.Scope).ThenBy(row => row.Slot).ThenBy(row => row.Part).ThenBy(row => row.LabelId)];
    }

    private List<RollupFacet> Facets(ConnectionDeltas deltas)
    {
        var rows = new Dictionary<(FacetKind, int, int, int, int, int, int), RollupFacet>();
        foreach (var (key, (n, m)) in deltas.Facets)
        {
            var (day, a) = (days.Of(key.Quarter), key.Kind == FacetKind.Rung ? key.Rung : terms.Word(key.A));
            var (b, c, d) = (key.Kind == FacetKind.Caller ? days.HourOf(key.Quarter) : terms.Word(key.B), terms.Word(key.C), terms.Word(key.D));
            if (!rows.TryGetValue((key.Kind, key.Task, day, a, b, c, d), out var row))
            {
                rows[(key.Kind, key.Task, day, a, b, c, d)] = row = new RollupFacet { Kind = key.Kind, CallTaskId = key.Task, Day = day, A = a, B = b, C = c, D = d };
            }

            row.N += n;
            row.M += m;
        }

        return [.. rows.Values.Where(row => row.N != 0 || row.M != 0)];
    }

    private async Task WriteTasksAsync(ConnectionDeltas deltas, IReadOnlyDictionary<int, (long Heard, long Reached)> numbers, CancellationToken cancel)
    {
        var changes = new Dictionary<int, RollupTask>();
        var shrunk = new HashSet<int>();
        foreach (var ((id, quarter, _), values) in deltas.Sums.Where(sum => sum.Value.Calls != 0))
        {
            if (!changes.TryGetValue(id, out var change))
            {
                changes[id] = change = new RollupTask { CallTaskId = id, ConnectionId = state.ConnectionId, FirstDay = int.MaxValue, LastDay = int.MinValue };
            }

            change.Calls += values.Calls;
            if (values.Calls > 0)
            {
                change.FirstDay = Math.Min(change.FirstDay, days.Of(quarter));
                change.LastDay = Math.Max(change.LastDay, days.Of(quarter));
            }
            else
            {
                shrunk.Add(id);
            }
        }

        foreach (var (id, (heard, reached)) in numbers.Where(pair => pair.Value != default))
        {
            if (!changes.TryGetValue(id, out var change))
            {
                changes[id] = change = new RollupTask { CallTaskId = id, ConnectionId = state.ConnectionId, FirstDay = int.MaxValue, LastDay = int.MinValue };
            }

            change.Heard = heard;
            change.Reached = reached;
        }

        if (changes.Count == 0)
        {
            return;
        }

        var ids = changes.Keys.ToList();
        var known = await db.Set<RollupTask>().AsNoTracking().Where(row => EF.Parameter(ids).Contains(row.CallTaskId)).ToDictionaryAsync(row => row.CallTaskId, cancel);
        var spans = shrunk.Count == 0 ? [] : await Spans(db, [.. shrunk]).ToDictionaryAsync(span => span.CallTaskId, cancel);
        foreach (var change in changes.Values)
        {
            var old = known.GetValueOrDefault(change.CallTaskId);
            if (shrunk.Contains(change.CallTaskId))
            {
                (change.FirstDay, change.LastDay) = spans.TryGetValue(change.CallTaskId, out var span) ? (span.First, span.Last) : (0, 0);
            }
            else if (old is { Calls: > 0 })
            {
                (change.FirstDay, change.LastDay) = (Math.Min(change.FirstDay, old.FirstDay), Math.Max(change.LastDay, old.LastDay));
            }
        }

        await bulk.AddUpAsync(db, changes.Values, cancel);
        foreach (var change in changes.Values.Where(row => known.TryGetValue(row.CallTaskId, out var old) && (old.FirstDay, old.LastDay) != (row.FirstDay, row.LastDay)))
        {
            await db.Set<RollupTask>().Where(row => row.CallTaskId == change.CallTaskId).ExecuteUpdateAsync(
                row => row.SetProperty(it => it.FirstDay, change.FirstDay).SetProperty(it => it.LastDay, change.LastDay), cancel);
        }
    }

    /// <summary>First and last day of tasks whose calls became fewer; none for a task without calls.</summary>
    public static IQueryable<TaskSpan> Spans(DashboardDb db, List<int> tasks) =>
        db.Set<RollupSum>().AsNoTracking()
            .Where(row => row.Grain == RollupGrain.TaskDay && EF.Parameter(tasks).Contains(row.Scope) && row.Calls > 0)
            .GroupBy(row => row.Scope)
            .Select(group => new TaskSpan(group.Key, group.Min(row => row.Slot), group.Max(row => row.Slot)));

    public sealed record TaskSpan(int CallTaskId, int First, int Last);
}

/// <summary>Local days and hours of quarters; each day is worked out once.</summary>
public sealed class RollupDays(LocalDays days)
{
    private readonly Dictionary<int, int> known = [];

    public int Of(int quarter)
    {
        if (!known.TryGetValue(quarter, out var day))
        {
            known[quarter] = day = days.DayOf(RollupDeltas.StartOf(quarter)).DayNumber;
        }

        return day;
    }

    /// <summary>Local hour of the day, from 0 to 23.</summary>
    public int HourOf(int quarter) => days.ToLocal(RollupDeltas.StartOf(quarter)).Hour;
}
