using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>Scorecards, drafts, handing in and changing.</summary>
[Trait("Requirement", "T4")]
public sealed class DeskTests
{
    [Theory, OnSqlite, OnSqlServer]
    public async Task Scorecard_Edited_LeavesThePublishedVersionAsItIs(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var cards = road.Get<Scorecards>();
        var first = await road.ScorecardAsync();
        var before = (await road.ItemsAsync(first.Id)).Select(item => (item.Id, item.Text, item.Weight)).ToList();

        Assert.Null((await cards.SaveDraftAsync(first.ScorecardId, new Scorecard { Name = "Other" }, null, [new ScorecardItem { Text = "only", Weight = 5 }], default)).Problem);
        Assert.Null((await cards.SaveDraftAsync(first.ScorecardId, new Scorecard { Name = "Other" }, 50, [new ScorecardItem { Text = "only", Weight = 6 }], default)).Problem);

        Assert.Equal(before, (await road.ItemsAsync(first.Id)).Select(item => (item.Id, item.Text, item.Weight)));
        var line = Assert.Single(await cards.ListAsync(default));
        Assert.Equal((1, 2, "only", 6), (line.Published!.Number, line.Draft!.Number, line.Items.Single().Text, line.Items.Single().Weight));
        Assert.True(await cards.PublishAsync(first.ScorecardId, ReviewRoad.Ana, default));
        Assert.False(await cards.PublishAsync(first.ScorecardId, ReviewRoad.Ana, default));
        Assert.Equal(2, Assert.Single(await cards.ListAsync(default)).Published!.Number);
    }

