using System.Globalization;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>
/// Keeps which number has which calls, and counts numbers by the set of labels they have: a number that gets another label moves from one
/// set to another. Sums alone cannot count distinct numbers.
/// </summary>
public sealed class RollupNumberWriter(DashboardDb db, IBulkWrite bulk, int connection, RollupDays days, RollupTermWriter terms)
{
    /// <summary>Numbers looked up at a time.</summary>
    private const int Chunk = 500;

    private readonly Dictionary<(RollupGrain Grain, int Scope, int Slot, string Set), long> sets = [];
    private readonly Dictionary<(int Day, long Number), Dictionary<(int Quarter, int Label), long>> talks = [];
    private readonly Dictionary<int, (long Heard, long Reached)> tasks = [];

    /// <summary>By how much the distinct numbers of each task changed.</summary>
    public IReadOnlyDictionary<int, (long Heard, long Reached)> Tasks => tasks;

    public async Task WriteAsync(Dictionary<(int Task, long Number), Dictionary<(int Quarter, LabelKey Label), (long Calls, long Connected)>> deltas, CancellationToken cancel)
    {
        foreach (var task in deltas.GroupBy(pair => pair.Key.Task))
        {
            foreach (var chunk in task.Chunk(Chunk))
            {
                await WriteNumbersAsync(task.Key, chunk.ToDictionary(pair => pair.Key.Number, pair => Numbered(pair.Value)), cancel);
            }
        }

        foreach (var day in talks.GroupBy(pair => pair.Key.Day))
        {
            foreach (var chunk in day.Chunk(Chunk))
            {
                await WriteTalksAsync(day.Key, chunk.ToDictionary(pair => pair.Key.Number, pair => pair.Value), cancel);
            }
        }

        var moved = sets.Where(pair => pair.Value != 0).ToList();
        await terms.LearnAsync(moved.Select(pair => pair.Key.Set), cancel);
        await bulk.AddUpAsync(
            db,
            moved.ConvertAll(pair => new RollupSet { Grain = pair.Key.Grain, Scope = pair.Key.Scope, Slot = pair.Key.Slot, SetId = terms.Set(pair.Key.Set), Numbers = pair.Value }),
            cancel);
    }

    public static IQueryable<RollupNumber> Numbers(DashboardDb db, int task, List<long> numbers) =>
        db.Set<RollupNumber>().Where(row => row.CallTaskId == task && EF.Parameter(numbers).Contains(row.Number));

    public static IQueryable<RollupTalk> Talks(DashboardDb db, int connection, int day, List<long> numbers) =>
        db.Set<RollupTalk>().Where(row => row.ConnectionId == connection && row.Day == day && EF.Parameter(numbers).Contains(row.Number));

    private Dictionary<(int Quarter, int Label), (long Calls, long Connected)> Numbered(Dictionary<(int Quarter, LabelKey Label), (long Calls, long Connected)> rows)
    {
        var numbered = new Dictionary<(int, int), (long, long)>(rows.Count);
        foreach (var ((quarter, key), counts) in rows)
        {
            numbered[(quarter, terms.Label(key))] = counts;
        }

        return numbered;
    }

    private async Task WriteNumbersAsync(int task, Dictionary<long, Dictionary<(int Quarter, int Label), (long Calls, long Connected)>> deltas, CancellationToken cancel)
    {
        var numbers = deltas.Keys.ToList();
        var known = (await Numbers(db, task, numbers).AsNoTracking().ToListAsync(cancel)).ToLookup(row => row.Number);
        var rows = new List<RollupNumber>();
        var emptied = new List<long>();
        foreach (var (number, changes) in deltas)
        {
            var before = known[number].ToDictionary(row => (row.Quarter, Label: row.LabelId), row => (row.Calls, row.Connected));
            var after = new Dictionary<(int Quarter, int Label), (long Calls, long Connected)>(before);
            foreach (var ((quarter, label), (calls, connected)) in changes.Where(change => change.Value != default))
            {
                var old = after.GetValueOrDefault((quarter, label));
                after[(quarter, label)] = (old.Calls + calls, old.Connected + connected);
                rows.Add(new RollupNumber { CallTaskId = task, Number = number, Quarter = quarter, LabelId = label, Calls = calls, Connected = connected });
                if (connected != 0 && terms.HasText(label))
                {
                    AddTalk(number, quarter, label, connected);
                }

                if (old.Calls + calls == 0)
                {
                    emptied.Add(number);
                }
            }

            var (from, to) = (SetOf(before), SetOf(after));
            Move(RollupGrain.Task, task, 0, from, to);
            var (heard, reached) = tasks.GetValueOrDefault(task);
            tasks[task] = (heard + Change(before, after, counts => counts.Calls > 0), reached + Change(before, after, counts => counts.Connected > 0));
            foreach (var day in before.Keys.Concat(after.Keys).Select(key => days.Of(key.Quarter)).Distinct())
            {
                Move(RollupGrain.TaskDay, task, day, SetOf(before.Where(pair => days.Of(pair.Key.Quarter) == day)), SetOf(after.Where(pair => days.Of(pair.Key.Quarter) == day)));
            }
        }

        await bulk.AddUpAsync(db, rows, cancel);
        if (emptied.Count > 0)
        {
            await Numbers(db, task, emptied).Where(row => row.Calls == 0).ExecuteDeleteAsync(cancel);
        }
    }

