using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Tests.Live;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.CallTasks;

/// <summary>The parts of a task's page, on the page of a task.</summary>
public sealed class TaskPartsTests : FloorHost
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private IRenderedComponent<TaskPage> Page(string id = "task1") => Show<TaskPage>(more: page => page.Add(it => it.Id, id));

    [Fact]
    public void Heat_Cells_AreFractionsUnderThirtyAndOpenTheirAnsweredCalls()
    {
        var task = Build.Task();
        for (var i = 0; i < 30; i++)
            Build.Call(task, Build.At("2026-03-14 09:00").AddMinutes(i), call => i < 12 ? call : call.Unanswered());

        Build.Call(task, Build.At("2026-03-13 17:10"), call => call with { Redials = [Build.At("2026-03-13 16:10")] }).Save();

        var page = Page();

        page.WaitForAssertion(() => Assert.Equal(["40%30", "0/11", "1/11"], page.FindAll(".heat td.num > *").Select(cell => cell.TextContent).OrderBy(text => text.Length).ThenBy(text => text, StringComparer.Ordinal).OrderByDescending(text => text.Contains('%', StringComparison.Ordinal))), Soon);
        Assert.Equal("/calls?connection=Pinjaman%20Cepat&task=task1&connected=true&weekday=Saturday&hour=9", page.FindAll(".heat td a").Single(cell => cell.TextContent == "40%30").GetAttribute("href"));
        Assert.DoesNotContain("0/11", page.FindAll(".heat td a").Select(cell => cell.TextContent));
    }

    [Fact]
    public void Interview_Words_ShowAsTheyCame()
    {
        var task = Build.Task();
        Build
            .Call(task, Build.At("2026-03-14 09:00"), call => call with { Answers = [new() { Question = "Q1", Status = "Completed", Answered = "Answered", Verification = "Consistent" }, new() { Question = "Q10", Status = "Neuland", Answered = "Unanswered" }] })
            .Call(task, Build.At("2026-03-14 09:01"), call => call with { Answers = [new() { Question = "Q1", Status = "Completed", Answered = "Answered", Verification = "Inconsistent" }] })
            .Call(task, Build.At("2026-03-14 09:02"))
            .Save();

        var page = Page();

        page.WaitForAssertion(() => Assert.Contains("2 connected calls with an interview", page.Markup, StringComparison.Ordinal), Soon);
        var matrix = page.Find("[aria-labelledby=interview]");
        Assert.Equal(["Q1", "Q10"], matrix.QuerySelectorAll("tbody th").Select(cell => cell.TextContent.Trim()));
        Assert.Contains("Neuland", matrix.TextContent, StringComparison.Ordinal);
        Assert.Contains("none given", matrix.TextContent, StringComparison.Ordinal);
        var links = matrix.QuerySelectorAll("a").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Contains(links, link => link.EndsWith("&connected=true&notAsked=Q10", StringComparison.Ordinal));
        Assert.Contains(links, link => link.EndsWith("&connected=true&question=Q1&verification=Inconsistent", StringComparison.Ordinal));
        Assert.Contains("lastAnswered=Q1", page.Find("[aria-labelledby=break-off]").InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public void LastWords_MostHangUpsFirst_LinkByAKeyAndNeverByTheSentence()
    {
        var task = Build.Task();
        Build
            .Call(task, Build.At("2026-03-14 09:00"), call => call with { LastSaid = "Apakah benar dengan …?" })
            .Call(task, Build.At("2026-03-14 09:01"), call => call with { LastSaid = "Apakah benar dengan …?" })
            .Call(task, Build.At("2026-03-14 09:02"), call => call with { LastSaid = "Terima kasih.", HangupType = "ByRobot" })
            .Save();

        var page = Page();

        page.WaitForAssertion(() => Assert.Equal(["Apakah benar dengan …?", "Terima kasih."], page.FindAll("[aria-labelledby=last-words] bdi").Select(cell => cell.TextContent)), Soon);
        var first = page.FindAll("[aria-labelledby=last-words] tbody tr")[0];
        Assert.Equal(["2", "2"], first.QuerySelectorAll("a").Select(link => link.TextContent));
        Assert.Matches("hangupType=ByCallee.*lastSaid=[0-9a-f]{32}$", first.QuerySelector("a")!.GetAttribute("href")!);
    }

    [Fact]
    public void Numbers_OneLineEach_AreMaskedWithTheirDials()
    {
        var task = Build.Task();
        Build
            .Call(task, Build.At("2026-03-14 09:00"), call => call with { Callee = "+628123450077", Redials = [Build.At("2026-03-14 08:00"), Build.At("2026-03-14 08:30")] })
            .Call(task, Build.At("2026-03-14 09:05"), call => call.Unanswered() with { Callee = "+628123450088" })
            .Save();

        var page = Page();

        page.WaitForAssertion(() => Assert.Equal(["•••• 088", "•••• 077"], page.FindAll("[aria-labelledby=numbers] tbody th").Select(cell => cell.TextContent.Trim())), Soon);
        Assert.Equal(4, page.FindAll(".tick").Count);
        Assert.Single(page.FindAll(".tick.answered"));
        Assert.DoesNotContain("62812345", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListSize_OfAFile_IsCountedKeptAndShown()
    {
        Person.SetPolicies(nameof(Permission.View), nameof(Permission.SetListSize)).SetRoles(nameof(Role.Supervisor));
        Build.Call(Build.Task(), Build.At("2026-03-14 09:00")).Save();
        var page = Page();
        page.WaitForAssertion(() => Assert.Equal("say it", page.Find("dd button.plain").TextContent), Soon);

        await page.Find("dd button.plain").ClickAsync(new());
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("number\n+62812345001\n+62812345002\n", "list.csv"));

        page.WaitForAssertion(() => Assert.Contains("the first line is a header", page.Markup, StringComparison.Ordinal), Soon);
        await using var db = await Store.Contexts.CreateDbContextAsync();
        var task = await db.CallTasks.SingleAsync();
        Assert.Equal((2, "supervisor@example.org", "counted in list.csv"), (task.ListSize, task.ListSizeBy, task.ListSizeFrom));
        page.WaitForAssertion(() => Assert.Contains("counted in list.csv · supervisor@example.org", page.Markup, StringComparison.Ordinal), Soon);
    }

    [Fact]
    [Trait("Requirement", "S4")]
    public void S4_ListSize_ForOthers_CannotBeSaid()
    {
        Build.Call(Build.Task(), Build.At("2026-03-14 09:00")).Save();
        var page = Page();

        page.WaitForAssertion(() => Assert.Contains("From list to promise", page.Markup, StringComparison.Ordinal), Soon);
        Assert.DoesNotContain("say it", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_ShowFiguresWithWhatTheyAreOf()
    {
        Build.Meaning("A", Meaning.RightParty | Meaning.Promise);
        var (task, at) = (Build.Task(listSize: 4), Build.At("2026-03-15 09:00"));
        Build
            .Call(task, at, call => call with { TransferAsked = true, TransferTaken = true })
            .Call(task, at)
            .Call(task, at, call => call.Unanswered() with { Redials = [at.AddMinutes(-30)] })
            .Call(Build.Task("untold"), at.AddDays(-1))
            .Call(Build.Task("unlisted"), at.AddMinutes(1))
            .Save();

        var tasks = Show<Dashboard.CallTasks.Tasks>(more: null);
        tasks.WaitForAssertion(() => Assert.Equal(2, tasks.FindAll("tbody tr:has(th)").Count), Soon);

        string[] Cells(int row) => [.. tasks.FindAll("tbody tr:has(th)")[row].QuerySelectorAll("td").Select(cell => cell.TextContent.Trim())];
        Assert.Equal(["4", "2 / 4", "2 / 4", "2 / 2", "2", "1 / 1", "0:40", "1.3"], Cells(1).Where((_, column) => column is 2 or 4 or 5 or (>= 7 and <= 11)));
        Assert.EndsWith("3 / 4", Cells(1)[3], StringComparison.Ordinal);
        Assert.Equal(["unknown", "–", "1", "1 / 1", "1 / 1", "1", "0", "0:40", "1.0"], Cells(0).Where((_, column) => column is >= 2 and <= 5 or (>= 7 and <= 11)));
        Assert.Equal("2 of 4 attempts", tasks.FindAll("tbody tr:has(th)")[1].QuerySelectorAll("td")[5].GetAttribute("title"));
    }

    [Fact]
    public async Task Columns_Hidden_StayHiddenForThePerson()
    {
        Person.SetPolicies(nameof(Permission.View)).SetClaims(new System.Security.Claims.Claim(System.Security.Claims.ClaimTypes.NameIdentifier, "person-1"));
        Build.Call(Build.Task(), Build.At("2026-03-15 09:00")).Save();
        var tasks = Show<Dashboard.CallTasks.Tasks>(more: null);
        tasks.WaitForAssertion(() => Assert.Equal(TaskColumn.Usual.Count, tasks.FindAll("tbody tr:has(th) > *").Count), Soon);

        await tasks.Find("input[value=robot]").ChangeAsync(new() { Value = false });

        tasks.WaitForAssertion(() => Assert.DoesNotContain(tasks.FindAll("thead button"), head => head.TextContent == "Robot"), Soon);
        var again = Show<Dashboard.CallTasks.Tasks>(more: null);
        again.WaitForAssertion(() => Assert.Equal(TaskColumn.Usual.Count - 1, again.FindAll("tbody tr:has(th) > *").Count), Soon);
    }

    [Fact]
    public void Compare_TwoTasks_StandSideBySideAndSmallArmsAreRefused()
    {
        Build.Meaning("A", Meaning.RightParty | Meaning.Promise);
        var (one, two) = (Build.Task("a", name: "Alpha"), Build.Task("b", name: "Beta"));
        for (var i = 0; i < 60; i++)
        {
            Build.Call(one, Build.At("2026-03-14 09:00").AddSeconds(i), call => i < 40 ? call : call.Unanswered());
            Build.Call(two, Build.At("2026-03-14 09:00").AddSeconds(i), call => i < 10 ? call : call.Unanswered());
        }

        Build.Save();
        Services.GetRequiredService<BunitNavigationManager>().NavigateTo("/tasks/compare?a=a&b=b");

        var page = Show<ComparePage>(more: null);

        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll("tbody tr").Count), Soon);
        var rate = page.FindAll("tbody tr")[0];
        Assert.Contains("66.7 %", rate.TextContent, StringComparison.Ordinal);
        Assert.Contains("+50.0 pt", rate.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 stratum", rate.TextContent, StringComparison.Ordinal);
        Assert.Equal("/calls?task=a&connected=true", rate.QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("n = 40 and 10", page.FindAll("tbody tr")[1].TextContent, StringComparison.Ordinal);
    }
}
