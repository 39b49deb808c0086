namespace AiRudder.Dashboard.Metrics;

public enum FigureUnit
{
    Count,

    /// <summary>Between 0 and 1.</summary>
    Fraction,

    Seconds,

    /// <summary>So many per one of something; to scripts a count.</summary>
    Ratio,
}

/// <summary>One figure, computed.</summary>
/// <param name="Value">Null when it cannot be known; <paramref name="Reason"/> then says why.</param>
/// <param name="Numerator">What was counted.</param>
/// <param name="Denominator">Out of what; null for a plain count.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Provisional">It will still move: tasks are not complete.</param>
/// <param name="Reason">Why it is provisional or unknown.</param>
public sealed record Figure(double? Value, long? Numerator, long? Denominator, FigureUnit Unit, bool Provisional, string? Reason)
{
    /// <summary>A figure nobody has computed.</summary>
    public static readonly Figure Unknown = new(null, null, null, FigureUnit.Count, false, "Not known yet.");
}

/// <summary>What a figure is: name in the API, words on a page, and the formula as a person reads it.</summary>
/// <param name="Name">Name in the API.</param>
/// <param name="Words">Name on a page.</param>
/// <param name="Formula">How it is computed.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="MovesWithTasks">Provisional while tasks in scope are not complete.</param>
/// <param name="Read">Numerator and denominator, or the reason why they cannot be known.</param>
public sealed record FigureDefinition(string Name, string Words, string Formula, FigureUnit Unit, bool MovesWithTasks, Func<Totals, Parts> Read)
{
    public Figure Compute(Totals totals)
    {
        var (numerator, denominator, reason) = Read(totals);
        var provisional = MovesWithTasks && totals.Incomplete is not null;
        if (reason is not null || numerator is not { } above)
        {
            return new(null, numerator, denominator, Unit, provisional, reason ?? "Not known.");
        }

        if (Unit == FigureUnit.Count)
        {
            return new(above, above, null, Unit, provisional, provisional ? totals.Incomplete : null);
        }

        return denominator is > 0 and { } below
            ? new((double)above / below, above, below, Unit, provisional, provisional ? totals.Incomplete : null)
            : new(null, above, denominator, Unit, provisional, "Nothing to divide by: none in this period.");
    }
}

/// <summary>Numerator and denominator; or a reason.</summary>
public readonly record struct Parts(long? Numerator, long? Denominator = null, string? Reason = null);
