using System.Globalization;
using System.Text.RegularExpressions;

namespace AiRudder.Dashboard.Tests.Layout;

/// <summary>WCAG 2.2 AA for the colours everything is made of, in both themes.</summary>
public sealed partial class TokenTests
{
    private static readonly string Css = File.ReadAllText(Path.Combine(Root(), "wwwroot-assets", "browser", "tokens.css"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Text_OnEveryGround_ReachesFourAndAHalf(int theme)
    {
        var tokens = Read(theme);
        string[] texts = ["text", "muted", "faint", "accent", "good", "warn", "bad"];
        string[] grounds = ["bg", "surface", "surface-2", "accent-soft"];

        Assert.All(texts.SelectMany(text => grounds.Select(ground => (text, ground))), pair => Assert.True(Contrast(tokens[pair.text], tokens[pair.ground]) >= 4.5, $"{pair}"));
        Assert.All(["good", "warn", "bad"], role => Assert.True(Contrast(tokens[role], tokens[role + "-soft"]) >= 4.5, role));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Labels_AsLettersAndAsShapes_CanBeSeen(int theme)
    {
        var tokens = Read(theme);

        Assert.All(Enumerable.Range(1, 7), number => Assert.True(Contrast(tokens[$"l{number}"], tokens["on-label"]) >= 4.5, $"l{number}"));
        Assert.True(Contrast(tokens["l0"], tokens["text"]) >= 4.5);
        Assert.All(Enumerable.Range(0, 8), number => Assert.True(Contrast(tokens[$"l{number}"], tokens["surface"]) >= 3, $"l{number}"));
    }

    private static Dictionary<string, string> Read(int theme) =>
        Token().Matches(Block().Matches(Css)[theme].Value).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Light(one), Light(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Light(string hex)
    {
        double Channel(int at)
        {
            var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(0)) + (0.7152 * Channel(2)) + (0.0722 * Channel(4));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AiRudder.Dashboard.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@":root[^{]*\{[^}]*\}")]
    private static partial Regex Block();

    [GeneratedRegex("--([\\w-]+): #([0-9a-f]{6})")]
    private static partial Regex Token();
}