    [Theory]
    [InlineData(0, 1, "the weight must be 1 to 100")]
    [InlineData(1, 10, "the most points must be 1 to 9")]
    public async Task Scorecard_ItemOutOfRange_IsRefusedInWords(int weight, int points, string sentence)
    {
        using var road = new ReviewRoad();

        var (_, problem) = await road.Get<Scorecards>().SaveDraftAsync(null, new Scorecard { Name = "n" }, null, [new ScorecardItem { Text = "t", Weight = weight, MaxPoints = points }], default);

        Assert.Contains(sentence, problem, StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Scorecard_ForTheRobot_GoesBeforeTheOneForAll(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var ids = road.Calls(2, (entry, i) => entry with { RobotHash = i == 0 ? "mine" : "other" });
        var all = await road.ScorecardAsync();
        var (own, _) = await road.Get<Scorecards>().SaveDraftAsync(null, new Scorecard { Name = "Own", RobotHash = "mine" }, null, [new ScorecardItem { Text = "t" }], default);
        Assert.Equal(all.Id, (await road.Get<ReviewDesk>().OpenAsync(ids[0], ReviewRoad.Ana, default))!.Version.Id);
        await road.Get<Scorecards>().PublishAsync(own!.Value, ReviewRoad.Ana, default);

        Assert.Equal("Own", (await road.Get<ReviewDesk>().OpenAsync(ids[0], ReviewRoad.Ana, default))!.Card.Name);
        Assert.Equal("Collections", (await road.Get<ReviewDesk>().OpenAsync(ids[1], ReviewRoad.Ana, default))!.Card.Name);
        await road.Get<Scorecards>().RetireAsync(own.Value, true, default);
        Assert.Equal("Collections", (await road.Get<ReviewDesk>().OpenAsync(ids[0], ReviewRoad.Ana, default))!.Card.Name);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Draft_Saved_IsThereWhenTheFormIsOpenedAgain(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var version = await road.ScorecardAsync();
        var item = (await road.ItemsAsync(version.Id))[3];
        var call = road.Calls(1)[0];
        var desk = road.Get<ReviewDesk>();
        var draft = new ReviewDraft { LabelVerdict = LabelVerdict.Differs, ReviewLabel = "C", Comment = "half-way" }.With(item.Id, null);

        await desk.SaveDraftAsync(call, version.Id, ReviewRoad.Ana, draft.With(item.Id, 2), default);
        await desk.SaveDraftAsync(call, version.Id, ReviewRoad.Ana, draft, default);

        var opened = (await desk.OpenAsync(call, ReviewRoad.Ana, default))!.Draft;
        Assert.Equal((LabelVerdict.Differs, "C", "half-way"), (opened.LabelVerdict, opened.ReviewLabel, opened.Comment));
        Assert.Equal([new KeyValuePair<int, int?>(item.Id, null)], opened.Points);
        Assert.Empty((await desk.OpenAsync(call, ReviewRoad.Ben, default))!.Draft.Points);
        Assert.Empty((await road.Get<ReviewQueries>().ListAsync(new(new(), null), default)).Items);
    }

    [Fact]
    public async Task Draft_LastChangeBeforeTheCircuitEnds_IsSaved()
    {
        var saved = new List<string?>();
        await using (var keeper = new DraftKeeper(draft => { saved.Add(draft.Comment); return Task.CompletedTask; }, _ => Task.CompletedTask, TimeProvider.System))
        {
            keeper.Changed(new ReviewDraft { Comment = "a" });
            keeper.Changed(new ReviewDraft { Comment = "ab" });
        }

        Assert.Equal(["ab"], saved);
    }

    [Fact]
    public async Task Draft_ThatCouldNotBeSaved_IsTriedAgainAtTheEnd()
    {
        var (tries, told) = (0, new List<Exception?>());
        await using (var keeper = new DraftKeeper(_ => ++tries == 1 ? throw new TimeoutException() : Task.CompletedTask, error => { told.Add(error); return Task.CompletedTask; }, TimeProvider.System))
        {
            keeper.Changed(new ReviewDraft());
            for (var i = 0; i < 400 && told.Count == 0; i++)
                await Task.Delay(25);
        }

        Assert.Equal((2, 2), (tries, told.Count));
        Assert.IsType<TimeoutException>(told[0]);
        Assert.Null(told[1]);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Submit_CountsScoreAndClosesThePlace_AndLeavesTheRobotsLabel(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        await road.QueueAsync([call]);

        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ana, 1, 0, -1, 3, 1));

        var line = Assert.Single((await road.Get<ReviewQueries>().ListAsync(new(new(), null), default)).Items);
        Assert.Equal((Math.Round(100.0 * (3 + 6 + 1) / (3 + 2 + 6 + 1), 2), false, "ana@example.com", "HandPicked", 1), (line.Score, line.Defect, line.Reviewer, line.Source, line.Slot));
        Assert.Equal([1, 0, null, 3, 1], line.Items.Select(item => item.Points));
        var item = await road.ItemOfAsync(call);
        Assert.Equal((ReviewItemState.Done, ReviewRoad.Ana), (item.State, item.ClosedBy));
        await using var db = road.Db();
        Assert.Equal("A", (await db.Calls.SingleAsync()).Label);
    }

    [Fact]
    public async Task Submit_ItemsMissing_IsRefused()
    {
        using var road = new ReviewRoad();
        var version = await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        var items = await road.ItemsAsync(version.Id);

        Assert.Equal("4 of 5 items have no answer yet.", await road.Get<ReviewDesk>().SubmitAsync(call, version.Id, ReviewRoad.Ana, ReviewDraft.Empty.With(items[0].Id, 1), null, default));
        Assert.Contains("cannot be answered like this", await road.Get<ReviewDesk>().SubmitAsync(call, version.Id, ReviewRoad.Ana, ReviewDraft.Empty.With(items[0].Id, null), null, default), StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Submit_Again_KeepsWhatItSaidBefore(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        await road.ScorecardAsync();
        var call = road.Calls(1)[0];
        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ana));
        Assert.Null(await road.ReviewAsync(call, ReviewRoad.Ana, 0));

        await using var db = road.Db();
        var review = await db.Reviews.SingleAsync();
        Assert.Equal((1, 0.0, true, true), (review.Edits, review.Score, review.FatalFailed, review.Defect));
        var (edit, before) = Assert.Single(await road.Get<ReviewDesk>().HistoryAsync(review.Id, default));
        Assert.Equal((100.0, 5), (edit.Score, before.Points.Count));
        Assert.All(before.Points.Values, points => Assert.True(points > 0));
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Confusion_LabelsJudged_CountPerRobotAndCallOnce(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var version = await road.ScorecardAsync();
        var ids = road.Calls(4, (entry, i) => entry with { Label = i < 2 ? "A" : "B", RobotHash = i == 3 ? "other" : "robot" });
        async Task Judge(long call, string who, LabelVerdict verdict, string? label)
        {
            var draft = new ReviewDraft { LabelVerdict = verdict, ReviewLabel = label };
            draft = (await road.ItemsAsync(version.Id)).Aggregate(draft, (all, item) => all.With(item.Id, item.MaxPoints));
            Assert.Null(await road.Get<ReviewDesk>().SubmitAsync(call, version.Id, who, draft, null, default));
        }

        await Judge(ids[0], ReviewRoad.Ana, LabelVerdict.Agrees, null);
        await Judge(ids[0], ReviewRoad.Ben, LabelVerdict.Differs, "C");
        await Judge(ids[1], ReviewRoad.Ana, LabelVerdict.Differs, "B");
        await Judge(ids[2], ReviewRoad.Ana, LabelVerdict.Differs, null);
        await Judge(ids[3], ReviewRoad.Ana, LabelVerdict.None, null);

        var matrix = Assert.Single(await road.Get<ReviewFigures>().ConfusionAsync(new CallFilter(), randomOnly: false, default));
        Assert.Equal(("robot", 3, 1), (matrix.Robot, matrix.Judged, matrix.Confirmed));
        Assert.Equal(1, matrix.Cells[new LabelCell("A", "A")]);
        Assert.Equal(1, matrix.Cells[new LabelCell("A", "B")]);
        Assert.Equal(1, matrix.Cells[new LabelCell("B", null)]);
        Assert.Empty(await road.Get<ReviewFigures>().ConfusionAsync(new CallFilter(), randomOnly: true, default));
    }
}
