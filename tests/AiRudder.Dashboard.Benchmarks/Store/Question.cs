namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>What a page asks.</summary>
/// <param name="Name">In words.</param>
/// <param name="Ask">The product's own query.</param>
/// <param name="Sql">The same figures from the calls themselves, in SQL that SQLite, PostgreSQL and DuckDB all understand; none for what only the product has.</param>
internal sealed record Question(string Name, Func<Task> Ask, params string[] Sql)
{
    /// <summary>A panel of figures, held against T11 to T13.</summary>
    public bool IsPanel { get; init; } = true;

    /// <summary>The panel that T13 is about.</summary>
    public bool IsThirtyDays { get; init; }

    /// <summary>Number of a target of its own.</summary>
    public string? Target { get; init; }
}

/// <summary>How long it took, in milliseconds.</summary>
internal sealed record Taken(double P50, double P95)
{
    public static Taken Of(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return new(Figures.Median(sorted), sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * 0.95))]);
    }
}

/// <summary>Somebody else who answers the same questions from the same calls.</summary>
internal interface IAnswers : IAsyncDisposable
{
    /// <summary>Runs SQL so many times, all statements of it each time.</summary>
    Task<Taken> AskAsync(IReadOnlyList<string> sql, int times);
}
