using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Tests.Metrics;

public sealed class RateDifferenceTests
{
    /// <summary>The example of Newcombe's paper (1998, method 10): 56 of 70 and 48 of 80.</summary>
    [Fact]
    public void Plain_NewcombesExample_HasHisInterval()
    {
        var difference = RateDifference.Plain(new(56, 70), new(48, 80));

        Assert.Equal((0.2, 0.0524, 0.3339), (Math.Round(difference.Difference, 4), Math.Round(difference.Low, 4), Math.Round(difference.High, 4)));
        Assert.True(difference.IsClear);
    }

    [Theory]
    [InlineData(29, 500)]
    [InlineData(500, 29)]
    public void Plain_UnderThirtyInAnArm_IsRefusedWithTheReason(long a, long b) =>
        Assert.Contains($"n = {a} and {b}, and under 30", RateDifference.Plain(new(1, a), new(1, b)).Refusal, StringComparison.Ordinal);

    [Fact]
    public void Standardised_OtherHoursOnly_ShowNoDifference()
    {
        // Each is as good as the other at the same hour; one was dialled at the good hour more often.
        var a = new Dictionary<int, Rate> { [9] = new(10, 100), [18] = new(450, 900) };
        var b = new Dictionary<int, Rate> { [9] = new(90, 900), [18] = new(50, 100) };

        Assert.Equal(0.32, RateDifference.Plain(new(460, 1000), new(140, 1000)).Difference, 6);
        var standardised = RateDifference.Standardised(a, b);
        Assert.Equal((0, 2, false), (Math.Round(standardised.Difference, 6), standardised.Strata, standardised.IsClear));
    }

    [Fact]
    public void Standardised_WeighsByWhatBothHaveTogether()
    {
        var a = new Dictionary<int, Rate> { [1] = new(20, 40), [2] = new(10, 100), [3] = new(5, 5) };
        var b = new Dictionary<int, Rate> { [1] = new(10, 40), [2] = new(0, 20) };

        Assert.Equal(((80 * 0.25) + (120 * 0.1)) / 200, RateDifference.Standardised(a, b).Difference, 9);
    }

    [Fact]
    public void Standardised_TooLittleShared_IsRefused()
    {
        var refused = RateDifference.Standardised(new Dictionary<int, Rate> { [9] = new(5, 500), [10] = new(5, 29) }, new Dictionary<int, Rate> { [10] = new(5, 500) });

        Assert.Contains("n = 29 and 500 in shared hours", refused.Refusal, StringComparison.Ordinal);
    }
}
