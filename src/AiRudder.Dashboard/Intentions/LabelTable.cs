using System.Collections.Frozen;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Intentions;

/// <summary>A label within its robot: the same letter of another robot is another label.</summary>
public readonly record struct LabelKey(int ConnectionId, string? Robot, string? Label);

/// <summary>How a label is shown and what it means.</summary>
/// <param name="Label">As AIRUDDER wrote it; null for none.</param>
/// <param name="Words">An administrator's words, else AIRUDDER's, else null.</param>
/// <param name="Color">Number of the palette colour; 0 for no label.</param>
/// <param name="Meanings">Business classes.</param>
/// <param name="FromVendor">The words are AIRUDDER's description, not an administrator's.</param>
public sealed record LabelLook(string? Label, string? Words, int Color, Meaning Meanings, bool FromVendor)
{
    /// <summary>It has a business meaning; without one it counts as unmapped.</summary>
    public bool Mapped => Meanings != Meaning.None;

    /// <summary>Name of the colour's token.</summary>
    public string Token => $"--l{Color}";

    /// <summary>Letter and words as plain text.</summary>
    public string Text => (Label, Words) switch
    {
        (null, _) => "No label",
        (var label, null) => $"{label} · needs a meaning",
        var (label, words) => $"{label} · {words}",
    };
}

/// <summary>The label table at one moment.</summary>
public sealed class LabelLooks(IReadOnlyCollection<LabelMeaning> meanings, IReadOnlyDictionary<LabelKey, string> described)
{
    /// <summary>A table nobody has filled.</summary>
    public static readonly LabelLooks Empty = new([], FrozenDictionary<LabelKey, string>.Empty);

    private readonly FrozenDictionary<LabelKey, LabelMeaning> rows = meanings
        .GroupBy(row => new LabelKey(row.ConnectionId, row.RobotHash, row.Label))
        .ToFrozenDictionary(group => group.Key, group => group.OrderBy(row => row.ValidFrom).Last());

    /// <summary>All rows in force.</summary>
    public IReadOnlyCollection<LabelMeaning> Rows => rows.Values;

    public LabelLook Of(int connectionId, string? robot, string? label) => Of(new LabelKey(connectionId, robot, label));

    public LabelLook Of(LabelKey key)
    {
        if (string.IsNullOrEmpty(key.Label) || key.Label == CallFilter.NoLabel)
        {
            return new(null, null, 0, Meaning.None, false);
        }

        var row = rows.GetValueOrDefault(key) ?? rows.GetValueOrDefault(key with { Robot = null });
        var words = row is { Words.Length: > 0 } ? row.Words : null;
        return new(
            key.Label,
            words ?? (described.TryGetValue(key, out var said) ? VisibleText.Of(said) : null),
            row is { Color: >= 1 and <= 7 } ? row.Color : LetterColor(key.Label),
            row?.Meanings ?? Meaning.None,
            words is null && described.ContainsKey(key));
    }

    /// <summary>A to G are the seven colours, H begins again; other labels get one by their text, always the same.</summary>
    private static int LetterColor(string label)
    {
        var first = char.ToUpperInvariant(label[0]);
        var number = label.Length == 1 && first is >= 'A' and <= 'Z' ? first - 'A' : label.Aggregate(17, (sum, letter) => ((sum * 31) + letter) & 0xffff);
        return (number % 7) + 1;
    }
}

