using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.CallTasks;

public sealed class TaskQueryTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly TestClock clock = new();
    private readonly LabelTable labels;
    private readonly CallBuilder build;

    public TaskQueryTests()
    {
        labels = new(store.Contexts, clock);
        build = new(store);
    }

    private TaskQuery Tasks => new(store.Contexts, labels, clock);

    private TaskDetailQuery Details => new(store.Contexts, Tasks, new SummaryQuery(store.Contexts, labels));

    [Fact]
    public async Task Read_OneDay_HasOnlyThatDaysFiguresButWholeCoverage()
    {
        var (one, two) = (build.Task(listSize: 4), build.Task("task2", status: "calling"));
        clock.Now = build.At("2026-03-15 12:00");
        build
            .Call(one, build.At("2026-03-14 10:00"), call => call with { Callee = "+1" })
            .Call(one, build.At("2026-03-15 10:00"), call => call with { Callee = "+2", Label = "B" })
            .Call(one, build.At("2026-03-15 11:55"), call => call.Unanswered() with { Callee = "+3", Redials = [build.At("2026-03-15 11:00")] })
            .Call(two, build.At("2026-03-14 10:00"))
            .Save();
        var day = new DateOnly(2026, 3, 15);

        var row = Assert.Single(await Tasks.ReadAsync(new CallFilter { From = day, To = day }));

        Assert.Equal("task1", row.Task.VendorTaskId);
        Assert.Equal((2, 1, 3L, 1L), (row.Heard, row.Reached, row.Sums.Attempts, row.Sums.ConnectedAttempts));
        Assert.Equal((3, 0.75, false), (row.State.HeardInAll, row.Coverage.Value, row.State.Complete));
        Assert.Equal(("B", 1L), (Assert.Single(row.Labels).Look.Label, row.Labels[0].Count));
        Assert.Equal(0.1, row.Pace);
        Assert.Equal(["task1", "task2"], (await Tasks.ReadAsync(new CallFilter())).Select(task => task.Task.VendorTaskId));
    }

    [Fact]
    public async Task Find_Ladder_CountsWhereNumbersWereFirstConnected()
    {
        var task = build.Task();
        var at = build.At("2026-03-14 10:00");
        build
            .Call(task, at)
            .Call(task, at, call => call with { Redials = [at.AddMinutes(-30)] })
            .Call(task, at, call => call with { Redials = [at.AddMinutes(-30), at.AddMinutes(-15)] })
            .Call(task, at, call => call.Unanswered() with { Redials = [at.AddMinutes(-30), at.AddMinutes(-15)] })
            .Save();

        var detail = (await Details.FindAsync("task1", new CallFilter(), CancellationToken.None))!;

        Assert.Equal([new Rung(1, 4, 1), new Rung(2, 3, 1), new Rung(3, 2, 1)], detail.Ladder);
        Assert.Equal([new RingCount("outofarea", 6, 0), new RingCount("normal", 3, 3)], detail.Rings);
        Assert.Equal([new HangupCount("ByCallee", "ByCallee", 3)], detail.Hangups);
        Assert.Equal(96, detail.Summary.Plan.Count);
    }

    [Fact]
    public async Task Find_NobodyHeardOfIt_IsNull() => Assert.Null(await Details.FindAsync("nothing", new CallFilter(), CancellationToken.None));

    [Fact]
    public async Task Labels_SameLetterOfTwoRobots_FoldOnlyWhenTheyMeanTheSame()
    {
        build.Meaning("A", Meaning.Promise, "Pays").Meaning("B", Meaning.Refusal, "Refuses", CallBuilder.Robot).Meaning("B", Meaning.CallBack, "Calls back", "robot2");
        var task = build.Task();
        var at = build.At("2026-03-14 10:00");
        build
            .Call(task, at)
            .Call(task, at, call => call with { RobotHash = "robot2" })
            .Call(task, at, call => call with { Label = "B" })
            .Call(task, at, call => call with { Label = "B", RobotHash = "robot2" })
            .Call(task, at, call => call with { Label = null })
            .Save();

        var row = Assert.Single(await Tasks.ReadAsync(new CallFilter()));

        Assert.Equal(["A Pays 2 ", "B Calls back 1 robot2", $"B Refuses 1 {CallBuilder.Robot}"], row.Labels.Take(3).Select(label => $"{label.Look.Label} {label.Look.Words} {label.Count} {label.Robot}").Order(StringComparer.Ordinal));
        Assert.Equal(CallFilter.NoLabel, row.Labels[^1].Narrow(new CallFilter()).Label);
    }

    [Fact]
    public async Task Columns_AreTheFiguresOfTheTaskAlone()
    {
        build.Meaning("A", Meaning.RightParty | Meaning.Promise).Meaning("B", Meaning.Refusal);
        var (task, other, at) = (build.Task(listSize: 5), build.Task("other"), build.At("2026-03-14 10:00"));
        build
            .Call(task, at, call => call with { Callee = "+1", TransferAsked = true, TransferTaken = true })
            .Call(task, at.AddHours(1), call => call with { Callee = "+1", Duration = 5 })
            .Call(task, at, call => call with { Callee = "+2", Label = "B", TransferAsked = true, Redials = [at.AddMinutes(-20)] })
            .Call(task, at, call => call with { Callee = "+3", Label = "Z", Duration = null })
            .Call(task, at, call => call.Unanswered() with { Callee = "+4", Redials = [at.AddMinutes(-20), at.AddMinutes(-10)] })
            .Call(other, at)
            .Save();
        var filter = new CallFilter { Task = "task1" };
        var summary = await new SummaryQuery(store.Contexts, labels).ReadAsync(filter);

        var row = Assert.Single(await Tasks.ReadAsync(filter));

        Assert.All(TaskColumn.All.Where(column => column.Figure is not null), column =>
        {
            var (one, same) = (row.Figure(column.Figure!), summary[column.Figure!]);
            Assert.Equal((column.Key, same.Value, same.Numerator, same.Denominator), (column.Key, one.Value, one.Numerator, one.Denominator));
        });
        Assert.Equal(
            ["coverage 0.8", "numbers 4", "attempts 8", "connected 4", "reach 0.6", "answerRate 0.5", "rightParty 0.5", "promises 1", "transfers 2", "talk 28.333", "attemptsPerNumber 2"],
            TaskColumn.All.Where(column => column.Figure is not null || column.Key == "promises").Select(column => string.Create(CultureInfo.InvariantCulture, $"{column.Key} {column.By(row):0.###}")));
        Assert.All(TaskColumn.All.Where(column => column.Figure is not null), column => Assert.Equal(Figures.Definition(column.Figure!).Formula, column.Explained));
    }

    [Fact]
    public async Task Coverage_OfAListLongerThanWasTold_IsAllOfIt()
    {
        var (task, at) = (build.Task(listSize: 1), build.At("2026-03-14 10:00"));
        build.Call(task, at).Call(task, at).Save();

        var row = Assert.Single(await Tasks.ReadAsync(new CallFilter()));

        Assert.Equal((1.0, 1L, 1L), (row.Coverage.Value, row.Coverage.Numerator, row.Coverage.Denominator));
    }

    [Fact]
    public async Task Columns_Sort_PutUnknownLastEitherWay()
    {
        var at = build.At("2026-03-14 10:00");
        foreach (var (id, size) in new (string, int?)[] { ("small", 5), ("unknown", null), ("big", 50) })
        {
            build.Call(build.Task(id, listSize: size), at);
        }

        build.Save();
        var rows = await Tasks.ReadAsync(new CallFilter());
        var (column, descending) = TaskColumn.Parse("-listSize");

        Assert.Equal(["big", "small", "unknown"], column.Sort(rows, descending).Select(row => row.Task.VendorTaskId));
        Assert.Equal(["small", "big", "unknown"], column.Sort(rows, false).Select(row => row.Task.VendorTaskId));
        Assert.Equal(("lastHeard", true), (TaskColumn.Parse("nonsense").Column.Key, TaskColumn.Parse("nonsense").Descending));
    }

    public void Dispose()
    {
        labels.Dispose();
        store.Dispose();
    }
}
