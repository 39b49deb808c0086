namespace AiRudder.Dashboard.Reviews;

/// <summary>How far two reviewers agree.</summary>
/// <param name="Pairs">Things both judged.</param>
/// <param name="Equal">Of these, judged alike.</param>
/// <param name="Kappa">Cohen's κ; null when it is not defined.</param>
/// <param name="Undefined">Why it is not.</param>
public sealed record Agreement(int Pairs, int Equal, double? Kappa, string? Undefined)
{
    /// <summary>κ = (p_o − p_e) ÷ (1 − p_e): agreement beyond what two people who guess by their own habits would reach.</summary>
    public static Agreement Of(IReadOnlyCollection<(string First, string Second)> judgements)
    {
        var n = judgements.Count;
        var equal = judgements.Count(pair => pair.First == pair.Second);
        if (n == 0)
        {
            return new(0, 0, null, T("Nothing was judged by two people yet."));
        }

        var first = judgements.CountBy(pair => pair.First).ToDictionary();
        var second = judgements.CountBy(pair => pair.Second).ToDictionary();
        var byChance = first.Sum(category => (double)category.Value * second.GetValueOrDefault(category.Key)) / ((double)n * n);
        return byChance >= 1 - 1e-12
            ? new(n, equal, null, T("Both always gave the same one answer, so chance alone would make them agree: κ has nothing to measure."))
            : new(n, equal, (((double)equal / n) - byChance) / (1 - byChance), null);
    }
}
