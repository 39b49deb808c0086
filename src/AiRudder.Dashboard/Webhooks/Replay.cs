using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>Puts a delivery back into the queue. Processing again is idempotent: versions replace themselves.</summary>
public sealed class Replay(IDbContextFactory<DashboardDb> contexts)
{
    /// <returns>False when there is no such delivery.</returns>
    public async Task<bool> OneAsync(long deliveryId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await PendAsync(db.Deliveries.Where(row => row.Id == deliveryId), cancel) > 0;
    }

    private static Task<int> PendAsync(IQueryable<Delivery> deliveries, CancellationToken cancel) => deliveries.ExecuteUpdateAsync(
        row => row
            .SetProperty(it => it.Outcome, DeliveryOutcome.Pending)
            .SetProperty(it => it.FailedAttempts, 0)
            .SetProperty(it => it.NextAttemptAt, (DateTimeOffset?)null),
        cancel);
}
