using AiRudder.Dashboard.Languages;

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
public sealed record Figure(double? Value, long? Numerator, long? Denominator, FigureUnit Unit, bool Provisional, Said? Reason)
{
    /// <summary>A figure nobody has computed.</summary>
    public static readonly Figure Unknown = new(null, null, null, FigureUnit.Count, false, Noted("Not known yet."));

    /// <summary>More than this without a meaning, and a figure that rests on meanings misses too much to be taken at its word.</summary>
    public const double MostUnmapped = 0.05;

    /// <summary>Connected calls whose label has no meaning, of all connected calls; null for a figure that does not rest on meanings.</summary>
    public UnmappedShare? Unmapped { get; init; }

    /// <summary>Shown, but grey.</summary>
    public bool IsGrey => Unmapped is { Connected: > 0 } share && (double)share.Calls / share.Connected > MostUnmapped;
}

/// <summary>How much a figure that rests on meanings cannot see.</summary>
/// <param name="Calls">Connected calls whose label has no meaning.</param>
/// <param name="Connected">Connected calls.</param>
public readonly record struct UnmappedShare(long Calls, long Connected);
