using System.Collections.Concurrent;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Stores a delivery of many calls in many short transactions, so that nobody waits long for the pen: the sender's next delivery and the
/// small ones behind it take their turns in between. Its new calls stay hidden (<see cref="Call.StagedBy"/>) until the last transaction
/// shows them all at once. Whatever ends it half-way, the delivery is still pending, and beginning anew finds and replaces what is there.
/// </summary>
public sealed class BigDelivery(IDbContextFactory<DashboardDb> contexts, IBulkWrite bulk, BodyReader bodies, WriteGate gate, TimeProvider time)
{
    /// <summary>After this long without a sign of life another process may begin anew.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    /// <summary>Elements per transaction: some tens of milliseconds.</summary>
    private const int Chunk = 250;

    /// <summary>Bytes of elements held for a transaction.</summary>
    private const int ChunkBytes = 2 * 1024 * 1024;

    private readonly ConcurrentDictionary<long, int> begun = [];

    /// <summary>Deliveries whose newest run is this process's own and has not ended, because the store failed: it need not wait to begin anew.</summary>
    public IReadOnlyCollection<long> Begun => [.. begun.Keys];

    /// <returns>Whether it landed; false when another process has it.</returns>
    public async Task<bool> StoreAsync(Delivery delivery, ReadDelivery read, Connection connection, CancellationToken cancel)
    {
        var arrival = new Arrival(delivery, connection, read.Envelope, read.SharedNumbers);
        if (await BeginAsync(arrival, read, cancel) is not { } turns)
        {
            return false;
        }

        try
        {
            var grown = await AddAllAsync(turns, arrival, read, cancel);
            foreach (var calls in grown.Chunk(CallMerger.Chunk))
            {
                await turns.TakeAsync(db => MergeAsync(db, arrival, merger => merger.MergeAnewAsync(calls.ToDictionary(id => id, _ => new List<Arrival> { arrival }), cancel), cancel), cancel);
            }

            foreach (var calls in arrival.Before.Except(arrival.Touched.Keys).Chunk(CallMerger.Chunk))
            {
                await turns.TakeAsync(db => MergeAsync(db, arrival, merger => merger.ReleaseAsync(calls, arrival, cancel), cancel), cancel);
            }

            await turns.TakeAsync(db => LandAsync(db, arrival, read, cancel), cancel);
            begun.TryRemove(delivery.Id, out _);
            return true;
        }
        catch (RunLostException)
        {
            begun.TryRemove(delivery.Id, out _);
            return false;
        }
    }

    /// <summary>Takes back what a delivery that never landed and is given up has stored; what other deliveries say of the same calls stays.</summary>
    public async Task ForgetAsync(long deliveryId, Connection connection, CancellationToken cancel)
    {
        if (await FindAsync(deliveryId, cancel) is not { Run: > 0, ProcessedAt: null } delivery || await ClaimAsync(delivery, null, cancel) is not { } turns)
        {
            return;
        }

        var arrival = new Arrival(delivery, connection, new(), []);

        try
        {
            long[] calls;
            do
            {
                calls = [];
                await turns.TakeAsync(
                    async db =>
                    {
                        calls = await db.CallVersions.Where(version => version.DeliveryId == delivery.Id).Select(version => version.CallId).Distinct().Take(CallMerger.Chunk).ToArrayAsync(cancel);
                        await db.CallVersions.Where(version => version.DeliveryId == delivery.Id && calls.Contains(version.CallId)).ExecuteDeleteAsync(cancel);
                        await MergeAsync(db, arrival, merger => merger.ReleaseAsync(calls, arrival, cancel), cancel, staged: false);
                    },
                    cancel);
            }
            while (calls.Length > 0);
        }
        catch (RunLostException)
        {
            // Whoever has it now answers for it.
        }

        begun.TryRemove(deliveryId, out _);
    }

