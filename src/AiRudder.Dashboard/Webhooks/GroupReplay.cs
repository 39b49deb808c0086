using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Watch;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Puts many deliveries that could not be understood back into the queue, a few hundred at a time so that nobody waits for the pen.
/// What is put back already, by this or by somebody else, is not touched again.
/// </summary>
public sealed class GroupReplay(IDbContextFactory<DashboardDb> contexts, WriteGate gate)
{
    private const int Chunk = 500;

    /// <param name="connectionId">One connection, or null for all.</param>
    /// <param name="reason">As <see cref="QuarantineReason.WordsOf"/> says it; null for all.</param>
    /// <param name="report">Told after each chunk how many there were.</param>
    /// <param name="cancel">Ends it between two chunks.</param>
    /// <returns>How many were put back.</returns>
    public async Task<int> ReplayAsync(int? connectionId, string? reason, Func<int, Task>? report, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var done = 0;
        long last;
        await using (var db = await contexts.CreateDbContextAsync(cancel))
        {
            // What fails again while this runs must not be taken twice.
            last = await db.Deliveries.MaxAsync(row => (long?)row.Id, cancel) ?? 0;
        }

        long from = 0;
        while (true)
        {
            var ids = await NextAsync(connectionId, reason, from, last, cancel);
            if (ids.Count == 0 || ids[^1] <= from)
            {
                return done;
            }

            done += await PendAsync(ids, cancel);
            from = ids[^1];
            if (report is not null)
            {
                await report(done);
            }
        }
    }

    private async Task<List<long>> NextAsync(int? connectionId, string? reason, long from, long last, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await QuarantineReason.With(QuarantineReason.Bad(db, connectionId), reason)
            .Where(row => row.Id > from && row.Id <= last)
            .OrderBy(row => row.Id)
            .Select(row => row.Id)
            .Take(Chunk)
            .ToListAsync(cancel);
    }

    private async Task<int> PendAsync(List<long> ids, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Deliveries.Where(row => ids.Contains(row.Id) && row.Outcome != DeliveryOutcome.Pending).ExecuteUpdateAsync(
            row => row
                .SetProperty(it => it.Outcome, DeliveryOutcome.Pending)
                .SetProperty(it => it.FailedAttempts, 0)
                .SetProperty(it => it.NextAttemptAt, (DateTimeOffset?)null),
            cancel);
    }
}
