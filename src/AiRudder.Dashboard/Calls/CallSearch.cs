using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// A filter made ready for one list: what an index finds (days, connection, task, number, rare words), and what has to be looked at
/// call by call. The latter is done stretch by stretch in the order of the list and ends after a bounded number of calls, so that a
/// filter that nothing fits costs no more than one that everything fits.
/// </summary>
public sealed class CallSearch
{
    /// <summary>Calls looked at in one go, all stretches together some hundred thousand.</summary>
    private static readonly int[] Stretches = [2_000, 8_000, 32_000, 64_000];

    /// <summary>Words take longer to look for: a common one fills a page from the first few hundred calls.</summary>
    private static readonly int[] StretchesOfWords = [250, .. Stretches];

    /// <summary>So many can be sorted at once without a person noticing.</summary>
    private const int FewEnough = 20_000;

    private const int RareWords = 2_000;

    private readonly DashboardDb db;
    private readonly CallSort sort;
    private readonly bool back;
    private readonly CallFilter rest;
    private readonly string? words;
    private IQueryable<Call> scope;
    private Func<IQueryable<Call>, IQueryable<Call>> within = calls => calls;
    private List<long> named = [];
    private List<int> tasksNamed = [];
    private bool walks;

    private CallSearch(DashboardDb db, CallFilter filter, CallSort sort, bool back)
    {
        (this.db, this.sort, this.back, words) = (db, sort, back, filter.Q);
        rest = filter with { From = null, To = null, FromTime = null, ToTime = null, Weekday = null, Hour = null, Connection = null, Task = null, Q = null };
        scope = db.Calls.AsNoTracking();
    }

    public static async Task<CallSearch> PrepareAsync(DashboardDb db, IReadOnlyList<Connection> connections, CallFilter filter, CallSort sort, bool back, CancellationToken cancel)
    {
        var search = new CallSearch(db, filter, sort, back);
        await search.NameAsync(connections, cancel);

        // Few calls are looked at whole: those of a number or a delivery, and those with words that were seldom said.
        var few = filter.Callee is not null || filter.Delivery is not null || (search.words is not null && await search.IsRareAsync(cancel));
        await search.ScopeAsync(connections, filter, few, cancel);
        search.walks = !few && (search.walks || search.words is not null || search.rest != new CallFilter());
        return search;
    }

    /// <summary>Calls from a place on, in order, and where the search stopped although there may be more.</summary>
    public async Task<(List<Call> Found, CallCursor? Stopped)> ReadAsync(CallCursor? from, int most, CancellationToken cancel)
    {
        if (!walks)
        {
            return (await Narrow(scope).Beyond(from).InOrder(sort, back).Take(most).ToListAsync(cancel), null);
        }

        var found = new List<Call>();
        await foreach (var stretch in WalkAsync(from, cancel))
        {
            found.AddRange(await stretch.Calls.InOrder(sort, back).Take(most - found.Count).ToListAsync(cancel));
            if (found.Count == most || stretch.End is null)
            {
                return (found, null);
            }

            from = stretch.End;
        }

        return (found, from);
    }

    public async Task<CallCount> CountAsync(int limit, CancellationToken cancel)
    {
        if (!walks)
        {
            var all = await Narrow(scope).Select(call => call.Id).Take(limit + 1).CountAsync(cancel);
            return new CallCount(Math.Min(all, limit), all > limit);
        }

        var counted = 0;
        await foreach (var stretch in WalkAsync(null, cancel))
        {
            counted += await stretch.Calls.CountAsync(cancel);
            if (counted > limit || stretch.End is null)
            {
                return new CallCount(Math.Min(counted, limit), counted > limit);
            }
        }

        return new CallCount(counted, More: true);
    }

    public async Task<CallCount> CountSinceAsync(long id, int limit, CancellationToken cancel)
    {
        var counted = await Narrow(scope.Where(call => call.Id > id), id + 1).Select(call => call.Id).Take(limit + 1).CountAsync(cancel);
        return new CallCount(Math.Min(counted, limit), counted > limit);
    }

