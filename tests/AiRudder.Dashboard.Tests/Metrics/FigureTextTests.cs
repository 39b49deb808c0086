using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Tests.Metrics;

public sealed class FigureTextTests
{
    [Theory]
    [InlineData(9L, 29L, "9 / 29")]
    [InlineData(9L, 30L, "30.0 %")]
    [InlineData(1204L, 3834L, "31.4 %")]
    [InlineData(0L, 0L, "–")]
    [InlineData(null, 40L, "–")]
    [InlineData(0L, 40L, "0.0 %")]
    public void Share_UnderThirty_IsTheFraction(long? above, long? below, string words) => Assert.Equal(words, FigureText.Share(above, below));

    [Theory]
    [InlineData(47.6, "0:48")]
    [InlineData(59.7, "1:00")]
    [InlineData(3725.0, "1:02:05")]
    [InlineData(null, "–")]
    public void Duration_ReadsLikeAClock(double? seconds, string words) => Assert.Equal(words, FigureText.Duration(seconds));

    [Fact]
    public void Change_CountsInPercent_SharesInPoints_UnknownIsNothing()
    {
        Assert.Equal("+6.0 %", FigureText.Change(Count(106), Count(100)));
        Assert.Equal("−50 %", FigureText.Change(Count(50), Count(100)));
        Assert.Equal("±0 %", FigureText.Change(Count(100), Count(100)));
        Assert.Equal("−2.5 pt", FigureText.Change(Share(0.3), Share(0.325)));
        Assert.Null(FigureText.Change(Count(5), Count(0)));
        Assert.Null(FigureText.Change(Share(0.3), Figure.Unknown));
    }

    [Fact]
    public void Change_OfAHandful_IsNotKnown() => Assert.Null(FigureText.Change(Share(0.3), Share(0.3) with { Denominator = 29 }));

    [Theory]
    [InlineData(5L, 100L, false, "5.0 % unmapped")]
    [InlineData(6L, 100L, true, "6.0 % unmapped")]
    [InlineData(1L, 10L, true, "1 / 10 unmapped")]
    [InlineData(0L, 0L, false, null)]
    public void Unmapped_AboveFiveOfAHundred_MakesTheFigureGrey(long without, long connected, bool grey, string? words)
    {
        var figure = Share(0.3) with { Unmapped = new(without, connected) };

        Assert.Equal((grey, words), (figure.IsGrey, FigureText.Unmapped(figure)));
    }

    [Fact]
    public void About_SaysFormulaPartsIntervalAndWhatIsMissing()
    {
        var figure = Share(0.3) with { Unmapped = new(60, 1000), Provisional = true, Reason = "Task a is not finished." };

        Assert.Equal(
            [
                "Right party of connects: connected calls whose label means 'right party' ÷ connected calls",
                "300 of 1,000 connects",
                "95 % interval: 27.2 – 32.9 %, n = 1,000",
                "6.0 % unmapped: connected calls whose label has no meaning; too many to take the figure at its word",
                "Task a is not finished.",
            ],
            FigureText.About(figure, Figures.Definition(Figures.RightPartyOfConnects)).Split('\n'));
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(5, 10, 0.2366, 0.7634)]
    [InlineData(0, 10, 0, 0.2775)]
    [InlineData(1204, 3834, 0.2995, 0.3289)]
    public void Wilson_Interval_AgreesWithTheTables(long successes, long trials, double low, double high)
    {
        var (l, h) = Wilson.Interval(successes, trials);

        Assert.Equal(low, l, 0.0001);
        Assert.Equal(high, h, 0.0001);
    }

    private static Figure Count(long value) => new(value, value, null, FigureUnit.Count, false, null);

    private static Figure Share(double value) => new(value, (long)(value * 1000), 1000, FigureUnit.Fraction, false, null);
}
