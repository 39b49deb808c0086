using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Live;

/// <summary>
/// Reads the sequence of landings and tells this node's subscribers, whichever node stored them. The worker's hint only makes it
/// look sooner. Numbers become visible in their own order (see <see cref="Counter"/>), so reading on from the last one misses nothing.
/// </summary>
public sealed partial class LandingFeed(IDbContextFactory<DashboardDb> contexts, LiveFeed feed, ConnectionDirectory directory, IConfiguration configuration, ILogger<LandingFeed> log) : BackgroundService
{
    /// <summary>Call ids named in one message; a page that needs more reads them from the store.</summary>
    private const int MostCallIds = 100;

    private readonly TimeSpan poll = configuration.GetValue("Live:PollInterval", TimeSpan.FromSeconds(0.5));
    private readonly SemaphoreSlim signal = new(0, 1);

    /// <summary>A hint: something landed on this node.</summary>
    public void Look()
    {
        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is looking already.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? last = null;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    last ??= await NewestAsync(stoppingToken);
                    last = await TellAsync(last.Value, stoppingToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(log, error);
                }

                await signal.WaitAsync(poll, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; pages read the store when they are back.
        }
    }

    public override void Dispose()
    {
        signal.Dispose();
        base.Dispose();
    }

    private async Task<long> NewestAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Landings.MaxAsync(landing => (long?)landing.Sequence, cancel) ?? 0;
    }

    private async Task<long> TellAsync(long last, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        foreach (var landings in (await After(db, last).ToListAsync(cancel)).Chunk(100))
        {
            // One question for many landings: under load they come by the dozen.
            var calls = (feed.Subscribers == 0 ? [] : await CallsOf(db, [.. landings.Select(landing => landing.DeliveryId)]).ToListAsync(cancel)).ToLookup(call => call.DeliveryId, call => call.CallId);
            foreach (var landing in landings)
            {
                feed.Publish(new Landed(
                    landing.Sequence, landing.DeliveryId, landing.ConnectionId, directory.ById[landing.ConnectionId].Name,
                    [landing.VendorTaskId], [.. calls[landing.DeliveryId].Distinct()], landing.Calls));
                last = landing.Sequence;
            }
        }

        return last;
    }

    /// <summary>Landings from beyond a number on, in commit order.</summary>
    public static IQueryable<Found> After(DashboardDb db, long last) => (
        from landing in db.Landings.AsNoTracking()
        join task in db.CallTasks on landing.CallTaskId equals task.Id
        where landing.Sequence > last
        orderby landing.Sequence
        select new Found(landing.Sequence, landing.DeliveryId, landing.ConnectionId, landing.Calls, task.VendorTaskId)).Take(1000);

    /// <summary>Our ids of the first calls that each delivery made or changed.</summary>
    public static IQueryable<LandedCall> CallsOf(DashboardDb db, List<long> deliveries) =>
        db.CallVersions
            .Where(version => deliveries.Contains(version.DeliveryId) && version.Ordinal < MostCallIds)
            .OrderBy(version => version.DeliveryId).ThenBy(version => version.Ordinal)
            .Select(version => new LandedCall(version.DeliveryId, version.CallId));

    public sealed record LandedCall(long DeliveryId, long CallId);

    /// <summary>A landing with the task it belongs to.</summary>
    public sealed record Found(long Sequence, long DeliveryId, int ConnectionId, int Calls, string VendorTaskId);

    [LoggerMessage(3101, LogLevel.Error, "Landings cannot be read now")]
    private static partial void LogFailed(ILogger log, Exception error);
}