    private async Task WriteTalksAsync(int day, Dictionary<long, Dictionary<(int Quarter, int Label), long>> deltas, CancellationToken cancel)
    {
        var numbers = deltas.Keys.ToList();
        var known = (await Talks(db, connection, day, numbers).AsNoTracking().ToListAsync(cancel)).ToLookup(row => row.Number);
        var rows = new List<RollupTalk>();
        var emptied = new List<long>();
        foreach (var (number, changes) in deltas)
        {
            var before = known[number].ToDictionary(row => (row.Quarter, Label: row.LabelId), row => (row.Connected, row.Connected));
            var after = new Dictionary<(int Quarter, int Label), (long Calls, long Connected)>(before);
            foreach (var ((quarter, label), connected) in changes.Where(change => change.Value != 0))
            {
                var sum = after.GetValueOrDefault((quarter, label)).Connected + connected;
                after[(quarter, label)] = (sum, sum);
                rows.Add(new RollupTalk { ConnectionId = connection, Day = day, Number = number, LabelId = label, Quarter = quarter, Connected = connected });
                if (sum == 0)
                {
                    emptied.Add(number);
                }
            }

            Move(RollupGrain.ConnectionDay, connection, day, SetOf(before), SetOf(after));
        }

        await bulk.AddUpAsync(db, rows, cancel);
        if (emptied.Count > 0)
        {
            await Talks(db, connection, day, emptied).Where(row => row.Connected == 0).ExecuteDeleteAsync(cancel);
        }
    }

    private void AddTalk(long number, int quarter, int label, long connected)
    {
        var day = days.Of(quarter);
        if (!talks.TryGetValue((day, number), out var rows))
        {
            talks[(day, number)] = rows = new(1);
        }

        rows[(quarter, label)] = rows.GetValueOrDefault((quarter, label)) + connected;
    }

    private void Move(RollupGrain grain, int scope, int slot, string from, string to)
    {
        if (from == to)
        {
            return;
        }

        if (from.Length > 0)
        {
            sets[(grain, scope, slot, from)] = sets.GetValueOrDefault((grain, scope, slot, from)) - 1;
        }

        if (to.Length > 0)
        {
            sets[(grain, scope, slot, to)] = sets.GetValueOrDefault((grain, scope, slot, to)) + 1;
        }
    }

    private static int Change<TKey>(Dictionary<TKey, (long Calls, long Connected)> before, Dictionary<TKey, (long Calls, long Connected)> after, Func<(long Calls, long Connected), bool> has)
        where TKey : notnull => (after.Values.Any(has) ? 1 : 0) - (before.Values.Any(has) ? 1 : 0);

    /// <summary>Empty for a number without calls.</summary>
    private static string SetOf(IEnumerable<KeyValuePair<(int Quarter, int Label), (long Calls, long Connected)>> rows)
    {
        var members = new SortedSet<int>();
        foreach (var ((_, label), (calls, connected)) in rows)
        {
            if (connected > 0)
            {
                members.Add((label * 2) + 1);
            }

            if (calls > connected)
            {
                members.Add(label * 2);
            }
        }

        return string.Join(',', members.Select(member => member.ToString(CultureInfo.InvariantCulture)));
    }
}
