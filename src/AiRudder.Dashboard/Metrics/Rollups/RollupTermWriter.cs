using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>Gives terms their numbers inside the open transaction. Nothing is remembered beyond it: it may be rolled back.</summary>
public sealed class RollupTermWriter(DashboardDb db)
{
    private const int Chunk = 500;

    private readonly Dictionary<Guid, int> ids = [];
    private readonly HashSet<int> said = [];

    public int Label(LabelKey key) => ids[Of(key).Key];

    /// <summary>The label is one, not the lack of one.</summary>
    public bool HasText(int label) => said.Contains(label);

    public int Word(string? word) => word is null ? 0 : ids[OfWord(word).Key];

    public int Set(string members) => ids[OfSet(members).Key];

    public async Task LearnAsync(IEnumerable<LabelKey> labels, IEnumerable<string?> words, CancellationToken cancel)
    {
        var keys = labels.Distinct().ToList();
        await LearnAsync(keys.Select(Of).Concat(words.OfType<string>().Distinct().Select(OfWord)), cancel);
        said.UnionWith(keys.Where(key => key.Label is not null).Select(Label));
    }

    /// <summary>What a word is known by outside: it says nothing of the text.</summary>
    public static string KeyOfWord(string word) => Convert.ToHexStringLower(OfWord(word).Term.Identity);

    public Task LearnAsync(IEnumerable<string> sets, CancellationToken cancel) => LearnAsync(sets.Distinct().Select(OfSet), cancel);

    private async Task LearnAsync(IEnumerable<(Guid Key, RollupTerm Term)> wanted, CancellationToken cancel)
    {
        foreach (var chunk in wanted.Where(item => !ids.ContainsKey(item.Key)).Chunk(Chunk))
        {
            var identities = chunk.Select(item => item.Term.Identity).ToList();
            var known = await db.Set<RollupTerm>().AsNoTracking().Where(row => EF.Parameter(identities).Contains(row.Identity)).Select(row => new { row.Id, row.Identity }).ToListAsync(cancel);
            known.ForEach(row => ids[new Guid(row.Identity)] = row.Id);
            var fresh = chunk.Where(item => !ids.ContainsKey(item.Key)).ToList();
            if (fresh.Count == 0)
            {
                continue;
            }

            db.AddRange(fresh.Select(item => item.Term));
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            fresh.ForEach(item => ids[item.Key] = item.Term.Id);
        }
    }

    private static (Guid Key, RollupTerm Term) Of(LabelKey key) => Make(TermKind.Label, key.ConnectionId, key.Robot, key.Label);

    private static (Guid Key, RollupTerm Term) OfWord(string word) => Make(TermKind.Word, 0, word, null);

    private static (Guid Key, RollupTerm Term) OfSet(string members) => Make(TermKind.Set, 0, members, null);

    private static (Guid Key, RollupTerm Term) Make(TermKind kind, int connection, string? first, string? second)
    {
        // A missing text and an empty one are different.
        var identity = Identity.OfTerm(((int)kind).ToString(CultureInfo.InvariantCulture), connection.ToString(CultureInfo.InvariantCulture), first is null ? "" : "=" + first, second is null ? "" : "=" + second);
        return (new Guid(identity), new RollupTerm { Kind = kind, Identity = identity, ConnectionId = connection, First = first, Second = second });
    }
}
