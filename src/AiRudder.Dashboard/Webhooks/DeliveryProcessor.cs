using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Turns stored deliveries into calls. The transaction is the claim: it begins by moving the delivery out of "pending", which
/// succeeds for one process only and is undone by a crash. No lease, no clock.
/// </summary>
public sealed class DeliveryProcessor(IDbContextFactory<DashboardDb> contexts, IBulkWrite bulk, BodyReader bodies, BigDelivery big, WriteGate gate, TimeProvider time)
{
    /// <summary>Elements written at a time.</summary>
    private const int Chunk = 500;

    /// <summary>Reads a body. An unreadable one is a result, not a failure.</summary>
    public async Task<(ReadDelivery? Read, UnreadableBodyException? Error)> ReadAsync(Delivery delivery, DeliveryBody? body, CancellationToken cancel)
    {
        try
        {
            return (await bodies.ReadAsync(delivery, body, cancel), null);
        }
        catch (UnreadableBodyException error)
        {
            return (null, error);
        }
    }

    /// <summary>Stores what was read. What is held in memory is one transaction; of the others each is stored by itself.</summary>
    /// <returns>Whether something landed.</returns>
    public async Task<bool> StoreAsync(IReadOnlyList<(Delivery Delivery, ReadDelivery? Read, UnreadableBodyException? Error)> group, IReadOnlyDictionary<int, Connection> connections, CancellationToken cancel)
    {
        var small = group.Where(item => !IsBig(item.Read)).ToList();
        var landed = small.Count > 0 && await StoreTogetherAsync(small, connections, cancel);
        foreach (var (delivery, read, _) in group.Where(item => IsBig(item.Read)))
        {
            landed |= await big.StoreAsync(delivery, read!, connections[delivery.ConnectionId], cancel);
        }

        return landed;
    }

    private static bool IsBig(ReadDelivery? read) => read is { Drafts: null } && DeliveryKind.HasCalls(read.Kind);

    private async Task<bool> StoreTogetherAsync(IReadOnlyList<(Delivery Delivery, ReadDelivery? Read, UnreadableBodyException? Error)> group, IReadOnlyDictionary<int, Connection> connections, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await using var outcomes = new OutcomeWriter(db, time.GetUtcNow());
        var arrivals = new List<(Arrival Arrival, ReadDelivery Read)>();
        foreach (var (delivery, read, error) in group)
        {
            if (await outcomes.ClaimAsync(delivery, read, error, cancel) && read is not null && DeliveryKind.HasCalls(read.Kind))
            {
                arrivals.Add((new Arrival(delivery, connections[delivery.ConnectionId], read.Envelope, read.SharedNumbers), read));
            }
        }

        if (arrivals.Count > 0)
        {
            await IngestAsync(db, arrivals, outcomes, cancel);
        }

        await transaction.CommitAsync(cancel);
        return arrivals.Count > 0;
    }

    private async Task IngestAsync(DashboardDb db, List<(Arrival Arrival, ReadDelivery Read)> arrivals, OutcomeWriter outcomes, CancellationToken cancel)
    {
        var ingestor = new CallIngestor(db, bulk, arrivals.ConvertAll(item => item.Arrival));
        await ingestor.BeginAsync(cancel);
        foreach (var chunk in arrivals.SelectMany(item => item.Read.Drafts!.Select(draft => (item.Arrival, draft))).Chunk(Chunk))
        {
            await ingestor.AddAsync(chunk, cancel);
        }

        await ingestor.SettleAsync(cancel);
        await ingestor.AnnounceAsync(outcomes.Now, cancel);
        foreach (var (arrival, _) in arrivals)
        {
            await outcomes.CompleteAsync(arrival, cancel);
        }
    }
}