/// <summary>
/// What labels mean, kept in memory: asked for with every row of every page. Read again a few seconds after another node may
/// have changed it, and at once after this one did.
/// </summary>
public sealed class LabelTable(IDbContextFactory<DashboardDb> contexts, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DescriptionsFresh = TimeSpan.FromMinutes(1);

    /// <summary>So many of the newest calls are looked at for AIRUDDER's own words.</summary>
    private const int DescribedCalls = 2000;

    private readonly SemaphoreSlim reading = new(1, 1);
    private Held? held;

    /// <summary>The table as it is now, give or take <see cref="Fresh"/>.</summary>
    public async ValueTask<LabelLooks> ReadAsync(CancellationToken cancel = default)
    {
        if (Volatile.Read(ref held) is { } ready && ready.At > time.GetUtcNow() - Fresh)
        {
            return ready.Looks;
        }

        await reading.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            if (held is { } other && other.At > now - Fresh)
            {
                return other.Looks;
            }

            await using var db = await contexts.CreateDbContextAsync(cancel);
            var rows = await db.LabelMeanings.AsNoTracking().Where(row => row.ValidFrom <= now).ToListAsync(cancel);
            var (described, describedAt) = held is { } old && old.DescribedAt > now - DescriptionsFresh
                ? (old.Described, old.DescribedAt)
                : (await DescribeAsync(db, cancel), now);
            var next = new Held(now, new LabelLooks(rows, described), described, describedAt);
            Volatile.Write(ref held, next);
            return next.Looks;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Gives a label its words, colour and meanings; a promise can only come from the right party.</summary>
    public async Task SaveAsync(LabelKey key, string words, int color, Meaning meanings, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrEmpty(key.Label);
        if ((meanings & Meaning.Promise) != 0)
        {
            meanings |= Meaning.RightParty;
        }

        await using (var db = await contexts.CreateDbContextAsync(cancel))
        {
            var row = await db.LabelMeanings
                .Where(meaning => meaning.ConnectionId == key.ConnectionId && meaning.RobotHash == key.Robot && meaning.Label == key.Label)
                .OrderByDescending(meaning => meaning.ValidFrom)
                .FirstOrDefaultAsync(cancel);
            if (row is null)
            {
                // The first meaning of a label holds for all that was said before, too.
                row = new LabelMeaning { ConnectionId = key.ConnectionId, RobotHash = key.Robot, Label = key.Label, Words = words, ValidFrom = DateTimeOffset.UnixEpoch };
                db.Add(row);
            }

            row.Words = words;
            row.Color = color;
            row.Meanings = meanings;
            await db.SaveChangesAsync(cancel);
        }

        Changed();
    }

    /// <summary>The next reader reads again.</summary>
    public void Changed()
    {
        if (Volatile.Read(ref held) is { } old)
        {
            Volatile.Write(ref held, old with { At = DateTimeOffset.MinValue });
        }
    }

    public void Dispose() => reading.Dispose();

    private static async Task<IReadOnlyDictionary<LabelKey, string>> DescribeAsync(DashboardDb db, CancellationToken cancel)
    {
        var newest = await Newest(db).ToListAsync(cancel);
        var ids = newest.ConvertAll(row => row.CallId);
        var words = await db.CallDetails.AsNoTracking()
            .Where(detail => ids.Contains(detail.CallId) && detail.LabelDescription != null)
            .Select(detail => new { detail.CallId, detail.LabelDescription })
            .ToDictionaryAsync(row => row.CallId, row => row.LabelDescription!, cancel);
        return newest.Where(row => words.ContainsKey(row.CallId)).ToFrozenDictionary(row => new LabelKey(row.ConnectionId, row.Robot, row.Label), row => words[row.CallId]);
    }

    /// <summary>The newest described call of each label among the newest calls.</summary>
    public static IQueryable<NewestOfLabel> Newest(DashboardDb db) =>
        from call in db.Calls.AsNoTracking().OrderByDescending(call => call.Id).Take(DescribedCalls)
        join detail in db.CallDetails on call.Id equals detail.CallId
        where call.Label != null && detail.LabelDescription != null
        group call.Id by new { call.ConnectionId, call.RobotHash, call.Label } into calls
        select new NewestOfLabel(calls.Key.ConnectionId, calls.Key.RobotHash, calls.Key.Label, calls.Max());

    private sealed record Held(DateTimeOffset At, LabelLooks Looks, IReadOnlyDictionary<LabelKey, string> Described, DateTimeOffset DescribedAt);
}

public sealed record NewestOfLabel(int ConnectionId, string? Robot, string? Label, long CallId);
