using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks.Novelties;

/// <summary>Reads novelties, and lets an administrator say which are no news any more.</summary>
public sealed class NoveltyQueries(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time)
{
    /// <summary>What nobody has looked at first, then the latest seen.</summary>
    public async Task<IReadOnlyList<SchemaNovelty>> ListAsync(int? connectionId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var rows = db.SchemaNovelties.AsNoTracking();
        rows = connectionId is { } id ? rows.Where(row => row.ConnectionId == id) : rows;
        return await rows.OrderBy(row => row.ExpectedAt != null).ThenByDescending(row => row.LastAt).ThenBy(row => row.Id).Take(300).ToListAsync(cancel);
    }

    /// <param name="ids">Of novelties.</param>
    /// <param name="by">The administrator; null makes them news again.</param>
    /// <param name="cancel">The caller's wish.</param>
    public async Task ExpectAsync(IReadOnlyCollection<int> ids, string? by, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        DateTimeOffset? at = by is null ? null : time.GetUtcNow();
        await db.SchemaNovelties.Where(row => ids.Contains(row.Id)).ExecuteUpdateAsync(row => row.SetProperty(it => it.ExpectedAt, at).SetProperty(it => it.ExpectedBy, by), cancel);
    }
}
