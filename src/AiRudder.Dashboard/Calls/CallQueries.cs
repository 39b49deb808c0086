using System.Runtime.CompilerServices;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>Which stretch of which list.</summary>
/// <param name="Filter">Which calls.</param>
/// <param name="Sort">In what order.</param>
/// <param name="Cursor">From where; null for the beginning.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Reveal">Numbers in full.</param>
/// <param name="Snippets">With what was said where the words were found.</param>
public sealed record CallsWanted(CallFilter Filter, CallSort Sort, CallCursor? Cursor = null, int Limit = 50, bool Reveal = false, bool Snippets = false);

/// <summary>A stretch of a list, and where it goes on; null where nothing follows.</summary>
public sealed record CallLines(IReadOnlyList<CallLine> Items, string? Next, string? Previous)
{
    /// <summary>How far the search got when it stopped before it had as many as wanted; it goes on from there. Null: it found all there is.</summary>
    public CallCursor? Stopped { get; init; }
}

/// <summary>How many calls fit a filter.</summary>
/// <param name="Calls">Counted up to a limit.</param>
/// <param name="More">There are more than that.</param>
public readonly record struct CallCount(int Calls, bool More);

/// <summary>What rows need beside the calls themselves: small tables and the tasks of these calls.</summary>
public sealed record LineContext(
    IReadOnlyDictionary<int, Connection> Connections, IReadOnlyDictionary<int, (string? VendorTaskId, string? Name)> Tasks, LabelLooks Labels);

/// <summary>Lists of calls. One context per operation; what leaves is masked here.</summary>
public sealed class CallQueries(IDbContextFactory<DashboardDb> contexts, LabelTable labels)
{
    /// <summary>Rows read at once by <see cref="StreamAsync"/>: no reader is held open while a slow client takes them.</summary>
    private const int Chunk = 500;

    private readonly RollupNames rollups = new();

    public async Task<CallLines> ListAsync(CallsWanted wanted, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var back = wanted.Cursor is { Back: true };
        var search = await CallSearch.PrepareAsync(db, connections, wanted.Filter, wanted.Sort, back, cancel);
        var (found, stopped) = await search.ReadAsync(wanted.Cursor, wanted.Limit + 1, cancel);
        var more = found.Count > wanted.Limit;
        if (more)
        {
            found.RemoveAt(wanted.Limit);
        }

        if (back)
        {
            found.Reverse();
        }

        var context = await ContextAsync(db, connections, found, await labels.ReadAsync(cancel), cancel);
        var snippets = wanted is { Snippets: true, Filter.Q: { } words } ? await CallSnippets.ReadAsync(db, found, words, wanted.Reveal, cancel) : null;
        return new CallLines(
            [.. found.Select(call => CallLine.Of(call, context, wanted.Reveal) with { Said = snippets?.GetValueOrDefault(call.Id) })],
            Onwards(found, wanted, !back && stopped is not null ? stopped : null, more),
            Backwards(found, wanted, back && stopped is not null ? stopped : null, more))
        {
            Stopped = stopped,
        };
    }

    /// <summary>These calls, newest first, masked unless they may be revealed; ids that are none are left out.</summary>
    public async Task<IReadOnlyList<CallLine>> OfAsync(IReadOnlyList<long> ids, bool reveal, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var found = await db.Calls.AsNoTracking().Where(call => ids.Contains(call.Id)).InOrder(CallSort.Newest, back: false).ToListAsync(cancel);
        var context = await ContextAsync(db, connections, found, await labels.ReadAsync(cancel), cancel);
        return [.. found.Select(call => CallLine.Of(call, context, reveal))];
    }

    private static string? Onwards(List<Call> found, CallsWanted wanted, CallCursor? stopped, bool more) =>
        stopped is { } place ? place.ToString()
        : wanted.Cursor is { Back: true } from ? (found.Count > 0 ? CallCursor.At(found[^1], wanted.Sort, back: false) : from.Turned()).ToString()
        : found.Count > 0 && more ? CallCursor.At(found[^1], wanted.Sort, back: false).ToString()
        : null;

    private static string? Backwards(List<Call> found, CallsWanted wanted, CallCursor? stopped, bool more) =>
        stopped is { } place ? place.ToString()
        : wanted.Cursor is not { } from ? null
        : from.Back ? (more ? CallCursor.At(found[0], wanted.Sort, back: true).ToString() : null)
        : (found.Count > 0 ? CallCursor.At(found[0], wanted.Sort, back: true) : from.Turned()).ToString();

