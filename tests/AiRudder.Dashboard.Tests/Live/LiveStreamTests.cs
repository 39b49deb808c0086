using System.Globalization;
using System.Reflection;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Tests.Support;
using Bunit;
using Microsoft.AspNetCore.Components.Rendering;

namespace AiRudder.Dashboard.Tests.Live;

public sealed class LiveStreamTests : FloorHost
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static string[] Numbers(IRenderedComponent<LiveStream> stream) => [.. stream.FindAll("a.number").Select(link => link.TextContent)];

    private IRenderedComponent<LiveStream> ShowWith(int calls)
    {
        var task = Build.Task();
        for (var i = 0; i < calls; i++)
        {
            Build.Call(task, Build.At("2026-03-15 09:00"), call => call with { Callee = $"+6281234567{i:000}" });
        }

        Build.Save();
        var stream = Show<LiveStream>();
        stream.WaitForAssertion(() => Assert.Equal(calls, Numbers(stream).Length), Soon);
        return stream;
    }

    private void Land(string callee)
    {
        Build.Call(Build.Task($"task-{callee[^3..]}"), Build.At("2026-03-15 09:30"), call => call with { Callee = callee }).Save();
        Publish("task");
    }

    [Fact]
    public void Landing_AtTheTop_AppearsInPlaceMaskedAndNewestFirst()
    {
        var stream = ShowWith(2);

        Land("+6281299999999");

        stream.WaitForAssertion(() => Assert.Equal(["•••• 999", "•••• 001", "•••• 000"], Numbers(stream)), Soon);
        Assert.DoesNotContain("81299999", stream.Markup, StringComparison.Ordinal);
        Assert.Contains("new", stream.Find("tbody tr").ClassList);
    }

    [Fact]
    public void Row_IsTextForThePage()
    {
        // A hundred rows stay in memory for every open floor: what a page holds of each is one frame with a text that all floors share.
        var stream = ShowWith(1);
        var one = Frames(stream);

        Land("+6281200000777");
        stream.WaitForAssertion(() => Assert.Equal(2, Numbers(stream).Length), Soon);

        Assert.Equal(1, Frames(stream) - one);
    }

    [Fact]
    public void Open_WithMoreThanAFirstBatchHolds_ShowsAllOfThemInOrder()
    {
        var stream = ShowWith(70);

        Assert.Equal(Enumerable.Range(0, 70).Reverse().Select(i => $"•••• {i:000}"), Numbers(stream));
        Assert.Empty(stream.FindAll("tr.new"));

        Land("+6281299999999");
        stream.WaitForAssertion(() => Assert.Equal(71, Numbers(stream).Length), Soon);
        Assert.Equal("•••• 999", Numbers(stream)[0]);
        Assert.Single(stream.FindAll("tr.new"));
    }

    private static int Frames(IRenderedComponent<LiveStream> stream)
    {
        using var drawing = new RenderTreeBuilder();
        typeof(StreamRows).GetMethod("BuildRenderTree", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(stream.FindComponent<StreamRows>().Instance, [drawing]);
#pragma warning disable BL0006 // Only a count is looked at, and nothing else tells it.
        return drawing.GetFrames().Count;
#pragma warning restore BL0006
    }

    [Fact]
    public void Row_WhoseLabelIsGivenWords_SaysThemWithTheNextLanding()
    {
        var task = Build.Task();
        Build.Call(task, Build.At("2026-03-15 09:00"), call => call with { Callee = "+6281234567000", Label = "A" }).Save();
        var stream = Show<LiveStream>();
        stream.WaitForAssertion(() => Assert.Contains("needs a meaning", stream.Find("td.intention").TextContent, StringComparison.Ordinal), Soon);

        Build.Meaning("A", Meaning.RightParty, "Promises to pay").Save();
        Clock.Now += TimeSpan.FromSeconds(6);
        Land("+6281200000777");

        stream.WaitForAssertion(() => Assert.Contains("Promises to pay", stream.FindAll("td.intention")[1].TextContent, StringComparison.Ordinal), Soon);
    }

    [Fact]
    public void Play_WhoMayNotListen_IsNotOffered()
    {
        Person.SetRoles();

        var stream = ShowWith(1);

        Assert.Empty(stream.FindAll("td button.ic"));
        stream.Do(it => it.Instance.Play(1));
        Assert.Empty(stream.FindAll("audio"));
    }

    [Fact]
    public async Task Stream_TakenAwayWhileTheBrowserBeginsToWatch_IsNoFailureOfThePage()
    {
        var watch = JSInterop.SetupModule("./stream.js").SetupVoid("watch", _ => true);
        var stream = Show<LiveStream>();
        stream.WaitForState(() => watch.Invocations.Count == 1, Soon);
        var failed = Renderer.UnhandledException;
        stream.Instance.Dispose();

        watch.SetException(new Microsoft.JSInterop.JSException("There is nothing to watch."));
        await Renderer.Dispatcher.InvokeAsync(() => { });

        Assert.False(failed.IsCompleted);
    }

    [Fact]
    public void Batch_ManyUnanswered_IsOneRowThatLeadsToThem()
    {
        var task = Build.Task("task/1", name: "Nov-20 DPD 8–30");
        var at = Build.At("2026-03-15 09:00");
        var batch = Enumerable.Range(0, 1240).Select(_ => new CallBuilder.Entry { At = at, Redials = [at.AddHours(-1)] }.Unanswered()).Append(new CallBuilder.Entry { At = at, Callee = "+6281234567777" }).ToArray();
        Build.Delivery(task, at.AddHours(1), batch).Save();

        var stream = Show<LiveStream>();

        stream.WaitForAssertion(() => Assert.Equal(2, stream.FindAll("tbody tr").Count), Soon);
        Assert.Equal(["•••• 777"], Numbers(stream));
        var row = stream.Find("tr.batch");
        Assert.Contains("1,240 numbers unanswered · Nov-20 DPD 8–30 · 2,481 attempts", row.TextContent, StringComparison.Ordinal);
        var link = row.QuerySelector("a")!;
        Assert.Equal(("/calls?connected=false&delivery=1", "1240"), (link.GetAttribute("href"), link.GetAttribute("data-count")));
        using var db = Store.Contexts.CreateDbContext();
        Assert.Equal(1240, new CallFilter { Delivery = 1, Connected = false }.Apply(db, [.. db.Connections]).Count());
    }

    [Fact]
    public void Single_Unanswered_IsItsOwnRow()
    {
        Build.Call(Build.Task(), Build.At("2026-03-15 09:00"), call => call.Unanswered()).Save();

        var stream = Show<LiveStream>();

        stream.WaitForAssertion(() => Assert.Contains("unanswered · outofarea", stream.Find("tbody").TextContent, StringComparison.Ordinal), Soon);
        Assert.Empty(stream.FindAll("tr.batch"));
    }

    [Fact]
    public void Pause_NewRowsWaitBehindTheirCount_UntilAskedFor()
    {
        var stream = ShowWith(1);
        stream.Do(it => it.Find("button.hold").Click());

        Land("+6281200000888");
        Land("+6281200000777");

        stream.WaitForAssertion(() => Assert.Equal("2 new", stream.Find("button.fresh").TextContent), Soon);
        Assert.Equal(["•••• 000"], Numbers(stream));

        stream.Do(it => it.Find("button.fresh").Click());
        stream.WaitForAssertion(() => Assert.Equal(["•••• 777", "•••• 888", "•••• 000"], Numbers(stream)), Soon);
        Assert.Empty(stream.FindAll("button.fresh"));
    }

    [Fact]
    public async Task Scrolled_NewRowsWait_AndComeWhenTheTopIsSeenAgain()
    {
        var stream = ShowWith(1);
        await stream.InvokeAsync(() => stream.Instance.TopSeen(false));

        Land("+6281200000888");
        stream.WaitForAssertion(() => Assert.Equal("1 new", stream.Find("button.fresh").TextContent), Soon);
        Assert.Single(Numbers(stream));

        await stream.InvokeAsync(() => stream.Instance.TopSeen(true));
        stream.WaitForAssertion(() => Assert.Equal(["•••• 888", "•••• 000"], Numbers(stream)), Soon);
    }

    [Fact]
    public void Another_Connection_IsNoneOfOurs()
    {
        var stream = ShowWith(1);
        var before = stream.RenderCount;

        Feed.Publish(new Landed(99, 99, Store.Connection.Id + 1, "Another", ["x"], [], 1));
        Land("+6281200000888");

        stream.WaitForAssertion(() => Assert.Equal(2, Numbers(stream).Length), Soon);
        Assert.True(stream.RenderCount > before);
    }

    [Fact]
    public void Yesterday_ShowsYesterday()
    {
        var task = Build.Task();
        Build
            .Call(task, Build.At("2026-03-14 23:58"), call => call with { Callee = "+6281200000001" })
            .Call(task, Build.At("2026-03-15 00:05"), call => call with { Callee = "+6281200000002" })
            .Save();

        var stream = Show<LiveStream>(Scope("?from=2026-03-14&to=2026-03-14"));

        stream.WaitForAssertion(() => Assert.Equal(["•••• 001"], Numbers(stream)), Soon);
    }

    [Fact]
    public void Play_DocksAPlayerAndStopsOnTheSecondPress()
    {
        var mark = JSInterop.SetupModule("./stream.js").SetupVoid("mark", _ => true).SetVoidResult();
        var stream = ShowWith(1);

        Press(stream);
        stream.WaitForAssertion(() => Assert.StartsWith("/api/calls/", stream.Find("audio").GetAttribute("src"), StringComparison.Ordinal), Soon);
        stream.WaitForAssertion(() => Assert.IsType<long>(mark.Invocations.Last().Arguments[1]), Soon);

        Press(stream);
        stream.WaitForAssertion(() => Assert.Empty(stream.FindAll("audio")), Soon);
        stream.WaitForAssertion(() => Assert.Null(mark.Invocations.Last().Arguments[1]), Soon);
    }

    /// <summary>As the page's script does for the button.</summary>
    private static void Press(IRenderedComponent<LiveStream> stream)
    {
        var call = long.Parse(stream.Find("td button.ic").GetAttribute("data-play")!, CultureInfo.InvariantCulture);
        stream.Do(it => it.Instance.Play(call));
    }
}
