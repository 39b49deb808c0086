using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Works through pending deliveries in two lanes, so that small ones are not held up behind a big one. Woken by the inbox; a
/// wake-up may be lost, so it also looks by itself.
/// </summary>
public sealed partial class InboxWorker(
    Inbox inbox, IInboxStore store, DeliveryProcessor processor, BigDelivery bigDeliveries, IDbContextFactory<DashboardDb> contexts, ConnectionDirectory directory, LandingFeed landings, TimeProvider time, ILogger<InboxWorker> log) : BackgroundService
{
    /// <summary>Deliveries understood together share a commit; a failure is then looked for one by one.</summary>
    private const int GroupSize = 64;

    /// <summary>After this many failures a delivery is quarantined with its reason.</summary>
    private const int MostAttempts = 8;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From the beginning of one pass to that of the next while deliveries trickle in: a pass costs much the same for one as for a few. The first
    /// after a silence is not held up, nor is a backlog.
    /// </summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(LaneAsync(big: false, stoppingToken), LaneAsync(big: true, stoppingToken));

    private async Task LaneAsync(bool big, CancellationToken stopping)
    {
        using var signal = new SemaphoreSlim(0, 1);
        void Wake()
        {
            try
            {
                signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // It is awake already.
            }
        }

        inbox.Stored += Wake;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var began = time.GetTimestamp();
                var taken = await WorkAsync(big, stopping);
                if (taken == 0)
                {
                    await signal.WaitAsync(Poll, stopping);
                    if (big)
                    {
                        // Woken by small ones too, and what it looks for takes seconds anyway.
                        await Task.Delay(4 * Breath, time, stopping);
                    }
                }
                else if (taken < GroupSize && Breath - time.GetElapsedTime(began) is { Ticks: > 0 } rest)
                {
                    await Task.Delay(rest, time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is pending stays pending.
        }
        finally
        {
            inbox.Stored -= Wake;
        }
    }

    /// <returns>How many deliveries were due; 1 when nobody can tell, so that it looks again.</returns>
    private async Task<int> WorkAsync(bool big, CancellationToken cancel)
    {
        try
        {
            await store.BringInAsync(cancel);
            var pending = await PendingAsync(big, cancel);
            if (pending.Count == 0)
            {
                return 0;
            }

            // What is read is held until it is stored: many bodies, or a few that are not so small.
            var group = new List<(Delivery, ReadDelivery?, UnreadableBodyException?)>(pending.Count);
            long bytes = 0;
            foreach (var (delivery, body) in pending.TakeWhile(one => bytes == 0 || bytes + one.Delivery.Bytes <= BodyReader.SmallBody))
            {
                bytes += delivery.Bytes;
                await TryAsync(
                    delivery,
                    async () =>
                    {
                        var (read, error) = await processor.ReadAsync(delivery, body, cancel);
                        group.Add((delivery, read, error));
                    },
                    cancel);
            }

            await StoreAsync(group, cancel);
            return pending.Count;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The store is away: nothing can be read or written, so there is nothing to blame a delivery for.
            LogLaneFailed(log, big, error);
            await Task.Delay(Poll, time, cancel);
            return 1;
        }
    }

    private async Task StoreAsync(List<(Delivery Delivery, ReadDelivery?, UnreadableBodyException?)> group, CancellationToken cancel)
    {
        if (group.Count == 0)
        {
            return;
        }

        var connections = directory.ById;
        try
        {
            await LandAsync(group);
        }
        catch (Exception error) when (IsOfADelivery(error) && group.Count > 1)
        {
            LogGroupFailed(log, group.Count, error);
            foreach (var one in group)
            {
                await TryAsync(one.Delivery, () => LandAsync([one]), cancel);
            }
        }
        catch (Exception error) when (IsOfADelivery(error))
        {
            await FailAsync(group[0].Delivery, error, cancel);
        }

        async Task LandAsync(List<(Delivery, ReadDelivery?, UnreadableBodyException?)> part)
        {
            if (await processor.StoreAsync(part, connections, cancel))
            {
                landings.Look();
            }
        }
    }

    private async Task TryAsync(Delivery delivery, Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (IsOfADelivery(error))
        {
            await FailAsync(delivery, error, cancel);
        }
    }

    /// <summary>Trouble of the store is no delivery's failure: the lane waits until it is over, and blames none.</summary>
    private static bool IsOfADelivery(Exception error) => error is not OperationCanceledException && !StoreTrouble.Is(error);

    /// <summary>The delivery waits longer after each failure and is quarantined in the end.</summary>
    private async Task FailAsync(Delivery delivery, Exception error, CancellationToken cancel)
    {
        LogDeliveryFailed(log, delivery.Id, delivery.FailedAttempts + 1, error);
        var failures = delivery.FailedAttempts + 1;
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, failures), LongestPause.TotalSeconds));
        var given = failures >= MostAttempts;

        if (given && directory.ById.TryGetValue(delivery.ConnectionId, out var connection))
        {
            await bigDeliveries.ForgetAsync(delivery.Id, connection, cancel);
        }

        // The kind of trouble only: an exception's text may quote the data.
        var reason = KeptSentences.Write(given ? DeliveryReasons.GivenUp : DeliveryReasons.TriedAgain, failures, error.GetType().Name);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Deliveries.Where(row => row.Id == delivery.Id && row.Outcome == DeliveryOutcome.Pending).ExecuteUpdateAsync(
            row => row
                .SetProperty(it => it.FailedAttempts, failures)
                .SetProperty(it => it.Outcome, given ? DeliveryOutcome.Quarantined : DeliveryOutcome.Pending)
                .SetProperty(it => it.NextAttemptAt, time.GetUtcNow() + pause)
                .SetProperty(it => it.RunBeatAt, (DateTimeOffset?)null)
                .SetProperty(it => it.Reason, reason),
            cancel);
    }

    private async Task<List<Due>> PendingAsync(bool big, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Pending(db, time.GetUtcNow(), big, bigDeliveries.Begun).ToListAsync(cancel);
    }

    /// <summary>The next deliveries of a lane, oldest first, without those that another process is storing.</summary>
    public static IQueryable<Due> Pending(DashboardDb db, DateTimeOffset now, bool big, IReadOnlyCollection<long> mine)
    {
        // A clock that jumped back must not leave a delivery waiting for a moment far away.
        var farAway = now + LongestPause + LongestPause;
        var silent = now - BigDelivery.LongestSilence;
        var ahead = now + BigDelivery.LongestSilence;
        var due = db.Deliveries.AsNoTracking()
            .Where(row => row.Outcome == DeliveryOutcome.Pending && (row.NextAttemptAt == null || row.NextAttemptAt <= now || row.NextAttemptAt > farAway))
            .Where(row => row.RunBeatAt == null || row.RunBeatAt < silent || row.RunBeatAt > ahead || mine.Contains(row.Id))
            .Where(row => big ? row.Bytes > BodyReader.SmallBody : row.Bytes <= BodyReader.SmallBody)
            .OrderBy(row => row.Id)
            .Take(big ? 1 : GroupSize);
        return
            from delivery in due
            join body in db.DeliveryBodies.AsNoTracking() on delivery.Id equals body.DeliveryId into bodies
            from body in bodies.DefaultIfEmpty()
            orderby delivery.Id
            select new Due(delivery, body);
    }

    /// <summary>A delivery to be processed; its body is null when it is no longer kept.</summary>
    public sealed record Due(Delivery Delivery, DeliveryBody? Body);

    [LoggerMessage(1101, LogLevel.Error, "Delivery {DeliveryId} could not be processed (attempt {Attempt})")]
    private static partial void LogDeliveryFailed(ILogger log, long deliveryId, int attempt, Exception error);

    [LoggerMessage(1102, LogLevel.Warning, "{Count} deliveries could not be stored together and are tried one by one")]
    private static partial void LogGroupFailed(ILogger log, int count, Exception error);

    [LoggerMessage(1103, LogLevel.Error, "The inbox cannot be worked on now (big deliveries: {Big})")]
    private static partial void LogLaneFailed(ILogger log, bool big, Exception error);
}
