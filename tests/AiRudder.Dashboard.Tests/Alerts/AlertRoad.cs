using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Lines;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Tests.Alerts;

/// <summary>A store with all that works on alerts, driven by hand: nothing runs by itself.</summary>
internal sealed class AlertRoad : IDisposable
{
    public AlertRoad(StorageProvider provider = StorageProvider.Sqlite, OutwardOptions? outward = null)
    {
        Road = new CallRoad(provider, services: services =>
        {
            services.AddSingleton<LiveFeed>();
            services.AddSingleton<LabelTable>();
            services.AddSingleton<SummaryQuery>();
            services.AddSingleton<LineQuery>();
            services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
            services.AddAlerts(NodeRole.Receive);
            if (outward is not null)
                services.AddSingleton(Options.Create(outward));
        });
        Build = new(Road.Contexts, Road.Connection);
        Get<ConnectionDirectory>().ReloadAsync(default).GetAwaiter().GetResult();
        using var db = Road.Db();
        db.Set<AlertRule>().ExecuteUpdate(row => row.SetProperty(it => it.Enabled, false));
    }

    public CallRoad Road { get; }

    public CallBuilder Build { get; }

    public T Get<T>()
        where T : notnull => Road.Services.GetRequiredService<T>();

    /// <summary>Local time of the connection.</summary>
    public void SetClock(string local) => Road.Clock.Now = Build.At(local);

    public AlertRule Add(AlertRule rule)
    {
        using var db = Road.Db();
        db.Add(rule);
        db.SaveChanges();
        return rule;
    }

    public async Task EvaluateAsync(string? local = null)
    {
        if (local is not null)
            SetClock(local);

        Assert.True(await Get<AlertClaim>().TakeAsync(default));
        await Get<AlertEvaluation>().RunAsync(default);
    }

    public async Task FollowAsync()
    {
        Assert.True(await Get<AlertClaim>().TakeAsync(default));
        while (await Get<CallFollower>().FollowAsync(default))
        {
            // Until there is no more.
        }
    }

    /// <summary>All alerts in order.</summary>
    public async Task<IReadOnlyList<Alert>> AlertsAsync()
    {
        await using var db = Road.Db();
        return await db.Set<Alert>().AsNoTracking().OrderBy(row => row.Id).ToListAsync();
    }

    public async Task<IReadOnlyList<AlertSending>> SendingsAsync()
    {
        await using var db = Road.Db();
        return await db.Set<AlertSending>().AsNoTracking().OrderBy(row => row.Id).ToListAsync();
    }

    public static AlertRule AnswerRate() => new() { Name = "Answer rate", Kind = AlertKind.Figure, Figure = Figures.AnswerRate, Threshold = 0.5, LeastN = 4, Provisional = true, PauseMinutes = 0, ChangedBy = "test" };

    public void Dispose() => Road.Dispose();
}
