using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Metrics.Rollups;

/// <summary>What is read beside the rollups is found by an index, however many calls there are.</summary>
public sealed class RollupPlanTests
{
    [Fact]
    public async Task Dials_OfAQuarter_AreFoundByTheirStart()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();

        Assert.Equal("SEARCH a USING INDEX IX_Attempts_StartedAt (StartedAt>? AND StartedAt<?)", await RollupsUntil.Started(db, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue).PlanAsync(db));
    }

    [Fact]
    public async Task CallsOfDials_AreFoundByTheirId()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();

        Assert.Contains("SEARCH c USING INTEGER PRIMARY KEY (rowid=?)", await RollupsUntil.Owners(db, [1, 2]).PlanAsync(db), StringComparison.Ordinal);
    }
}
