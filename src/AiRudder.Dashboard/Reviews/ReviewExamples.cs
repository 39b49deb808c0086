namespace AiRudder.Dashboard.Reviews;

/// <summary>A scorecard to begin with: for the demonstration, and for tests.</summary>
public static class ReviewExamples
{
    public static IReadOnlyList<ScorecardItem> Items =>
    [
        new() { Text = "Identity checked before the amount is named", Help = "Name or date of birth must be confirmed by the callee first.", Weight = 3, Fatal = true },
        new() { Text = "Amount and due date said clearly", Weight = 2 },
        new() { Text = "No threat, no shame", Help = "Also not in tone or by hinting at family or employer.", Weight = 3, Fatal = true, AllowsNotApplicable = true },
        new() { Text = "Objections answered", Help = "0 ignored, 1 answered off the point, 2 answered, 3 answered and understood.", Weight = 2, MaxPoints = 3, AllowsNotApplicable = true },
        new() { Text = "Agreement repeated at the end", AllowsNotApplicable = true },
    ];

    /// <summary>Makes and publishes it.</summary>
    public static async Task<int> AddAsync(Scorecards cards, string by, CancellationToken cancel)
    {
        var (id, problem) = await cards.SaveDraftAsync(null, new Scorecard { Name = "Collections" }, 70, Items, cancel);
        if (id is not { } made)
        {
            throw new InvalidOperationException(problem);
        }

        await cards.PublishAsync(made, by, cancel);
        return made;
    }
}
