using AiRudder.Dashboard.Alerts;

namespace AiRudder.Dashboard.Tests.Alerts;

public sealed class AlertStepsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 15, 3, 0, 0, TimeSpan.Zero);

    private readonly AlertRule rule = new() { Name = "r", Threshold = 0.2, Recover = 0.3, HoldMinutes = 5, PauseMinutes = 60, LeastN = 100, ChangedBy = "" };
    private readonly AlertWatch watch = new();

    [Theory]
    [InlineData(0.1, 100, false, AlertCondition.Beyond)]
    [InlineData(0.1, 99, false, AlertCondition.Neither)]
    [InlineData(0.1, 100, true, AlertCondition.Neither)]
    [InlineData(0.25, 100, false, AlertCondition.Neither)]
    [InlineData(0.2, 100, false, AlertCondition.Neither)]
    [InlineData(0.3, 100, false, AlertCondition.Well)]
    [InlineData(null, 100, false, AlertCondition.Neither)]
    public void Judge_Value_NeedsEnoughAndBelievesNothingProvisional(double? value, int n, bool provisional, AlertCondition expected) =>
        Assert.Equal(expected, AlertSteps.Judge(rule, value, n, provisional));

    [Fact]
    public void Judge_ProvisionalAskedFor_Counts()
    {
        rule.Provisional = true;
        Assert.Equal(AlertCondition.Beyond, AlertSteps.Judge(rule, 0.1, 100, provisional: true));
    }

    [Fact]
    public void Judge_Above_IsTheOtherWayRound()
    {
        (rule.Below, rule.Threshold, rule.Recover) = (false, 0.3, 0.2);
        Assert.Equal(
            [AlertCondition.Beyond, AlertCondition.Neither, AlertCondition.Well],
            new[] { 0.31, 0.25, 0.2 }.Select(value => AlertSteps.Judge(rule, value, 100, false)));
    }

    [Fact]
    public void Take_WaveringFigure_OpensOnceAndOnlyAfterItLasted()
    {
        Assert.Equal(AlertMove.None, Take(0, AlertCondition.Beyond));
        Assert.Equal(AlertMove.None, Take(3, AlertCondition.Neither));
        Assert.Equal(AlertMove.None, Take(4, AlertCondition.Beyond));
        Assert.Equal(AlertMove.None, Take(8, AlertCondition.Beyond));
        Assert.Equal(AlertMove.Open, Take(9, AlertCondition.Beyond));
        watch.LastOpenedAt = Start.AddMinutes(9);

        Assert.Equal(AlertMove.None, Take(10, AlertCondition.Well, open: true));
        Assert.Equal(AlertMove.None, Take(14, AlertCondition.Beyond, open: true));
        Assert.Equal(AlertMove.None, Take(15, AlertCondition.Well, open: true));
        Assert.Equal(AlertMove.Resolve, Take(20, AlertCondition.Well, open: true));

        Assert.Equal(AlertMove.None, Take(25, AlertCondition.Beyond));
        Assert.Equal(AlertMove.None, Take(40, AlertCondition.Beyond));
        Assert.Equal(AlertMove.Open, Take(69, AlertCondition.Beyond));
    }

    [Fact]
    public void Take_ClockSetBack_StartsAnew()
    {
        Take(60, AlertCondition.Beyond);

        Assert.Equal(AlertMove.None, Take(0, AlertCondition.Beyond));
        Assert.Equal(Start, watch.BeyondSince);
        Assert.Equal(AlertMove.Open, Take(5, AlertCondition.Beyond));
    }

    [Theory]
    [InlineData(22 * 60, 7 * 60, 23, true)]
    [InlineData(22 * 60, 7 * 60, 6, true)]
    [InlineData(22 * 60, 7 * 60, 7, false)]
    [InlineData(9 * 60, 18 * 60, 9, true)]
    [InlineData(9 * 60, 18 * 60, 18, false)]
    [InlineData(0, 0, 12, false)]
    public void Within_Hours_MayGoOverMidnight(int from, int to, int hour, bool expected) => Assert.Equal(expected, AlertSteps.Within(from, to, TimeSpan.FromHours(hour)));

    private AlertMove Take(int minute, AlertCondition condition, bool open = false) => AlertSteps.Take(watch, rule, condition, open, Start.AddMinutes(minute));
}
