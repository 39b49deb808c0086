using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Lines;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Tests.Live;
using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Lines;

public sealed class LineQueryTests : FloorHost
{
    private static readonly DateOnly Day = new(2026, 3, 15);

    [Fact]
    public async Task Health_IsStandardisedByTaskAndHour()
    {
        // At nine the one is answered like the other; at ten, when few answer, only the other dials.
        var task = Build.Task();
        Dial("09:00", task, "+62215000111", connected: 2, of: 4);
        Dial("09:30", task, "+62215000222", connected: 2, of: 4);
        Dial("10:00", task, "+62215000222", connected: 0, of: 6);
        Dial("11:00", Build.Task("other"), "+62215000333", connected: 0, of: 5);

        var page = await ReadAsync();

        Assert.Equal(
            [("+62215000222", 10L, 2L, 2.0, 1.0), ("+62215000333", 5, 0, 0, double.NaN), ("+62215000111", 4, 2, 2, 1)],
            page.Numbers.Select(row => (row.Number, row.Attempts, row.Connected, row.Expected, row.Health ?? double.NaN)));
    }

    [Fact]
    public async Task Number_MuchLessAnswered_ComesFirst()
    {
        var task = Build.Task();
        Dial("09:00", task, "+62215000111", connected: 5, of: 50);
        Dial("09:10", task, "+62215000222", connected: 40, of: 60);
        Dial("09:20", task, "+62215000333", connected: 0, of: 10);

        var page = await ReadAsync();

        Assert.Equal([("+62215000111", true), ("+62215000222", false), ("+62215000333", false)], page.Numbers.Select(row => (row.Number, row.Dropped)));
        Assert.Equal(5 / (50 * 45 / 120.0), page.Numbers[0].Health!.Value, 6);
    }

    [Fact]
    public async Task Redials_CountForTheNumberTheyShowed_ShortCallsForTheLast()
    {
        var at = Build.At("2026-03-15 09:00");
        Build.Call(Build.Task(), at, call => call with { Caller = "+62215000111", Duration = 4, Redials = [at.AddHours(-1), at.AddDays(-1)] }).Save();

        var page = await ReadAsync();

        Assert.Equal([(null, 1L, 0L, 0L), ("+62215000111", 1, 1, 1)], page.Numbers.OrderBy(row => row.Number).Select(row => (row.Number, row.Attempts, row.Calls.Talks, row.Calls.ShortTalks)));
        Assert.Equal(("line-1", 1, 2L), (page.Trunks[0].Line, page.Trunks[0].Tasks, page.Trunks[0].Attempts));
    }

    [Fact]
    public async Task Filter_ByNumberOrItsTerm_FindsTheSameCalls()
    {
        var task = Build.Task();
        Dial("09:00", task, "+62215000111", connected: 1, of: 2);
        Dial("09:10", task, "+62215000222", connected: 1, of: 1);
        var term = (await ReadAsync()).Numbers.Single(row => row.Number == "+62215000111").Term;

        await using var db = Store.Contexts.CreateDbContext();
        foreach (var number in new[] { "+62215000111", "62215000111", $"#{term}" })
        {
            Assert.Equal(2, await new CallFilter { CallerNumber = number }.Apply(db, [Store.Connection]).CountAsync());
        }

        var (read, errors) = CallFilter.Parse(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new CallFilter { CallerNumber = $"#{term}" }.ToQueryString()));
        Assert.Empty(errors);
        Assert.Equal($"#{term}", read.CallerNumber);
    }

    [Fact]
    public async Task EveryCountOfCalls_IsWhatItsLinkLists()
    {
        var (task, other, at) = (Build.Task(), Build.Task("other"), Build.At("2026-03-15 09:00"));
        other.Line = null;
        Dial("09:00", task, "+62215000111", connected: 3, of: 5);
        Build.Call(task, at, call => call with { Caller = null, Duration = 4 });
        Build.Call(task, at, call => call with { Caller = "+62215000111", Duration = null, Redials = [at.AddHours(-1), at.AddDays(-1)] });
        Build.Call(other, at, call => call with { Caller = "+62215000222", Duration = 6 });
        Build.Call(other, Build.At("2026-03-14 09:00"), call => call with { Caller = "+62215000222" });
        Build.Save();

        var page = Show<LinesPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("a[data-count]")), TimeSpan.FromSeconds(20));

        await using var db = Store.Contexts.CreateDbContext();
        var links = page.FindAll("a[href^='/calls']").Select(link => (Href: link.GetAttribute("href")!, Count: link.GetAttribute("data-count"))).Distinct().ToList();
        foreach (var (href, count) in links)
        {
            var (filter, errors) = CallFilter.Parse(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(href["/calls".Length..]));
            Assert.Empty(errors);
            Assert.Equal((href, count), (href, (await filter.Apply(db, [Store.Connection]).CountAsync()).ToString(CultureInfo.InvariantCulture)));
        }

        Assert.Contains("6", Counts("callerNumber=%23"));
        Assert.Contains("1", Counts("callerNumber=--"));
        Assert.Contains("7", Counts("line=line-1"));
        Assert.Contains("1", Counts("line=--"));
        return;

        IEnumerable<string?> Counts(string condition) => links.Where(link => link.Href.Contains(condition, StringComparison.Ordinal)).Select(link => link.Count);
    }

    [Fact]
    public async Task Read_WhileRollupsAreCounted_SaysSo()
    {
        Dial("09:00", Build.Task(), "+62215000111", connected: 1, of: 2);
        await using (var db = Store.Contexts.CreateDbContext())
        {
            await db.Set<RollupState>().ExecuteUpdateAsync(row => row.SetProperty(it => it.Phase, RollupPhase.Counting));
        }

        await Assert.ThrowsAsync<FiguresUnknownException>(ReadAsync);
    }

    [Fact]
    [Trait("Requirement", "P1")]
    public void Page_MasksNumbersInTextAndAddresses()
    {
        Dial("09:00", Build.Task(), "+62215000111", connected: 1, of: 2);

        var page = Show<LinesPage>();

        page.WaitForAssertion(() => Assert.Equal("•••• 111", page.Find("tbody th a").TextContent), TimeSpan.FromSeconds(20));
        Assert.DoesNotContain("62215000111", page.Markup, StringComparison.Ordinal);
        Assert.Contains("callerNumber=%23", page.Find("tbody th a").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("this compares tasks", page.Markup, StringComparison.Ordinal);
    }

    private Task<LinePage> ReadAsync() => Services.GetRequiredService<LineQuery>().ReadAsync([Store.Connection], Day, Day, null, default);

    private void Dial(string time, Dashboard.CallTasks.CallTask task, string caller, int connected, int of)
    {
        for (var i = 0; i < of; i++)
        {
            var answered = i < connected;
            Build.Call(task, Build.At($"2026-03-15 {time}").AddSeconds(i), call => (answered ? call : call.Unanswered()) with { Caller = caller });
        }

        Build.Save();
    }
}
