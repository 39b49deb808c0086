using AiRudder.Dashboard.Layout;
using Bunit;

namespace AiRudder.Dashboard.Tests.Layout;

public sealed class ChartTests : BunitContext
{
    private static readonly ChartData Data = new()
    {
        Kind = ChartKind.StackedColumn,
        Categories = ["09:00", "09:15"],
        Series =
        [
            new("Connected", "--l1", [3, null], ["/calls?connected=true", null]),
            new("<img src=x onerror=alert(1)>", "--l0", [1, 2]),
        ],
    };

    private BunitJSModuleInterop Module()
    {
        var module = JSInterop.SetupModule("./chart.js");
        module.Mode = JSRuntimeMode.Loose;
        return module;
    }

    [Fact]
    public void Draw_SeriesAndColours_ReachTheBrowserAsTheyAre()
    {
        var module = Module();

        Render<Chart>(chart => chart.Add(c => c.Data, Data).Add(c => c.Label, "Calls"));

        var told = Assert.IsType<string>(Assert.Single(module.Invocations["draw"]).Arguments[1]);
        Assert.Equal(
            """{"kind":"stackedColumn","categories":["09:00","09:15"],"series":[{"name":"Connected","color":"--l1","values":[3,null],"links":["/calls?connected=true",null],"counts":null},{"name":"<img src=x onerror=alert(1)>","color":"--l0","values":[1,2],"links":null,"counts":null}],"unit":"","height":170,"center":null,"centerValue":null}""",
            told);
    }

    [Fact]
    public void Draw_OnlyNewDataIsSentAgain()
    {
        var module = Module();
        var chart = Render<Chart>(it => it.Add(c => c.Data, Data).Add(c => c.Label, "Calls"));

        chart.Render(it => it.Add(c => c.Label, "Calls again"));
        Assert.Single(module.Invocations["draw"]);

        chart.Render(it => it.Add(c => c.Data, Data with { Unit = "s" }));
        Assert.Equal(2, module.Invocations["draw"].Count);
    }

    [Fact]
    public void Table_SaysTheSame_AndItsNamesAreText()
    {
        Module();
        var chart = Render<Chart>(it => it.Add(c => c.Data, Data).Add(c => c.Label, "Calls"));

        Assert.Equal("Calls", chart.Find("caption").TextContent);
        Assert.Equal(["3", "1", "–", "2"], chart.FindAll("td.num").Select(cell => cell.TextContent.Trim()));
        Assert.Empty(chart.FindAll("img"));
        Assert.Empty(chart.FindAll("td a"));
    }

    [Fact]
    public void Swap_TheTableBecomesVisibleWithItsLinks()
    {
        Module();
        var chart = Render<Chart>(it => it.Add(c => c.Data, Data).Add(c => c.Label, "Calls"));

        chart.Find("button.swap").Click();

        Assert.Equal("/calls?connected=true", chart.Find("td a").GetAttribute("href"));
        Assert.True(chart.Find(".drawing").HasAttribute("hidden"));
    }
}