    /// <summary>Every call that fits, in order, for as long as the reader takes them.</summary>
    public async IAsyncEnumerable<CallLine> StreamAsync(CallsWanted wanted, [EnumeratorCancellation] CancellationToken cancel)
    {
        var left = wanted.Limit;
        var cursor = wanted.Cursor;
        while (left > 0)
        {
            var page = await ListAsync(wanted with { Cursor = cursor, Limit = Math.Min(left, Chunk) }, cancel);
            foreach (var row in page.Items)
            {
                yield return row;
            }

            left -= page.Items.Count;
            if (page.Next is null)
            {
                yield break;
            }

            cursor = CallCursor.Parse(page.Next, wanted.Sort).Cursor;
        }
    }

    /// <summary>
    /// Exact where the rollups know. Else it counts no further than a person reads, and looks at no more calls than a list does: beyond it
    /// only "more" is said.
    /// </summary>
    public async Task<CallCount> CountAsync(CallFilter filter, CancellationToken cancel, int limit = 10_000)
    {
        await OffCircuit.Go();
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        if (await RollupCount.OfAsync(db, filter, connections, rollups, await labels.ReadAsync(cancel), cancel) is { } known and <= int.MaxValue)
        {
            return new CallCount((int)known, More: false);
        }

        var search = await CallSearch.PrepareAsync(db, connections, filter, CallSort.Newest, back: false, cancel);
        return await search.CountAsync(limit, cancel);
    }

    /// <summary>The newest call's id: ids grow, so that what came later is known without looking at times.</summary>
    public async Task<long> NewestIdAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Calls.MaxAsync(call => (long?)call.Id, cancel) ?? 0;
    }

    /// <summary>How many calls that fit came after <paramref name="newestId"/> was the newest.</summary>
    public async Task<CallCount> CountSinceAsync(CallFilter filter, long newestId, CancellationToken cancel)
    {
        const int Enough = 1_000;
        await OffCircuit.Go();
        await using var db = await contexts.OpenAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var search = await CallSearch.PrepareAsync(db, connections, filter, CallSort.Newest, back: false, cancel);
        return await search.CountSinceAsync(newestId, Enough, cancel);
    }

    /// <summary>Words seen in recent calls, for the filter's suggestions. Nothing in code lists what AIRUDDER may send.</summary>
    public async Task<CallWords> WordsAsync(CancellationToken cancel)
    {
        const int Recent = 3_000;
        await using var db = await contexts.OpenAsync(cancel);
        var seen = await db.Calls.AsNoTracking().OrderByDescending(call => call.OccurredAt).ThenByDescending(call => call.Id).Take(Recent)
            .Select(call => new { call.Label, call.RingType, call.HangupType, call.Result }).Distinct().ToListAsync(cancel);
        var connections = await db.Connections.AsNoTracking().OrderBy(row => row.Name).Select(row => row.Name).ToListAsync(cancel);
        var tasks = await db.CallTasks.AsNoTracking().OrderByDescending(row => row.LastHeardAt).Take(100)
            .Select(row => new TaskChoice(row.VendorTaskId, row.Name)).ToListAsync(cancel);
        return new CallWords(connections, tasks, Sorted(seen.Select(row => row.Label)), Sorted(seen.Select(row => row.Result)), Sorted(seen.Select(row => row.RingType)), Sorted(seen.Select(row => row.HangupType)));

        static IReadOnlyList<string> Sorted(IEnumerable<string?> words) => [.. words.OfType<string>().Distinct().Order(StringComparer.Ordinal).Take(60)];
    }

    internal static async Task<LineContext> ContextAsync(DashboardDb db, IReadOnlyList<Connection> connections, IEnumerable<Call> calls, LabelLooks labels, CancellationToken cancel)
    {
        var ids = calls.Select(call => call.CallTaskId).Distinct().ToList();
        var tasks = await db.CallTasks.AsNoTracking().Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.VendorTaskId, row.Name }).ToListAsync(cancel);
        return new LineContext(
            connections.ToDictionary(row => row.Id),
            tasks.ToDictionary(row => row.Id, row => ((string?)row.VendorTaskId, row.Name)),
            labels);
    }
}

/// <summary>A task that can be chosen in a filter.</summary>
public sealed record TaskChoice(string VendorTaskId, string? Name);

/// <summary>What the filter can suggest.</summary>
public sealed record CallWords(
    IReadOnlyList<string> Connections, IReadOnlyList<TaskChoice> Tasks, IReadOnlyList<string> Labels, IReadOnlyList<string> Results, IReadOnlyList<string> RingTypes, IReadOnlyList<string> HangupTypes)
{
    public static readonly CallWords None = new([], [], [], [], [], []);
}
