using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Metrics;

public sealed class ArrivalDaysTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 7, 30, 0, TimeSpan.Zero);

    [Theory]
    [OnSqlite, OnSqlServer]
    public async Task CountAsync_AnyPeriodAgainAndAgain_IsWhatTheRowsSay(StorageProvider provider)
    {
        using var store = new TestStore(provider);
        await using var db = await store.Contexts.CreateDbContextAsync();
        var other = new Connection { Name = "Other", TimeZone = "America/Mexico_City", Country = "MX" };
        db.Add(other);
        await db.SaveChangesAsync();
        int[] both = [store.Connection.Id, other.Id];
        var days = new ArrivalDays();
        var random = new Random(7);
        var times = new List<(int Connection, DateTimeOffset At)>();
        for (var round = 0; round < 4; round++)
        {
            // Later ones go on where the earlier ones end, as arrivals do.
            for (var i = 0; i < 60; i++)
            {
                var at = Start.AddDays(20 * round).AddMinutes(random.Next(20 * 1440));
                times.Add((both[random.Next(2)], at));
                db.Add(new Delivery { ConnectionId = times[^1].Connection, UrlKind = "", Sha256 = BitConverter.GetBytes((long)times.Count).Concat(new byte[24]).ToArray(), ReceivedAt = at, Source = "", Headers = "{}" });
            }

            await db.SaveChangesAsync();
            for (var i = 0; i < 30; i++)
            {
                DateTimeOffset? from = random.Next(5) == 0 ? null : Start.AddMinutes(random.Next(90 * 1440));
                DateTimeOffset? until = random.Next(5) == 0 ? null : (from ?? Start).AddMinutes(random.Next(90 * 1440));
                List<int> connections = random.Next(3) == 0 ? [both[random.Next(2)]] : [.. both];

                var counted = await days.CountAsync(db, connections, from, until, default);

                Assert.Equal(times.Count(it => connections.Contains(it.Connection) && !(it.At < from) && !(it.At >= until)), counted);
            }
        }
    }

    [Fact]
    public async Task CountAsync_NoDelivery_IsNone()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();

        Assert.Equal(0, await new ArrivalDays().CountAsync(db, [store.Connection.Id], null, null, default));
    }

    [Fact]
    public async Task DeliveriesOfATask_AreFoundByAnIndex()
    {
        using var store = new TestStore();
        await using var db = await store.Contexts.CreateDbContextAsync();

        var plan = await ArrivalDays.Between(SummaryQuery.Arrivals(db, [1], [5]), Start, null).PlanAsync(db);

        Assert.Contains("LandedAt", plan, StringComparison.Ordinal);
        Assert.Contains("CallTaskId=?", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN", plan.Replace("SCAN t VIRTUAL", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
