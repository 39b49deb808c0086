namespace AiRudder.Dashboard.Metrics;

/// <summary>Wilson's 95 % interval of a share: honest for small numbers, unlike the textbook one.</summary>
public static class Wilson
{
    private const double Z = 1.96;

    /// <summary>Fewer than this and a percentage pretends to know more than was seen: show the fraction.</summary>
    public const int FewerIsAFraction = 30;

    /// <summary>Lower and upper bound; from 0 to 1 when nothing was seen.</summary>
    public static (double Low, double High) Interval(long successes, long trials)
    {
        if (trials <= 0)
        {
            return (0, 1);
        }

        var n = (double)trials;
        var p = successes / n;
        var divisor = 1 + (Z * Z / n);
        var centre = (p + (Z * Z / (2 * n))) / divisor;
        var half = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))) / divisor;
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
