using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;

namespace AiRudder.Dashboard.Tests.Metrics;

public sealed class SlotPlanTests
{
    [Theory]
    [InlineData(1, 96, "15 minutes")]
    [InlineData(2, 48, "hour")]
    [InlineData(7, 7, "day")]
    [InlineData(100, 100, "day")]
    [InlineData(365, 53, "week")]
    public void Of_Period_IsCutIntoAboutAHundred(int days, int count, string word)
    {
        var plan = SlotPlan.Of(new(2026, 3, 1), new DateOnly(2026, 3, 1).AddDays(days - 1));

        Assert.Equal((count, word), (plan.Count, plan.Word));
    }

    [Theory]
    [InlineData("America/Sao_Paulo", 2018, 11, 4)] // midnight does not exist
    [InlineData("Europe/Berlin", 2026, 3, 29)] // 23 hours
    [InlineData("Europe/Berlin", 2026, 10, 25)] // 25 hours
    public void In_DayOfClockChange_StartsNeverGoBackwards(string zone, int year, int month, int day)
    {
        var date = new DateOnly(year, month, day);
        var days = new LocalDays(zone);

        var starts = SlotPlan.Of(date, date).In(days);

        Assert.Equal(days.StartOf(date), starts[0]);
        Assert.True(starts[^1] < days.StartOf(date.AddDays(1)));
        Assert.Equal(starts.Order(), starts);
    }
}
