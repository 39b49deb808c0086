namespace AiRudder.Dashboard.Reviews;

/// <summary>What a filled form amounts to.</summary>
/// <param name="Value">0 to 100; null when no item counts yet, or all of them do not apply.</param>
/// <param name="FatalFailed">A fatal item got no point, which sets the score to 0.</param>
/// <param name="Missing">Items without an answer.</param>
public sealed record Score(double? Value, bool FatalFailed, int Missing)
{
    /// <summary>Σ weight × points ÷ Σ weight × max over the answered items; what does not apply is left out of both sums.</summary>
    public static Score Of(IReadOnlyCollection<ScorecardItem> items, IReadOnlyDictionary<int, int?> points)
    {
        var (got, possible, missing, fatal) = (0L, 0L, 0, false);
        foreach (var item in items)
        {
            if (!points.TryGetValue(item.Id, out var given))
            {
                missing++;
            }
            else if (given is { } counted)
            {
                got += (long)item.Weight * counted;
                possible += (long)item.Weight * item.MaxPoints;
                fatal |= item.Fatal && counted == 0;
            }
        }

        return new(possible == 0 ? null : fatal ? 0 : 100.0 * got / possible, fatal, missing);
    }

    public bool IsDefect(int? passMark) => FatalFailed || (passMark is { } mark && Value < mark);
}
