using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace AiRudder.Dashboard.Languages;

/// <summary>
/// What the product says, in the language of who reads it. The English words stand in the code and are the key of the other languages, each a flat
/// file <c>Words.{culture}.json</c> beside this one. (A .resx cannot tell "Calls" from "calls".) What a file lacks is said in English; a test
/// demands that it lacks nothing.
/// </summary>
public static class Vocabulary
{
    private static readonly ConcurrentDictionary<string, FrozenDictionary<string, string>?> Files = new(StringComparer.Ordinal);

    /// <summary>The words in the reader's language.</summary>
    public static string T(string english)
    {
        for (var culture = CultureInfo.CurrentUICulture; culture.Name.Length > 0; culture = culture.Parent)
        {
            if (Files.GetOrAdd(culture.Name, Read) is { } words)
            {
                return words.GetValueOrDefault(english, english);
            }
        }

        return english;
    }

    /// <summary>The same with values in the places {0}, {1}…, written as the reader writes numbers and dates.</summary>
    public static string T(string english, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, T(english), values);

    /// <summary>Words for one and for any other number, which is {0}; more values follow as {1}…</summary>
    public static string T(long count, string one, string many, params ReadOnlySpan<object?> values) =>
        string.Format(CultureInfo.CurrentCulture, T(count == 1 ? one : many), [count.ToString("N0", CultureInfo.CurrentCulture), .. values]);

    /// <summary>Marks words that are said elsewhere, by <see cref="T(string)"/>: they are kept in English until somebody reads them.</summary>
    public static string Noted(string english) => english;

    /// <summary>All a language's file says; null for a language that has none.</summary>
    public static FrozenDictionary<string, string>? Read(string culture)
    {
        using var file = typeof(Vocabulary).Assembly.GetManifestResourceStream($"Words.{culture}.json");
        return file is null ? null : JsonSerializer.Deserialize<Dictionary<string, string>>(file)!.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
