using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Intentions;

/// <summary>Connected calls with one label, as it is shown.</summary>
/// <param name="Look">Letter, words and colour.</param>
/// <param name="Robot">The robots whose label it is, as a filter names them; null when it is of all robots counted.</param>
/// <param name="Count">Connected calls.</param>
public sealed record LabelCount(LabelLook Look, string? Robot, long Count)
{
    /// <summary>Folds robots that mean the same by the same letter; biggest first.</summary>
    public static IReadOnlyList<LabelCount> From(IEnumerable<KeyValuePair<LabelKey, long>> counts, LabelLooks looks)
    {
        var all = counts.Select(pair => (pair.Key, Count: pair.Value, Look: looks.Of(pair.Key))).ToList();
        return
        [
            .. all
                .GroupBy(row => row.Look.Label is null ? (null, null, 0) : (row.Look.Label, row.Look.Words, row.Look.Color))
                .Select(group => new LabelCount(group.First().Look, Robots([.. group.Select(row => row.Key)], all.Where(row => row.Look.Label == group.Key.Item1).Select(row => row.Key)), group.Sum(row => row.Count)))
                .OrderBy(count => count.Look.Label is null)
                .ThenByDescending(count => count.Count)
                .ThenBy(count => count.Look.Label, StringComparer.Ordinal),
        ];
    }

    /// <summary>The calls behind it.</summary>
    public CallFilter Narrow(CallFilter filter) => filter with { Label = Look.Label ?? CallFilter.NoLabel, Robot = filter.Robot ?? Robot, Connected = true };

    /// <summary>Named only as far as the letter alone would bring other calls too.</summary>
    private static string? Robots(HashSet<LabelKey> these, IEnumerable<LabelKey> sameLetter)
    {
        var robots = these.Select(key => key.Robot).Distinct().ToList();
        return robots is [{ } single] ? single
            : sameLetter.All(these.Contains) ? null
            : string.Join(',', robots.Select(robot => robot ?? CallFilter.NoRobot));
    }
}
