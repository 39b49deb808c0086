using System.Net;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Tests.Operations;

public sealed class HealthTests
{
    [Fact]
    public async Task T3_Health_WhenNothingCanBeStored_IsAliveButNotReady()
    {
        using var site = new TestSite();
        using var client = site.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        HttpStatusCode ready;
        HttpStatusCode live;
        using (var other = new SqliteConnection($"Data Source={Path.Combine(site.Folder, "dashboard.inbox.db")};Pooling=False"))
        {
            other.Open();
            await using var pen = other.BeginTransaction(deferred: false);

            // What was proved a moment ago may still be told.
            do
            {
                ready = (await client.GetAsync("/health/ready")).StatusCode;
            }
            while (ready == HttpStatusCode.OK);

            live = (await client.GetAsync("/health/live")).StatusCode;
        }

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (ready, live));
        while ((await client.GetAsync("/health/ready")).StatusCode != HttpStatusCode.OK)
        {
            await Task.Delay(100);
        }
    }
}
