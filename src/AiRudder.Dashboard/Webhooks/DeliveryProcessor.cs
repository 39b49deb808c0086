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
public sealed class DeliveryProcessor(IDbContextFactory<DashboardDb> contexts, IBulkInsert bulk, BodyReader bodies, WriteGate gate, TimeProvider time)
{
    /// <summary>Elements written at a time.</summary>
    private const int Chunk = 500;

    /// <summary>Reads a body. An unreadable one is a result, not a failure.</summary>
    public async Task<(ReadDelivery? Read, UnreadableBodyException? Error)> ReadAsync(Delivery delivery, CancellationToken cancel)
    {
        try
        {
            return (await bodies.ReadAsync(delivery, cancel), null);
        }
        catch (UnreadableBodyException error)
        {
            return (null, error);
        }
    }

    /// <summary>Stores what was read, all of it or nothing.</summary>
    /// <returns>Whether something landed.</returns>
    public async Task<bool> StoreAsync(IReadOnlyList<(Delivery Delivery, ReadDelivery? Read, UnreadableBodyException? Error)> group, IReadOnlyDictionary<int, Connection> connections, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var landed = false;
        foreach (var (delivery, read, error) in group)
        {
            landed |= await StoreOneAsync(db, delivery, read, error, connections[delivery.ConnectionId], cancel);
        }

        await transaction.CommitAsync(cancel);
        return landed;
    }

    private async Task<bool> StoreOneAsync(DashboardDb db, Delivery delivery, ReadDelivery? read, UnreadableBodyException? error, Connection connection, CancellationToken cancel)
    {
        var outcome = error is not null ? DeliveryOutcome.Quarantined
            : DeliveryKind.HasCalls(read!.Kind) ? DeliveryOutcome.Processed
            : DeliveryOutcome.Uninterpreted;
        var now = time.GetUtcNow();
        var kind = read?.Kind ?? (delivery.UrlKind.Length > 0 ? delivery.UrlKind : null);
        var reason = error?.Message ?? (outcome == DeliveryOutcome.Uninterpreted ? $"Kept as received: no description of '{kind}' bodies is read yet." : null);
        var claimed = await db.Deliveries.Where(row => row.Id == delivery.Id && row.Outcome == DeliveryOutcome.Pending).ExecuteUpdateAsync(
            row => row
                .SetProperty(it => it.Outcome, outcome)
                .SetProperty(it => it.Kind, kind)
                .SetProperty(it => it.Envelope, outcome == DeliveryOutcome.Processed ? read!.EnvelopeJson : null)
                .SetProperty(it => it.Reason, reason)
                .SetProperty(it => it.ReasonField, error == null ? null : error.Field)
                .SetProperty(it => it.ReasonPosition, error == null ? null : error.Position)
                .SetProperty(it => it.NextAttemptAt, (DateTimeOffset?)null)
                .SetProperty(it => it.ProcessedAt, now),
            cancel);
        if (claimed == 0 || outcome != DeliveryOutcome.Processed)
        {
            return false;
        }

        var ingestor = new CallIngestor(db, bulk, delivery, connection, read!.Envelope);
        await ingestor.BeginAsync(read.SharedNumbers, cancel);
        if (read.Drafts is { } drafts)
        {
            foreach (var chunk in drafts.Chunk(Chunk))
            {
                await ingestor.AddAsync(chunk, cancel);
            }
        }
        else
        {
            await StreamAsync(ingestor, delivery, cancel);
        }

        await ingestor.CompleteAsync(now, cancel);
        return true;
    }

    private async Task StreamAsync(CallIngestor ingestor, Delivery delivery, CancellationToken cancel)
    {
        var chunk = new List<CallDraft>(Chunk);
        await bodies.ScanAsync(
            delivery,
            async element =>
            {
                chunk.Add(CallDraft.Read(element));
                if (chunk.Count == Chunk)
                {
                    await ingestor.AddAsync(chunk, cancel);
                    chunk.Clear();
                }
            },
            cancel);
        await ingestor.AddAsync(chunk, cancel);
    }
}
