namespace AiRudder.Dashboard.Metrics;

/// <summary>Wilson's 95 % interval of a share: honest for small numbers, unlike the textbook one.</summary>
public static class Wilson
{
    private const double Z = 1.96;

    /// <summary>Fewer than this and a percentage pretends to know more than was seen: show the fraction.</summary>
    public const int FewerIsAFraction = 30;

    /// <summary>Lower and upper bound; from 0 to 1 when nothing was seen.</summary>
    public static (double Low, double High) Interval(long successes, long trials) =>
        trials <= 0 ? (0, 1) : Interval((double)successes / trials, trials);

    /// <summary>The same for a share that was estimated with weights: <paramref name="n"/> is the effective number of trials.</summary>
    public static (double Low, double High) Interval(double p, double n)
    {
        var divisor = 1 + (Z * Z / n);
        var centre = (p + (Z * Z / (2 * n))) / divisor;
        var half = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))) / divisor;
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>Newcombe's 95 % interval of the difference of two independent shares, the first less the second.</summary>
    public static (double Low, double High) Difference(long successes, long trials, long otherSuccesses, long otherTrials)
    {
        var (p, q) = (trials <= 0 ? 0 : (double)successes / trials, otherTrials <= 0 ? 0 : (double)otherSuccesses / otherTrials);
        var ((low, high), (otherLow, otherHigh)) = (Interval(successes, trials), Interval(otherSuccesses, otherTrials));
        return (p - q - Math.Sqrt(((p - low) * (p - low)) + ((otherHigh - q) * (otherHigh - q))), p - q + Math.Sqrt(((high - p) * (high - p)) + ((q - otherLow) * (q - otherLow))));
    }
}
