using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>Every query about reviews as SQL Server would get it.</summary>
[Trait("Requirement", "T4")]
public sealed class ReviewTranslationTests
{
    private static readonly TestClock Clock = new();

    private static readonly Dictionary<string, Func<IDbContextFactory<DashboardDb>, Task>> Queries = new()
    {
        ["claims"] = async contexts =>
        {
            var claims = new ReviewClaims(contexts, Queue(contexts), Clock);
            await claims.CountAsync("me", default);
            await claims.PeekAsync("me", 7, default);
            await claims.NextSoundAsync("me", 7, default);
            await claims.ClaimAsync(1, "me", default);
            await claims.RenewAsync(1, "me", default);
            await claims.ReleaseAsync(1, "me", default);
            await claims.SkipAsync(1, "me", "reason", default);
        },
        ["queue: add"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await Queue(contexts).AddAsync(db, [1, 2], new QueueWish { DoublePercent = 50 }, default);
        },
        ["queue: assign"] = contexts => Queue(contexts).AssignAsync(1, "me", Clock.Now, default),
        ["queue: list"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            foreach (var view in Enum.GetValues<QueueView>())
                await QueueQueries.Of(db, view, "me", Clock.Now).Take(5).ToListAsync();
        },
        ["queue: lines"] = contexts => new QueueQueries(contexts, new LabelTable(contexts, Clock), Clock).OfCallAsync(1, default),
        ["queue: counts"] = contexts => new QueueQueries(contexts, new LabelTable(contexts, Clock), Clock).CountAsync(default),
        ["queue: reviewers"] = contexts => new QueueQueries(contexts, new LabelTable(contexts, Clock), Clock).ReviewersAsync(default),
        ["desk: open"] = contexts => Desk(contexts).OpenAsync(1, "me", default),
        ["desk: draft"] = contexts => Desk(contexts).SaveDraftAsync(1, 1, "me", ReviewDraft.Empty, default),
        ["desk: history"] = contexts => Desk(contexts).HistoryAsync(1, default),
        ["scorecards"] = async contexts =>
        {
            var cards = new Scorecards(contexts, Gate(), Clock);
            await cards.ListAsync(default);
            await cards.PublishAsync(1, "me", default);
            await cards.RetireAsync(1, true, default);
        },
        ["scorecards: which"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await Scorecards.ForCallAsync(db, 1, default);
        },
        ["reviews: list"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            var all = new ReviewFilter { Calls = new CallFilter { Label = "A", Connection = "one", From = new(2026, 3, 14) }, Call = 1, Reviewer = "a@b", Scorecard = 1, Sample = 1, Source = ReviewSource.Rule, Defect = true, ReviewLabel = "A" };
            Connection[] connections = [new() { Id = 1, Name = "one", TimeZone = "Asia/Jakarta" }];
            await all.Apply(db, connections, new Dictionary<string, string> { ["x"] = "a@b" }, "me").OrderByDescending(review => review.Id).Take(5).ToListAsync();
            await new ReviewFilter { ReviewLabel = CallFilter.NoLabel }.Apply(db, connections, new Dictionary<string, string>(), null).CountAsync();
        },
        ["reviews: labels"] = contexts => new ReviewQueries(contexts, new LabelTable(contexts, Clock)).LabelsAsync(1, default),
        ["figures: seen"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await ReviewFigures.Seen(db, 1).ToListAsync();
        },
        ["figures: judged"] = contexts => new ReviewFigures(contexts).ConfusionAsync(new CallFilter { Label = "A" }, true, default),
        ["figures: agreement"] = contexts => new ReviewFigures(contexts).AgreementAsync(default),
        ["samples: candidates"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await Samples.Candidates(db, new CallFilter { Label = "A" }, [], 7).ToListAsync();
        },
        ["samples: redraw"] = contexts => new Samples(contexts, Queue(contexts), Gate(), Clock).RedrawAsync(1, default),
        ["rules: matching"] = async contexts =>
        {
            await using var db = await contexts.CreateDbContextAsync();
            await QueueRules.After(db, 7).ToListAsync();
            foreach (var (kind, value) in new[] { (QueueRuleKind.TransferFailed, null), (QueueRuleKind.CalleeHungUpEarly, "2"), (QueueRuleKind.Contradiction, null), (QueueRuleKind.LabelIs, "A"), (QueueRuleKind.WordSaid, "50 %") })
                await QueueRules.Matching(db, new QueueRule { Name = "", Kind = kind, Value = value, CreatedBy = "" }, [1, 2]).ToListAsync();
        },
        ["rules: list"] = contexts => new QueueRules(contexts, Queue(contexts), null!, Gate(), Clock).ListAsync(default),
        ["rules: switch"] = contexts => new QueueRules(contexts, Queue(contexts), null!, Gate(), Clock).EnableAsync(1, true, default),
        ["notes"] = async contexts =>
        {
            var notes = new Notes(contexts, Queue(contexts), Gate(), Clock);
            await notes.OfCallAsync(1, default);
            await notes.MentioningAsync("me", default);
            await notes.DeleteAsync(1, "me", default);
            await notes.ResolveAsync(1, true, "me", default);
        },
    };

    public static TheoryData<string> Names => [.. Queries.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Query_AsSqlServerGetsIt_Parses(string name) => SqlServerRecorder.AssertParsesAsync(Queries[name]);

    private static WriteGate Gate() => new(Options.Create(new StorageOptions { Provider = StorageProvider.SqlServer }));

    private static ReviewQueue Queue(IDbContextFactory<DashboardDb> contexts) => new(contexts, Gate(), Clock);

    private static ReviewDesk Desk(IDbContextFactory<DashboardDb> contexts) => new(contexts, Queue(contexts), Gate(), Clock);
}
