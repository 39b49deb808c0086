using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>A store with people, a published scorecard and the services of the reviews, without a server around it.</summary>
internal sealed class ReviewRoad : IDisposable
{
    public const string Ana = "id-ana";
    public const string Ben = "id-ben";

    private readonly TestStore store;
    private readonly CallBuilder builder;
    private readonly CallTask task;

    public ReviewRoad(StorageProvider provider = StorageProvider.Sqlite)
    {
        store = new TestStore(provider, (services, _) =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<LiveFeed>();
            services.AddIntentions();
            services.AddReviews(NodeRole.Receive);
        });
        using (var db = store.Contexts.CreateDbContext())
        {
            db.AddRange(Person(Ana, "ana@example.com", Role.Qa), Person(Ben, "ben@example.com", Role.Qa), Person("id-eve", "eve@example.com", Role.Supervisor), Person("id-eve2", "eve@other.example", Role.Supervisor));
            db.SaveChanges();
        }

        builder = new CallBuilder(store);
        task = builder.Task();
    }

    public TestClock Clock { get; } = new();

    public TestStore Store => store;

    public T Get<T>()
        where T : notnull => store.Services.GetRequiredService<T>();

    public DashboardDb Db() => store.Contexts.CreateDbContext();

    /// <summary>Calls a minute apart; the function says what is special about each.</summary>
    public IReadOnlyList<long> Calls(int count, Func<CallBuilder.Entry, int, CallBuilder.Entry>? change = null)
    {
        for (var i = 0; i < count; i++)
        {
            var at = i;
            builder.Call(task, Clock.Now.AddDays(-1).AddMinutes(i), entry => change is null ? entry : change(entry, at));
        }

        return builder.Save();
    }

    public async Task<ScorecardVersion> ScorecardAsync()
    {
        var id = await ReviewExamples.AddAsync(Get<Scorecards>(), Ana, default);
        await using var db = Db();
        return await db.ScorecardVersions.SingleAsync(version => version.ScorecardId == id);
    }

    public async Task<IReadOnlyList<ScorecardItem>> ItemsAsync(int version)
    {
        await using var db = Db();
        return await db.ScorecardItems.Where(item => item.VersionId == version).OrderBy(item => item.Ordinal).ToListAsync();
    }

    /// <summary>Claims the call's place for a person when there is one, and hands in a form with these points in order; -1 does not apply.</summary>
    public async Task<string?> ReviewAsync(long call, string person, params int[] points)
    {
        await using var db = Db();
        var version = await db.ScorecardVersions.Where(row => row.PublishedAt != null).OrderByDescending(row => row.Id).FirstAsync();
        var items = await ItemsAsync(version.Id);
        long? place = null;
        foreach (var item in await db.ReviewItems.AsNoTracking().Where(item => item.CallId == call).OrderBy(item => item.Slot).ToListAsync())
        {
            if (place is null && await Get<ReviewClaims>().ClaimAsync(item.Id, person, default))
            {
                place = item.Id;
            }
        }

        var draft = ReviewDraft.Empty with { LabelVerdict = LabelVerdict.Agrees };
        for (var i = 0; i < items.Count; i++)
        {
            var given = i < points.Length ? points[i] : items[i].MaxPoints;
            draft = draft.With(items[i].Id, given < 0 ? null : given);
        }

        return await Get<ReviewDesk>().SubmitAsync(call, version.Id, person, draft, place, default);
    }

    public async Task<ReviewItem> ItemOfAsync(long call, int slot = 1)
    {
        await using var db = Db();
        return await db.ReviewItems.AsNoTracking().SingleAsync(item => item.CallId == call && item.Slot == slot);
    }

    public Task<QueueOutcome> QueueAsync(IReadOnlyCollection<long> calls, int twice = 0) =>
        Get<ReviewQueue>().AddAsync(calls, new QueueWish { Source = ReviewSource.HandPicked, By = Ana, DoublePercent = twice }, default);

    public void Dispose() => store.Dispose();

    private static Account Person(string id, string email, Role role) => new()
    {
        Id = id, UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(), Role = role, SecurityStamp = "x",
    };
}
