using System.Globalization;

namespace AiRudder.Dashboard.Metrics;

/// <summary>So many of so many.</summary>
public readonly record struct Rate(long Count, long Of)
{
    public double Value => Of == 0 ? 0 : (double)Count / Of;

    public static Rate operator +(Rate one, Rate other) => new(one.Count + other.Count, one.Of + other.Of);
}

/// <summary>How far two rates are apart, first minus second, with its 95 % interval; or why nothing can be said.</summary>
/// <param name="Difference">Between -1 and 1.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
/// <param name="Strata">How many shared strata it rests on; 0 when it is not standardised.</param>
/// <param name="Refusal">Why it is not said; the numbers mean nothing then.</param>
public sealed record RateDifference(double Difference, double Low, double High, int Strata = 0, string? Refusal = null)
{
    /// <summary>Fewer in an arm and a difference is noise.</summary>
    public const int FewestPerArm = 30;

    private const double Z = 1.96;

    /// <summary>Neither equal rates nor a difference in the other direction would explain what was seen.</summary>
    public bool IsClear => Refusal is null && (Low > 0 || High < 0);

    /// <summary>As they are, by Newcombe's method: from Wilson's interval of each.</summary>
    public static RateDifference Plain(Rate a, Rate b)
    {
        if (TooFew(a.Of, b.Of, shared: false) is { } refusal)
        {
            return refusal;
        }

        var (lowA, highA) = Wilson.Interval(a.Count, a.Of);
        var (lowB, highB) = Wilson.Interval(b.Count, b.Of);
        var difference = a.Value - b.Value;
        return new(difference, difference - Root(a.Value - lowA, highB - b.Value), difference + Root(highA - a.Value, b.Value - lowB));

        static double Root(double one, double other) => Math.Sqrt((one * one) + (other * other));
    }

    /// <summary>
    /// Directly standardised: both arms' rates of every stratum that both have, weighed by what both have in it together. So a list that
    /// was dialled at better hours does not pass for a better script.
    /// </summary>
    public static RateDifference Standardised<TStratum>(IReadOnlyDictionary<TStratum, Rate> a, IReadOnlyDictionary<TStratum, Rate> b)
        where TStratum : notnull
    {
        var shared = a.Where(pair => pair.Value.Of > 0 && b.GetValueOrDefault(pair.Key).Of > 0).Select(pair => (A: pair.Value, B: b[pair.Key])).ToList();
        if (TooFew(shared.Sum(pair => pair.A.Of), shared.Sum(pair => pair.B.Of), shared: true) is { } refusal)
        {
            return refusal;
        }

        var all = (double)shared.Sum(pair => pair.A.Of + pair.B.Of);
        var (difference, variance) = (0.0, 0.0);
        foreach (var (one, other) in shared)
        {
            var weight = (one.Of + other.Of) / all;
            difference += weight * (one.Value - other.Value);
            variance += weight * weight * (Variance(one) + Variance(other));
        }

        var half = Z * Math.Sqrt(variance);
        return new(difference, Math.Max(-1, difference - half), Math.Min(1, difference + half), shared.Count);
    }

    public static string Points(double share) => (share < 0 ? "−" : "+") + (Math.Abs(share) * 100).ToString("0.0", CultureInfo.CurrentCulture) + " " + T("pt");

    /// <summary>A small stratum in which all or none were answered is not certain: half a success and half a failure are added.</summary>
    private static double Variance(Rate rate)
    {
        var p = (rate.Count + 0.5) / (rate.Of + 1);
        return p * (1 - p) / rate.Of;
    }

    private static RateDifference? TooFew(long a, long b, bool shared) => Math.Min(a, b) >= FewestPerArm ? null
        : new(0, 0, 0, 0, shared
            ? T("Not said: n = {0:N0} and {1:N0} in shared hours and attempts, and under {2} in one arm a difference is noise.", a, b, FewestPerArm)
            : T("Not said: n = {0:N0} and {1:N0}, and under {2} in one arm a difference is noise.", a, b, FewestPerArm));
}
