using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live.Walls;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Live.Walls;

public sealed class WallScreenTests : FloorHost
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public void Wall_ChosenTasks_RotatesBetweenThemInTheirOrder()
    {
        Build.Meaning("A", Meaning.RightParty, "Promises");
        var at = Build.At("2026-03-15 09:00");
        Build.Call(Build.Task("a", name: "Alpha"), at).Call(Build.Task("b", name: "Beta"), at).Call(Build.Task("c", name: "Gamma"), at).Save();
        Services.GetRequiredService<NavigationManager>().NavigateTo("/?wall=1&tasks=b,a&every=5");

        var wall = Show<WallScreen>();

        wall.WaitForAssertion(() => Assert.Equal("Beta", wall.Find("h1").TextContent), Soon);
        Assert.Equal("1 / 2", wall.Find("footer span:last-child").TextContent);
        wall.WaitForAssertion(() => Assert.Equal("Alpha", wall.Find("h1").TextContent), Soon);
        wall.WaitForAssertion(() => Assert.Equal("Beta", wall.Find("h1").TextContent), Soon);
        Assert.Empty(wall.FindAll("a"));
    }

    [Fact]
    public void Wall_NothingChosen_ShowsAllTasksAndFollowsTheFeed()
    {
        var task = Build.Task("a", name: "Alpha");
        Build.Call(task, Build.At("2026-03-15 09:00")).Save();
        var wall = Show<WallScreen>();
        wall.WaitForAssertion(() => Assert.Equal("1", wall.Find(".figure .v").TextContent), Soon);
        Assert.Equal("All tasks", wall.Find("h1").TextContent);

        Build.Call(task, Build.At("2026-03-15 09:01")).Save();
        Publish("a");

        wall.WaitForAssertion(() => Assert.Equal("2", wall.Find(".figure .v").TextContent), Soon);
    }

    [Theory]
    [InlineData("http://x/?wall=1", true)]
    [InlineData("http://x/wall?tasks=a", true)]
    [InlineData("http://x/", false)]
    [InlineData("http://x/?wall=0", false)]
    [InlineData("http://x/calls?wall=1", false)]
    public void Address_SaysWhetherItIsAWall(string uri, bool wall) => Assert.Equal(wall, WallAddress.Is(uri));

    [Fact]
    public void Address_SecondsNobodyCanMean_AreTwenty() => Assert.Equal(TimeSpan.FromSeconds(20), WallAddress.Read("http://x/?wall=1&every=0").Every);
}
