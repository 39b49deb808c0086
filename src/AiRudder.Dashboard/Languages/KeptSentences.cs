using System.Globalization;
using System.Text.RegularExpressions;

namespace AiRudder.Dashboard.Languages;

/// <summary>
/// Sentences that are written down in English with their values, as programs and messages outward have them, and are read on pages in several
/// languages: each is known again by its template. What is none of them is said as it was written.
/// </summary>
/// <param name="templates">
/// Words that are <see cref="Vocabulary.Noted"/>, with the places {0}, {1}…; what stands in a place may be one of them itself. The first that fits is
/// meant, so that those around others come before them.
/// </param>
public sealed partial class KeptSentences(params IEnumerable<string> templates)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly List<(string English, Regex Shape)> shapes = [.. templates.Select(english => (english, ShapeOf(english)))];

    /// <summary>Templates in which the places hold what others said, which is nobody's to translate.</summary>
    public IReadOnlyCollection<string> Quoting { get; init; } = [];

    /// <summary>The sentence as it is written down.</summary>
    public static string Write(string template, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, template, values);

    /// <summary>The sentence in the language of who asks.</summary>
    public string Read(string kept)
    {
        var whole = T(kept);
        if (whole != kept || Language.Current == Language.All[0])
        {
            return whole;
        }

        foreach (var (english, shape) in shapes)
        {
            if (shape.Match(kept) is { Success: true } match)
            {
                var values = Enumerable.Range(0, match.Groups.Count - 1).Select(place => match.Groups["p" + place.ToString(CultureInfo.InvariantCulture)].Value);
                return T(english, [.. Quoting.Contains(english) ? values : values.Select(Read)]);
            }
        }

        return kept;
    }

    private static Regex ShapeOf(string english)
    {
        var shape = "";
        var said = 0;
        foreach (Match place in Place().Matches(english))
        {
            shape += Regex.Escape(english[said..place.Index]) + $"(?<p{place.Groups["number"].Value}>.+?)";
            said = place.Index + place.Length;
        }

        return new Regex($"^{shape}{Regex.Escape(english[said..])}$", RegexOptions.CultureInvariant | RegexOptions.Singleline, Patience);
    }

    [GeneratedRegex(@"\{(?<number>\d)[^}]*\}")]
    private static partial Regex Place();
}
