using System.Collections.Frozen;
using System.Globalization;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>The terms that rollups are keyed by. They never change, so that only those since the last look are read.</summary>
public sealed class RollupNames
{
    private volatile Held held = new(0, FrozenDictionary<int, LabelKey>.Empty, FrozenDictionary<int, string>.Empty, FrozenDictionary<int, int[]>.Empty);

    public async Task<Held> ReadAsync(DashboardDb db, CancellationToken cancel)
    {
        var old = held;
        var fresh = await After(db, old.Last).ToListAsync(cancel);
        if (fresh.Count == 0)
        {
            return old;
        }

        var next = new Held(
            fresh[^1].Id,
            old.Labels.Concat(Of(TermKind.Label, term => new LabelKey(term.ConnectionId, term.First, term.Second))).ToFrozenDictionary(),
            old.Words.Concat(Of(TermKind.Word, term => term.First!)).ToFrozenDictionary(),
            old.Sets.Concat(Of(TermKind.Set, term => Array.ConvertAll(term.First!.Split(','), member => int.Parse(member, CultureInfo.InvariantCulture)))).ToFrozenDictionary());
        held = next;
        return next;

        IEnumerable<KeyValuePair<int, T>> Of<T>(TermKind kind, Func<RollupTerm, T> read) => fresh.Where(term => term.Kind == kind).Select(term => KeyValuePair.Create(term.Id, read(term)));
    }

    public static IQueryable<RollupTerm> After(DashboardDb db, int last) => db.Set<RollupTerm>().AsNoTracking().Where(term => term.Id > last).OrderBy(term => term.Id);

    /// <summary>Terms by their numbers.</summary>
    /// <param name="Last">The highest number read.</param>
    /// <param name="Labels">Robot and label.</param>
    /// <param name="Words">AIRUDDER's words.</param>
    /// <param name="Sets">Members: a label's number times two, plus one for connected calls.</param>
    public sealed record Held(int Last, FrozenDictionary<int, LabelKey> Labels, FrozenDictionary<int, string> Words, FrozenDictionary<int, int[]> Sets)
    {
        public string? Word(int id) => Words.GetValueOrDefault(id);
    }
}
