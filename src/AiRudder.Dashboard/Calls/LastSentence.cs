using System.Text.RegularExpressions;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// What the robot said last, in a form in which the same line of the script is the same text: what was uploaded about the callee, and
/// every number, is taken out. So it also names nobody.
/// </summary>
public static partial class LastSentence
{
    /// <summary>Longer sentences are cut: what follows hardly tells lines of a script apart.</summary>
    public const int Length = 160;

    /// <summary>Shorter values are found inside ordinary words.</summary>
    private const int ShortestValue = 3;

    /// <param name="said">The robot's side of the turns, in order.</param>
    /// <param name="variables">The callee's row of the upload, by name.</param>
    /// <returns>Null when the robot said nothing.</returns>
    public static string? Of(IEnumerable<string?> said, IEnumerable<KeyValuePair<string, string>> variables)
    {
        var last = said.LastOrDefault(text => !string.IsNullOrWhiteSpace(text));
        if (last is null)
        {
            return null;
        }

        foreach (var value in variables.SelectMany(Spoken).Where(value => value.Length >= ShortestValue).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(value => value.Length))
        {
            last = last.Replace(value, "…", StringComparison.OrdinalIgnoreCase);
        }

        last = Blanks().Replace(Digits().Replace(last, "#"), " ").Trim();
        return last.Length <= Length ? last : last[..(char.IsHighSurrogate(last[Length - 1]) ? Length - 1 : Length)];
    }

    /// <summary>A person's name may be spoken in part.</summary>
    private static IEnumerable<string> Spoken(KeyValuePair<string, string> variable)
    {
        var value = variable.Value.Trim();
        return variable.Key.Contains("name", StringComparison.OrdinalIgnoreCase) ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(value) : [value];
    }

    /// <summary>Numbers with the signs inside them: amounts, dates, telephone numbers.</summary>
    [GeneratedRegex(@"\p{Nd}+(?:[.,:/\-]\p{Nd}+)*", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Blanks();
}
