using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Accounts.Audit;

/// <summary>One line of the page: an entry, and whose account it is today.</summary>
public sealed record AuditLine(AuditEntry Entry, string Name);

/// <summary>Reads the log, newest first.</summary>
public sealed class AuditQueries(IDbContextFactory<DashboardDb> contexts)
{
    public const int PageSize = 100;

    /// <param name="action">Only this one.</param>
    /// <param name="target">Only what was done to this, such as <c>call 14</c>.</param>
    /// <param name="who">Only this account id.</param>
    /// <param name="before">Only entries older than this one.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<AuditLine>> ListAsync(AuditAction? action, string? target, string? who, long? before, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var entries = await Of(db, action, target, who, before).Take(PageSize).ToListAsync(cancel);
        var ids = entries.Select(row => row.Who).Distinct().ToArray();
        var names = await db.Users.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Email ?? row.Id, StringComparer.Ordinal, cancel);
        return [.. entries.Select(row => new AuditLine(row, names.GetValueOrDefault(row.Who) ?? (row.Who.Length == 0 ? "–" : row.Who)))];
    }

    public static IQueryable<AuditEntry> Of(DashboardDb db, AuditAction? action, string? target, string? who, long? before) => db.Set<AuditEntry>().AsNoTracking()
        .Where(row => (action == null || row.Action == action) && (string.IsNullOrEmpty(target) || row.Target == target) && (string.IsNullOrEmpty(who) || row.Who == who) && (before == null || row.Id < before))
        .OrderByDescending(row => row.Id);
}
