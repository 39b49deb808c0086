using System.Security.Claims;
using System.Security.Cryptography;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Accounts.Audit;

/// <summary>
/// Who did and saw what. Written before the thing is shown or done: when it cannot be written the exception ends the request, and
/// nothing is shown. Entries are only ever added.
/// </summary>
public sealed class AuditLog(IDbContextFactory<DashboardDb> contexts, WriteGate gate, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>Name of the <see cref="Storage.Counter"/> that numbers the entries.</summary>
    public const string Counter = "audit";

    private const string Begin = "log";

    private const int ChunkSize = 1_000;

    private AuditSeal? seal;

    /// <summary>From a request.</summary>
    public Task WriteAsync(HttpContext http, AuditAction action, string target, string? detail = null, AuditOutcome outcome = AuditOutcome.Allowed) =>
        WriteAsync(http.User, http.Connection.RemoteIpAddress?.ToString(), action, target, detail, outcome, http.RequestAborted);

    /// <summary>From a request of somebody whom it has only just let in.</summary>
    public Task WriteAsync(ClaimsPrincipal who, HttpContext http, AuditAction action, string target) =>
        WriteAsync(who, http.Connection.RemoteIpAddress?.ToString(), action, target, null, AuditOutcome.Allowed, http.RequestAborted);

    /// <summary>From a live page.</summary>
    public Task WriteAsync(ClaimsPrincipal? who, AuditAction action, string target, string? detail = null, AuditOutcome outcome = AuditOutcome.Allowed, CancellationToken cancel = default) =>
        WriteAsync(who, null, action, target, detail, outcome, cancel);

    /// <summary>Looks at every entry kept.</summary>
    /// <returns>How many there are, the seal of the last one, and what is wrong with the first one that does not fit; null when all do.</returns>
    public async Task<(long Entries, string Last, string? Problem)> VerifyAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var drawn = await db.Counters.Where(row => row.Name == Counter).Select(row => row.Value).SingleOrDefaultAsync(cancel);
        var (count, last, key) = (0L, (AuditEntry?)null, (AuditSeal?)null);
        while (true)
        {
            var after = last?.Id ?? 0;
            var chunk = await db.Set<AuditEntry>().AsNoTracking().Where(row => row.Id > after).OrderBy(row => row.Id).Take(ChunkSize).ToListAsync(cancel);
            foreach (var entry in chunk)
            {
                if (entry.Id != (last?.Id ?? 0) + 1 || !entry.Previous.AsSpan().SequenceEqual(last?.Seal ?? []))
                {
                    return (count, "", $"something before entry {entry.Id} was taken out or changed");
                }

                if (entry.Action == AuditAction.Begin)
                {
                    key = TryOpen(entry.Detail);
                }

                if (key is null)
                {
                    return (count, "", $"entry {entry.Id} was sealed with keys that this server does not have");
                }

                if (!key.Fits(entry))
                {
                    return (count, "", $"entry {entry.Id} was changed");
                }

                (last, count) = (entry, count + 1);
            }

            if (chunk.Count < ChunkSize)
            {
                // Entries may have come since the counter was read, never gone.
                return (last?.Id ?? 0) < drawn ? (count, "", $"entries after {last?.Id ?? 0} were taken out") : (count, last is null ? "" : Convert.ToHexStringLower(last.Seal), null);
            }
        }
    }

    private async Task WriteAsync(ClaimsPrincipal? who, string? source, AuditAction action, string target, string? detail, AuditOutcome outcome, CancellationToken cancel)
    {
        await OffCircuit.Go();
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // The counter's row stays locked until the commit: entries follow each other, whichever node writes them.
        var number = await db.DrawAsync(Counter, 1, cancel);
        var previous = await db.Set<AuditEntry>().Where(row => row.Id == number - 1).Select(row => row.Seal).SingleOrDefaultAsync(cancel) ?? [];
        var own = seal ?? TryOpen(await Key(db).FirstOrDefaultAsync(cancel));
        if (own is null)
        {
            // The first entry of all, or the first after the keys were lost: a log that stood still would lock everybody out.
            (own, var kept) = AuditSeal.New(protection);
            previous = Add(db, own, previous, new AuditEntry { Id = number, Who = "", Action = AuditAction.Begin, Target = Begin, Detail = kept, Previous = [], Seal = [] });
            number = await db.DrawAsync(Counter, 1, cancel);
        }

        Add(db, own, previous, new AuditEntry
        {
            Id = number, Who = who?.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", Action = action, Target = target, Detail = detail, Source = source,
            Session = Sessions.IdOf(who) is { } session ? session[..Math.Min(12, session.Length)] : null, Outcome = outcome, Previous = [], Seal = [],
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        seal = own;
    }

    private byte[] Add(DashboardDb db, AuditSeal own, byte[] previous, AuditEntry entry)
    {
        entry.At = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        entry.Previous = previous;
        entry.Seal = own.Of(entry);
        db.Add(entry);
        return entry.Seal;
    }

    private static IQueryable<string?> Key(DashboardDb db) =>
        db.Set<AuditEntry>().Where(row => row.Target == Begin && row.Action == AuditAction.Begin).OrderByDescending(row => row.Id).Select(row => row.Detail);

    private AuditSeal? TryOpen(string? kept)
    {
        try
        {
            return kept is null ? null : AuditSeal.Open(protection, kept);
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            // Said by the verification, at the entry that needs it.
            return null;
        }
    }
}
