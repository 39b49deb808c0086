using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using AiRudder.Dashboard.Live;
using Bunit;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Live;

public sealed class FloorTests : FloorHost
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public void Empty_NewInstallation_SaysWhatWouldFillIt()
    {
        var floor = Show<Floor>();

        floor.WaitForAssertion(() => Assert.Contains("/webhooks/airudder/<token>", floor.Find("pre").TextContent, StringComparison.Ordinal), Soon);
        Assert.Contains("curl", floor.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Tiles_Today_ShowFiguresTheirChangeAndTheCallsBehindThem()
    {
        Build.Meaning("A", Meaning.RightParty | Meaning.Promise, "Promises to pay");
        var task = Build.Task(status: "calling");
        Build
            .Call(task, Build.At("2026-03-14 09:00"))
            .Call(task, Build.At("2026-03-15 08:00"))
            .Call(task, Build.At("2026-03-15 09:00"), call => call.Unanswered())
            .Save();

        var floor = Show<Floor>();

        floor.WaitForAssertion(() => Assert.Equal(8, floor.FindAll("a.tile").Count), Soon);
        var tiles = floor.FindAll("a.tile");
        Assert.Equal(["2", "1", "1 / 2", "1 / 1", "1 / 1", "0 / 0", "0:35", "0"], tiles.Select(tile => tile.QuerySelector(".v")!.TextContent));
        Assert.Equal("+100 %", tiles[0].QuerySelector(".change")!.TextContent);
        Assert.Equal(["Saturday by now: 1", "Opens 2 calls."], tiles[0].GetAttribute("title")!.Split('\n')[^2..]);
        Assert.Equal("/calls?from=2026-03-15&to=2026-03-15&meaning=RightParty&connected=true", tiles[3].GetAttribute("href"));
        Assert.Contains("provisional", tiles[2].TextContent, StringComparison.Ordinal);
        Assert.Contains("Promises to pay", floor.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void RunningTasks_UnknownList_CountsOnlyAndIsProvisional()
    {
        Build.Call(Build.Task(status: "calling", name: "Nov-20 DPD 1–7"), Build.At("2026-03-15 09:00")).Call(Build.Task("done", listSize: 1), Build.At("2026-03-15 09:00")).Save();

        var running = Show<RunningTasks>();

        running.WaitForAssertion(() => Assert.Contains("1 of 2", running.Markup, StringComparison.Ordinal), Soon);
        Assert.Contains("1 heard · list size unknown", running.Markup, StringComparison.Ordinal);
        Assert.Single(running.FindAll(".early"));
        Assert.Equal("complete", running.Find(".pill").TextContent);
    }

    [Fact]
    public async Task StackedBars_TransferTakenOnACallThatNeverConnected_CountWhatTheirLinksList()
    {
        var (task, at) = (Build.Task(status: "calling"), Build.At("2026-03-15 09:00"));
        Build.Call(task, at)
            .Call(task, at, call => call with { TransferAsked = true, TransferTaken = true })
            .Call(task, at, call => call.Unanswered() with { TransferAsked = true, TransferTaken = true })
            .Call(task, at, call => call.Unanswered())
            .Save();

        var floor = Show<Floor>();
        floor.WaitForAssertion(() => Assert.NotEmpty(floor.FindComponent<RunningTasks>().FindAll(".bar a")), Soon);
        floor.WaitForAssertion(() => Assert.NotNull(floor.FindComponent<PaceCard>().FindComponent<Chart>()), Soon);

        var bar = floor.FindComponent<RunningTasks>().FindAll(".bar a").Select(part => (Link: part.GetAttribute("href")!, Count: int.Parse(part.GetAttribute("data-count")!, CultureInfo.InvariantCulture))).ToList();
        var columns = floor.FindComponent<PaceCard>().FindComponent<Chart>().Instance.Data.Series.SelectMany(series => series.Values.Zip(series.Links!, (value, link) => (Link: link!, Count: (int)value!))).ToList();
        Assert.Equal((4, 4), (bar.Sum(part => part.Count), columns.Sum(part => part.Count)));
        await using var db = Store.Contexts.CreateDbContext();
        foreach (var (link, count) in bar.Concat(columns))
        {
            var filter = CallFilter.Parse(QueryHelpers.ParseQuery(link["/calls".Length..])).Filter;
            Assert.Equal((link, count), (link, await filter.Apply(db, [Store.Connection]).CountAsync()));
        }
    }

    [Fact]
    public void Tasks_SortAndFilter_LiveInTheAddressAndRowsFollowTheFeed()
    {
        var at = Build.At("2026-03-15 09:00");
        Build.Call(Build.Task("a", name: "Alpha"), at).Call(Build.Task("b", name: "Beta"), at.AddMinutes(1)).Save();
        var tasks = Show<Dashboard.CallTasks.Tasks>(more: null);
        string[] Names() => [.. tasks.FindAll("tbody th a").Select(link => link.TextContent)];
        tasks.WaitForAssertion(() => Assert.Equal(["Beta", "Alpha"], Names()), Soon);

        tasks.FindAll("thead button")[0].Click();
        tasks.WaitForAssertion(() => Assert.Equal(["Alpha", "Beta"], Names()), Soon);
        Assert.Equal("/tasks/a", tasks.Find("tbody th a").GetAttribute("href"));

        Build.Call(Build.Task("c", name: "Gamma"), at.AddMinutes(2)).Save();
        Publish("c");
        tasks.WaitForAssertion(() => Assert.Equal(["Alpha", "Beta", "Gamma"], Names()), Soon);

        tasks.Find("input[type=search]").Input("amm");
        tasks.WaitForAssertion(() => Assert.Equal(["Gamma"], Names()), Soon);
    }

    [Fact]
    public void TaskPage_ShowsWholeLifeUnlessTheAddressNamesDays()
    {
        var task = Build.Task("t/1");
        Build.Call(task, Build.At("2026-03-01 09:00")).Call(task, Build.At("2026-03-15 09:00")).Save();

        var page = Show<TaskPage>(more: it => it.Add(p => p.Id, "t/1"));

        page.WaitForAssertion(() => Assert.Equal("2", page.Find(".figure .v").TextContent), Soon);
        Assert.Equal("/calls?connection=Pinjaman%20Cepat&task=t%2F1", page.Find(".figure").GetAttribute("href"));
    }

    [Fact]
    public void Intentions_UnmappedLabel_WaitsForAMeaning()
    {
        Build.Call(Build.Task(), Build.At("2026-03-15 09:00"), call => call with { Label = "E", Description = "Unwilling" }).Save();

        var page = Show<Dashboard.Intentions.Intentions>();

        page.WaitForAssertion(() => Assert.Contains("1 need a meaning", page.Markup, StringComparison.Ordinal), Soon);
        Assert.Contains("Unwilling", page.Find(".chip").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button[aria-expanded]"));
    }
}
