using System.Text.RegularExpressions;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Tests.Calls;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

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

    [Fact]
    public async Task DialsOfCalls_AreFoundByTheirCall()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();

        Assert.Contains("SEARCH a USING INDEX sqlite_autoindex_Attempts_1 (CallId=?)", await RollupsUntil.DialsOf(db, [1, 2]).PlanAsync(db), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KnownNumbers_OfTasks_AreLookedUpByTheirKey()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();
        var scope = new RollupScope { Connections = [1], Days = new LocalDays("Asia/Jakarta") };

        Assert.Contains("SEARCH r USING PRIMARY KEY (CallTaskId=? AND Number=? AND Quarter>? AND Quarter<?)", await RollupsUntil.Known(db, scope, [1, 2], [1, 2]).PlanAsync(db), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallsOfABegunQuarter_AreReadFromItsStart()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();
        var scope = new RollupScope { Connections = [1], Days = new LocalDays("Asia/Jakarta"), From = new(2026, 3, 14), To = new(2026, 3, 14) };

        var sql = RollupsUntil.Begun(db, new CallFilter { From = scope.From, To = scope.To }, scope, CallSeed.Start, CallSeed.Start.AddMinutes(7)).ToQueryString();

        Assert.Single(Regex.Matches(sql, """OccurredAt" >= """));
        Assert.Single(Regex.Matches(sql, """OccurredAt" < """));
    }
}
