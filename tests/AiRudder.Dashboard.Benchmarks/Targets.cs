using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>What was measured, held against goal and floor.</summary>
internal sealed class Targets
{
    private readonly StringBuilder rows = new();

    public static string Machine => $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    public static string Today => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public void AtLeast(string target, string what, double value, double goal, double floor) =>
        Row(target, what, value, Text($"≥ {goal:0.##} ({floor:0.##})"), value >= goal ? "reached" : value >= floor ? "above the floor" : "**missed**");

    public void AtMost(string target, string what, double value, double goal, double floor, string more = "") =>
        Row(target, what, value, Text($"≤ {goal:0.##} ({floor:0.##})"), value <= goal ? "reached" : value <= floor ? "within the floor" : "**missed**", more);

    public void Row(string target, string what, double value, string goal, string word, string more = "") =>
        rows.AppendLine(Text($"| {target} | {what}{more} | {Number(value)} | {goal} | {word} |"));

    public static string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.00", CultureInfo.InvariantCulture);

    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    public override string ToString() => $"""
        | # | what | measured | goal (floor) | |
        | --- | --- | --- | --- | --- |
        {rows.ToString().TrimEnd()}
        """;
}
