using System.Collections.Frozen;
using AiRudder.Dashboard.Calls;

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

    /// <summary>Letter and words as plain text, as the reader says them.</summary>
    public string Text => (Label, Words) switch
    {
        (null, _) => T("No label"),
        (var label, null) => T("{0} · needs a meaning", label),
        var (label, words) => $"{label} · {words}",
    };
}

/// <summary>
/// The label table at one moment. In force on a day is the newest row that had begun, of the robot itself before one for all robots of
/// the connection; <see cref="LabelFilter"/> says the same to the database.
/// </summary>
public sealed class LabelLooks
{
    /// <summary>A table nobody has filled.</summary>
    public static readonly LabelLooks Empty = new([], FrozenDictionary<LabelKey, string>.Empty);

    private readonly FrozenDictionary<LabelKey, LabelMeaning[]> rows;
    private readonly IReadOnlyDictionary<LabelKey, string> described;
    private readonly bool onlyNow;

    /// <param name="meanings">All rows.</param>
    /// <param name="described">AIRUDDER's own words.</param>
    public LabelLooks(IReadOnlyCollection<LabelMeaning> meanings, IReadOnlyDictionary<LabelKey, string> described)
        : this(meanings.GroupBy(row => new LabelKey(row.ConnectionId, row.RobotHash, row.Label)).ToFrozenDictionary(group => group.Key, group => group.OrderBy(row => row.ValidFrom).ToArray()), described, false)
    {
    }

    private LabelLooks(FrozenDictionary<LabelKey, LabelMeaning[]> rows, IReadOnlyDictionary<LabelKey, string> described, bool onlyNow) => (this.rows, this.described, this.onlyNow) = (rows, described, onlyNow);

    /// <summary>The newest row of each label.</summary>
    public IEnumerable<LabelMeaning> Rows => rows.Values.Select(all => all[^1]);

    /// <summary>Every row, also those that hold no more.</summary>
    public IEnumerable<LabelMeaning> All => onlyNow ? Rows : rows.Values.SelectMany(all => all);

    /// <summary>The same table as if labels had always meant what they mean now.</summary>
    public LabelLooks AsNow() => new(rows, described, true);

    public LabelLook Of(int connectionId, string? robot, string? label, DateTimeOffset? at = null) => Of(new LabelKey(connectionId, robot, label), at);

    /// <param name="key">Which label.</param>
    /// <param name="at">When it was given; now when null.</param>
    public LabelLook Of(LabelKey key, DateTimeOffset? at = null)
    {
        if (IsNone(key))
        {
            return new(null, null, 0, Meaning.None, false);
        }

        var row = InForce(key, at);
        var words = row is { Words.Length: > 0 } ? row.Words : null;
        return new(
            key.Label,
            words ?? (described.TryGetValue(key, out var said) ? VisibleText.Of(said) : null),
            row is { Color: >= 1 and <= 7 } ? row.Color : LetterColor(key.Label!),
            row?.Meanings ?? Meaning.None,
            words is null && described.ContainsKey(key));
    }

    /// <summary>When what was in force at a moment had begun: calls of one label are counted apart by it.</summary>
    public DateTimeOffset Since(LabelKey key, DateTimeOffset at) =>
        !IsNone(key) && InForce(key, at) is { } row && !onlyNow ? Begin(row) : DateTimeOffset.MinValue;

    /// <summary>The moments after a beginning and before an end at which some label of these connections changed its meaning.</summary>
    public IReadOnlyList<DateTimeOffset> Changes(IReadOnlyCollection<int> connections, DateTimeOffset after, DateTimeOffset before) => onlyNow ? [] :
        [.. rows.Values.SelectMany(all => all).Where(row => connections.Contains(row.ConnectionId) && Begin(row) > after && row.ValidFrom < before).Select(row => row.ValidFrom).Distinct().Order()];

    private static bool IsNone(LabelKey key) => string.IsNullOrEmpty(key.Label) || key.Label == CallFilter.NoLabel;

    /// <summary>A first meaning holds from the beginning.</summary>
    private static DateTimeOffset Begin(LabelMeaning row) => row.ValidFrom <= DateTimeOffset.UnixEpoch ? DateTimeOffset.MinValue : row.ValidFrom;

    private LabelMeaning? InForce(LabelKey key, DateTimeOffset? at)
    {
        var moment = onlyNow ? null : at;
        return Newest(key) ?? Newest(key with { Robot = null });

        LabelMeaning? Newest(LabelKey of) => rows.TryGetValue(of, out var all) ? Array.FindLast(all, row => moment is not { } then || Begin(row) <= then) : null;
    }

    /// <summary>A to G are the seven colours, H begins again; other labels get one by their text, always the same.</summary>
    private static int LetterColor(string label)
    {
        var first = char.ToUpperInvariant(label[0]);
        var number = label.Length == 1 && first is >= 'A' and <= 'Z' ? first - 'A' : label.Aggregate(17, (sum, letter) => ((sum * 31) + letter) & 0xffff);
        return (number % 7) + 1;
    }
}
