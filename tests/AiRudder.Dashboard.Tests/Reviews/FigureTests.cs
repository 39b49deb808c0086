using AiRudder.Dashboard.Reviews;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>Scores, agreement and estimates, against numbers worked out by hand.</summary>
public sealed class FigureTests
{
    private static readonly ScorecardItem[] Items =
    [
        new() { Id = 1, Text = "fatal", Weight = 3, Fatal = true, AllowsNotApplicable = true }, new() { Id = 2, Text = "three", Weight = 2, MaxPoints = 3 }, new() { Id = 3, Text = "plain" },
    ];

    [Fact]
    public void Score_AllAnswered_IsTheWeightedShare() => Assert.Equal(new Score(100.0 * 8 / 10, false, 0), Score.Of(Items, Points((1, 1), (2, 2), (3, 1))));

    [Fact]
    public void Score_DoesNotApply_LeavesBothSums() => Assert.Equal(new Score(100.0 * 4 / 7, false, 0), Score.Of(Items, Points((1, null), (2, 2), (3, 0))));

    [Fact]
    public void Score_FatalItemWithoutPoints_IsZero() => Assert.Equal(new Score(0, true, 0), Score.Of(Items, Points((1, 0), (2, 3), (3, 1))));

    [Fact]
    public void Score_NothingApplies_IsUnknown() => Assert.Equal(new Score(null, false, 2), Score.Of(Items, Points((1, null))));

    [Theory]
    [InlineData(80.0, false, null, false)]
    [InlineData(69.9, false, 70, true)]
    [InlineData(70.0, false, 70, false)]
    [InlineData(0.0, true, null, true)]
    public void Score_Defect_IsFatalOrBelowTheMark(double value, bool fatal, int? mark, bool defect) => Assert.Equal(defect, new Score(value, fatal, 0).IsDefect(mark));

    /// <summary>The textbook's table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives p_o 0.7, p_e 0.5, κ 0.4.</summary>
    [Fact]
    public void Kappa_TextbookTable_IsTheTextbooksValue()
    {
        var agreement = Agreement.Of([.. Many("y", "y", 20), .. Many("y", "n", 5), .. Many("n", "y", 10), .. Many("n", "n", 15)]);

        Assert.Equal((50, 35), (agreement.Pairs, agreement.Equal));
        Assert.Equal(0.4, agreement.Kappa!.Value, 10);
    }

    [Fact]
    public void Kappa_OneAnswerOnly_IsUndefinedAndSaysWhy()
    {
        var agreement = Agreement.Of([.. Many("y", "y", 12)]);

        Assert.Null(agreement.Kappa);
        Assert.Equal(12, agreement.Equal);
        Assert.Contains("chance alone", agreement.Undefined, StringComparison.Ordinal);
        Assert.NotNull(Agreement.Of([]).Undefined);
    }

    [Fact]
    public void Estimate_TwoStrata_WeighsByTheFrame()
    {
        // W = 0.8 and 0.2; means 80 and 40: 72. Variances: 0.64·(1−2/800)·200/2 + 0.04·(1−2/200)·800/2 = 63.84 + 15.84.
        var estimate = SampleEstimate.Of([new(800, [70, 90], 2, 0), new(200, [20, 60], 2, 1)]);

        Assert.Equal(72, estimate.Score!.Value, 10);
        Assert.Equal(1.96 * Math.Sqrt(63.84 + 15.84), estimate.Half!.Value, 10);
        Assert.Equal(0.1, estimate.DefectRate!.Value, 10);
        Assert.InRange(estimate.DefectLow, 0, 0.1);
        Assert.InRange(estimate.DefectHigh, 0.1, 1);
    }

    [Fact]
    public void Estimate_OneStratum_HasWilsonsInterval()
    {
        var estimate = SampleEstimate.Of([new(1000, [.. Enumerable.Repeat(50.0, 40)], 40, 10)]);

        var (low, high) = AiRudder.Dashboard.Metrics.Wilson.Interval(10, 40);
        Assert.Equal((low, high), (Math.Round(estimate.DefectLow, 12), Math.Round(estimate.DefectHigh, 12)), new Near());
    }

    [Fact]
    public void Estimate_StratumWithoutReview_IsUnknownAndSaysWhy()
    {
        var estimate = SampleEstimate.Of([new(800, [70, 90], 2, 0), new(200, [], 0, 0)]);

        Assert.Equal((null, null), ((object?)estimate.Score, (object?)estimate.DefectRate));
        Assert.Contains("1 of 2 strata", estimate.WhyNoScore, StringComparison.Ordinal);
        Assert.Contains("1 of 2 strata", estimate.WhyNoRate, StringComparison.Ordinal);
    }

    [Fact]
    public void Estimate_SingleReviewInAStratum_HasNoInterval()
    {
        var estimate = SampleEstimate.Of([new(800, [70], 1, 0)]);

        Assert.Equal(70, estimate.Score);
        Assert.Null(estimate.Half);
        Assert.NotNull(estimate.WhyNoScore);
    }

    [Fact]
    public void Estimate_WholeFrameReviewed_HasNoUncertainty() => Assert.Equal(0, SampleEstimate.Of([new(2, [60, 80], 2, 0)]).Half);

    private static Dictionary<int, int?> Points(params (int Item, int? Points)[] given) => given.ToDictionary(pair => pair.Item, pair => pair.Points);

    private static IEnumerable<(string, string)> Many(string first, string second, int count) => Enumerable.Repeat((first, second), count);

    private sealed class Near : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) => Math.Abs(x.Item1 - y.Item1) < 1e-9 && Math.Abs(x.Item2 - y.Item2) < 1e-9;

        public int GetHashCode((double, double) obj) => 0;
    }
}