    private async Task<Delivery?> FindAsync(long id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Deliveries.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel);
    }

    /// <summary>The first transaction: takes the run, makes the task, and learns what an earlier run has left.</summary>
    private async Task<Turns?> BeginAsync(Arrival arrival, ReadDelivery read, CancellationToken cancel)
    {
        if (await ClaimAsync(arrival.Delivery, read, cancel) is not { } turns)
        {
            return null;
        }

        var id = arrival.Delivery.Id;
        await turns.TakeAsync(
            async db =>
            {
                await CallTasks.TaskIngest.ApplyAsync(db, [arrival], cancel);
                arrival.Before.UnionWith(await db.CallVersions.Where(version => version.DeliveryId == id).Select(version => version.CallId).ToListAsync(cancel));
            },
            cancel);
        return turns;
    }

    private async Task<Turns?> ClaimAsync(Delivery delivery, ReadDelivery? read, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();

        // The envelope at once: whoever merges a call meanwhile reads it beside our versions.
        var taken = await db.Deliveries
            .Where(row => row.Id == delivery.Id && row.Outcome == DeliveryOutcome.Pending && row.Run == delivery.Run)
            .ExecuteUpdateAsync(
                row => row
                    .SetProperty(it => it.Run, delivery.Run + 1)
                    .SetProperty(it => it.RunBeatAt, now)
                    .SetProperty(it => it.Envelope, it => read == null ? it.Envelope : read.EnvelopeJson),
                cancel);
        if (taken == 0)
        {
            return null;
        }

        begun[delivery.Id] = delivery.Run + 1;
        return new Turns(contexts, gate, time, delivery.Id, delivery.Run + 1);
    }

    /// <returns>The calls that were known and got a version more.</returns>
    private async Task<HashSet<long>> AddAllAsync(Turns turns, Arrival arrival, ReadDelivery read, CancellationToken cancel)
    {
        var grown = new HashSet<long>();
        var chunk = new List<(Arrival, CallDraft Draft)>(Chunk);
        var bytes = 0;
        var first = 0;
        await bodies.ScanAsync(
            arrival.Delivery,
            read.Body,
            async element =>
            {
                chunk.Add((arrival, CallDraft.Read(element)));
                bytes += element.Json.Length;
                if (chunk.Count == Chunk || bytes >= ChunkBytes)
                {
                    await AddAsync(chunk[^1].Draft.Ordinal + 1);
                }
            },
            cancel);
        await AddAsync(int.MaxValue);
        return grown;

        async Task AddAsync(int end)
        {
            var id = arrival.Delivery.Id;
            await turns.TakeAsync(
                async db =>
                {
                    // What an earlier run, or an earlier reading of this version of the product, made of the same elements.
                    await db.CallVersions.Where(row => row.DeliveryId == id && row.Ordinal >= first && row.Ordinal < end).ExecuteDeleteAsync(cancel);
                    await db.QuarantinedElements.Where(row => row.DeliveryId == id && row.Ordinal >= first && row.Ordinal < end).ExecuteDeleteAsync(cancel);
                    var ingestor = new CallIngestor(db, bulk, [arrival], arrival.Delivery.Id);
                    await ingestor.AddAsync(chunk, cancel);
                    grown.UnionWith(ingestor.Grown.Keys);
                },
                cancel);
            first = end;
            bytes = 0;
            chunk.Clear();
        }
    }

    /// <summary>The last transaction: everything becomes visible, and the delivery is done.</summary>
    private async Task LandAsync(DashboardDb db, Arrival arrival, ReadDelivery read, CancellationToken cancel)
    {
        await using var outcomes = new OutcomeWriter(db, time.GetUtcNow());
        await outcomes.ClaimAsync(arrival.Delivery, read, null, cancel);
        await RollupDeltas.ShowAsync(db, bulk, arrival.Delivery.Id, cancel);
        await db.Calls.IgnoreQueryFilters().Where(call => call.StagedBy == arrival.Delivery.Id).ExecuteUpdateAsync(call => call.SetProperty(it => it.StagedBy, (long?)null), cancel);
        await new CallIngestor(db, bulk, [arrival]).AnnounceAsync(outcomes.Now, cancel);
        await outcomes.CompleteAsync(arrival, cancel);
        await db.Deliveries.Where(row => row.Id == arrival.Delivery.Id).ExecuteUpdateAsync(row => row.SetProperty(it => it.RunBeatAt, (DateTimeOffset?)null), cancel);
    }

    private async Task MergeAsync(DashboardDb db, Arrival arrival, Func<CallMerger, Task> work, CancellationToken cancel, bool staged = true)
    {
        var rollups = new RollupDeltas();
        await rollups.OpenAsync(db, cancel);
        await work(new CallMerger(db, bulk, [arrival], rollups, staged ? arrival.Delivery.Id : null));
        await rollups.FlushAsync(db, bulk, cancel);
    }

    /// <summary>The transactions of one run, each of which begins by making sure that the run is still the newest.</summary>
    private sealed class Turns(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time, long deliveryId, int run)
    {
        /// <exception cref="RunLostException">Another process has begun anew, or the delivery is no longer pending.</exception>
        public async Task TakeAsync(Func<DashboardDb, Task> work, CancellationToken cancel)
        {
            using var pen = await gate.EnterAsync(cancel);
            await using var db = await contexts.CreateDbContextAsync(cancel);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await CallIngestor.KeepOthersOutAsync(db, cancel);
            var now = time.GetUtcNow();
            var mine = await db.Deliveries
                .Where(row => row.Id == deliveryId && row.Run == run && row.Outcome == DeliveryOutcome.Pending)
                .ExecuteUpdateAsync(row => row.SetProperty(it => it.RunBeatAt, now), cancel);
            if (mine == 0)
            {
                throw new RunLostException();
            }

            await work(db);
            await transaction.CommitAsync(cancel);
        }
    }

    private sealed class RunLostException : Exception;
}
