using System.Text;

namespace AiRudder.Dashboard.Calls;

/// <summary>A stretch of text; whether it is what was searched for.</summary>
public readonly record struct TextPiece(string Text, bool Hit);

/// <summary>Finds words in a text as the search does: without regard to case and accents, as part of a word too.</summary>
public static class WordHits
{
    /// <summary>The whole text in pieces, hits apart.</summary>
    public static IReadOnlyList<TextPiece> Pieces(string text, string? words)
    {
        var pieces = new List<TextPiece>();
        var from = 0;
        foreach (var (start, end) in Find(text, words))
        {
            if (start > from)
            {
                pieces.Add(new(text[from..start], false));
            }

            pieces.Add(new(text[start..end], true));
            from = end;
        }

        if (from < text.Length)
        {
            pieces.Add(new(text[from..], false));
        }

        return pieces;
    }

    /// <summary>The first hit with what stands around it; null when there is none.</summary>
    public static IReadOnlyList<TextPiece>? Around(string? text, string words, int before = 40, int after = 60)
    {
        if (string.IsNullOrEmpty(text) || Find(text, words) is not [var (start, end), ..])
        {
            return null;
        }

        var (first, last) = (Math.Max(0, start - before), Math.Min(text.Length, end + after));
        first += first > 0 && char.IsLowSurrogate(text[first]) ? 1 : 0;
        last -= last < text.Length && char.IsLowSurrogate(text[last]) ? 1 : 0;
        return Pieces((first > 0 ? "…" : "") + text[first..last] + (last < text.Length ? "…" : ""), words);
    }

    private static List<(int Start, int End)> Find(string text, string? words)
    {
        var hits = new List<(int, int)>();
        var wanted = Fold(words?.Trim() ?? "", null);
        if (wanted.Length == 0)
        {
            return hits;
        }

        var places = new List<int>(text.Length + 1);
        var folded = Fold(text, places);
        places.Add(text.Length);
        for (var at = folded.IndexOf(wanted, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(wanted, at + wanted.Length, StringComparison.Ordinal))
        {
            hits.Add((places[at], places[at + wanted.Length]));
        }

        return hits;
    }

    /// <summary>Small letters without marks; <paramref name="places"/> gets for each of them where it stood.</summary>
    private static string Fold(string text, List<int>? places)
    {
        var folded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var sign = text[i];
            if (sign < 0x80 || char.IsSurrogate(sign))
            {
                folded.Append(char.ToLowerInvariant(sign));
                places?.Add(i);
                continue;
            }

            foreach (var part in char.ToLowerInvariant(sign).ToString().Normalize(NormalizationForm.FormD))
            {
                if (part is < '\u0300' or > '\u036f')
                {
                    folded.Append(part);
                    places?.Add(i);
                }
            }
        }

        return folded.ToString();
    }
}
