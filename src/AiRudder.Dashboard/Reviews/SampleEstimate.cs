using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Reviews;

/// <summary>What has been seen of one stratum.</summary>
/// <param name="FrameSize">Calls it stands for.</param>
/// <param name="Scores">Scores of its reviewed calls that have one.</param>
/// <param name="Reviewed">Its reviewed calls.</param>
/// <param name="Defects">Of these, defects.</param>
public sealed record StratumSeen(int FrameSize, IReadOnlyList<double> Scores, int Reviewed, int Defects);

/// <summary>What a random sample says about its whole frame. Targeted reviews are no part of it: they were chosen for being bad.</summary>
/// <param name="Score">Mean score, 0 to 100; null when it cannot be known.</param>
/// <param name="Half">Half the width of its 95 % interval; null when it cannot be known.</param>
/// <param name="WhyNoScore">Why either is not known.</param>
/// <param name="DefectRate">Share of calls with a defect; null when it cannot be known.</param>
/// <param name="DefectLow">Lower end of its 95 % interval (Wilson).</param>
/// <param name="DefectHigh">Upper end.</param>
/// <param name="WhyNoRate">Why the rate is not known.</param>
public sealed record SampleEstimate(double? Score, double? Half, string? WhyNoScore, double? DefectRate, double DefectLow, double DefectHigh, string? WhyNoRate)
{
    private const double Z = 1.96;

    /// <summary>
    /// Each stratum counts by its share of the frame. The variance is the stratified one with the finite population left out
    /// (a stratum reviewed as a whole has none); the rate's interval is Wilson's on the effective number of reviews (Kish).
    /// </summary>
    public static SampleEstimate Of(IReadOnlyList<StratumSeen> strata)
    {
        var frame = strata.Sum(stratum => (double)stratum.FrameSize);
        var unseen = strata.Count(stratum => stratum.Scores.Count == 0);
        double? score = null, half = null, rate = null;
        string? noScore = null, noRate = null;
        if (strata.Count == 0 || unseen == strata.Count)
        {
            noScore = T("No call of the sample has been reviewed with a score yet.");
        }
        else if (unseen > 0)
        {
            noScore = T("{0} of {1} strata have no scored review yet; without them the frame is not covered.", unseen, strata.Count);
        }
        else
        {
            score = strata.Sum(stratum => stratum.FrameSize / frame * stratum.Scores.Average());
            half = Variance(strata, frame) is { } variance ? Z * Math.Sqrt(variance) : null;
            noScore = half is null ? T("A stratum with one review says nothing about how much scores differ: no interval.") : null;
        }

        var (low, high) = (0.0, 1.0);
        if (strata.Count == 0 || strata.All(stratum => stratum.Reviewed == 0))
        {
            noRate = T("No call of the sample has been reviewed yet.");
        }
        else if (strata.Any(stratum => stratum.Reviewed == 0))
        {
            noRate = T("{0} of {1} strata have no review yet; without them the frame is not covered.", strata.Count(stratum => stratum.Reviewed == 0), strata.Count);
        }
        else
        {
            rate = strata.Sum(stratum => stratum.FrameSize / frame * stratum.Defects / stratum.Reviewed);
            var weights = strata.Select(stratum => (Weight: (double)stratum.FrameSize / stratum.Reviewed, stratum.Reviewed)).ToList();
            var effective = Math.Pow(weights.Sum(part => part.Weight * part.Reviewed), 2) / weights.Sum(part => part.Weight * part.Weight * part.Reviewed);
            (low, high) = Wilson.Interval(rate.Value, effective);
        }

        return new(score, half, noScore, rate, low, high, noRate);
    }

    private static double? Variance(IReadOnlyList<StratumSeen> strata, double frame)
    {
        var variance = 0.0;
        foreach (var stratum in strata)
        {
            var n = stratum.Scores.Count;
            var unseen = 1 - ((double)n / stratum.FrameSize);
            if (unseen <= 0)
            {
                continue;
            }

            if (n < 2)
            {
                return null;
            }

            var mean = stratum.Scores.Average();
            var spread = stratum.Scores.Sum(score => (score - mean) * (score - mean)) / (n - 1);
            variance += Math.Pow(stratum.FrameSize / frame, 2) * unseen * spread / n;
        }

        return variance;
    }
}