    private async IAsyncEnumerable<(IQueryable<Call> Calls, CallCursor? End)> WalkAsync(CallCursor? from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var length in words is null ? Stretches : StretchesOfWords)
        {
            var end = await scope.EndOfAsync(sort, back, from, length, cancel);
            var part = scope.Beyond(from).UpTo(end);
            var (first, last) = (0L, long.MaxValue);
            if (words is not null)
            {
                // The index of words is ordered by id: what lies outside of the stretch need not be read from it. The last stretch of a
                // task lies as close together as any other.
                if (await Ids(part.IgnoreQueryFilters()).FirstOrDefaultAsync(cancel) is { } ids)
                {
                    (first, last) = (ids.First, ids.Last);
                }
            }

            yield return (Narrow(part, first, last), end);
            if (end is null)
            {
                yield break;
            }

            from = end;
        }
    }

    /// <summary>Both at once: asked for the least id alone, SQLite walks the ids from the first on instead of the stretch.</summary>
    public static IQueryable<IdSpan> Ids(IQueryable<Call> calls) =>
        calls.GroupBy(_ => 1).Select(group => new IdSpan(group.Min(call => call.Id), group.Max(call => call.Id)));

    /// <summary>
    /// Days, connection and task decide the scope when an index has them in the order wanted, or when they leave few calls. Otherwise
    /// the index of the order is walked and they are conditions like the others.
    /// </summary>
    private async Task ScopeAsync(IReadOnlyList<Connection> connections, CallFilter filter, bool few, CancellationToken cancel)
    {
        var place = new CallFilter { From = filter.From, To = filter.To, FromTime = filter.FromTime, ToTime = filter.ToTime, Weekday = filter.Weekday, Hour = filter.Hour, Connection = filter.Connection };
        if (place == new CallFilter() && filter.Task is null)
        {
            return;
        }

        var narrow = place.Within(scope, connections);
        if (filter.Task is { } task)
        {
            var identity = Identity.OfTask(task);
            var tasks = await db.CallTasks.Where(row => row.Identity == identity).Select(row => row.Id).ToListAsync(cancel);
            narrow = tasks is [var only] ? narrow.Where(call => call.CallTaskId == only) : narrow.Where(call => tasks.Contains(call.CallTaskId));
        }

        if (few || sort.By == CallOrder.OccurredAt || await narrow.IgnoreQueryFilters().Select(call => call.Id).Take(FewEnough + 1).CountAsync(cancel) <= FewEnough)
        {
            scope = narrow;
            return;
        }

        walks = true;
        var given = new CallFilter { Task = filter.Task };
        within = calls => given.Narrow(place.Within(calls, connections), db);
    }

    /// <summary>A call id and the name of a task find their calls as well as words that were said.</summary>
    private async Task NameAsync(IReadOnlyList<Connection> connections, CancellationToken cancel)
    {
        if (words is null)
        {
            return;
        }

        var identity = Identity.OfCallId(words);
        var ids = connections.Select(row => row.Id).ToList();
        named = await db.Calls.Where(call => ids.Contains(call.ConnectionId) && call.Identity == identity).Select(call => call.Id).ToListAsync(cancel);
        var pattern = CallFilter.Pattern(words);
        tasksNamed = await db.CallTasks.Where(row => EF.Functions.Like(row.Name!, pattern, "!")).OrderByDescending(row => row.LastHeardAt).Select(row => row.Id).Take(200).ToListAsync(cancel);
    }

    private async Task<bool> IsRareAsync(CancellationToken cancel) =>
        tasksNamed.Count == 0 && db.Transcripts.IsIndexed(words!) && await db.Transcripts.Saying(words!).Take(RareWords + 1).CountAsync(cancel) <= RareWords;

    private IQueryable<Call> Narrow(IQueryable<Call> calls, long first = 0, long last = long.MaxValue)
    {
        calls = rest.Narrow(within(calls), db);
        if (words is null)
        {
            return calls;
        }

        var said = db.Transcripts.Saying(words, first, last);
        var (ids, tasks) = (named, tasksNamed);
        return (ids.Count, tasks.Count) switch
        {
            (0, 0) => calls.Where(call => said.Contains(call.Id)),
            (_, 0) => calls.Where(call => said.Contains(call.Id) || ids.Contains(call.Id)),
            _ => calls.Where(call => said.Contains(call.Id) || ids.Contains(call.Id) || tasks.Contains(call.CallTaskId)),
        };
    }

    public sealed record IdSpan(long First, long Last);
}
