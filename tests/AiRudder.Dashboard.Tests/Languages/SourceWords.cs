using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiRudder.Dashboard.Tests.Languages;

/// <summary>What the source says through <c>T</c> and <c>Noted</c>.</summary>
internal static partial class SourceWords
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../../src/AiRudder.Dashboard"));

    /// <summary>Texts by the file that says them first.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, text) in Sources())
        {
            foreach (var literal in Said().Matches(text).SelectMany(said => said.Groups["text"].Captures).Concat(Counted().Matches(text).SelectMany(said => said.Groups["text"].Captures)))
            {
                words.TryAdd(JsonSerializer.Deserialize<string>($"\"{literal.Value}\"")!, file);
            }
        }

        return words;
    }

    public static IEnumerable<(string File, string Text)> Sources() =>
        from file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        where file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal)
        let relative = Path.GetRelativePath(Root, file)
        where !relative.StartsWith("obj", StringComparison.Ordinal) && !relative.StartsWith("bin", StringComparison.Ordinal) && !relative.Contains("Migrations", StringComparison.Ordinal)
        select (relative, File.ReadAllText(file));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"(?<![\w.])(?:T|Noted)\(\s*""(?<text>(?:[^""\\\n]|\\.)*)""")]
    private static partial Regex Said();

    /// <summary>Words for one and for many: <c>T(count, "one", "many")</c>.</summary>
    [GeneratedRegex(@"(?<![\w.])T\(\s*[^"",]+(?:\([^""]*?\))?,\s*""(?<text>(?:[^""\\\n]|\\.)*)"",\s*""(?<text>(?:[^""\\\n]|\\.)*)""")]
    private static partial Regex Counted();
}
