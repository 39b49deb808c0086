using System.Globalization;
using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Exports;

/// <summary>Takes orders for files and hands them out to whoever ordered them. <see cref="ExportWorker"/> makes them.</summary>
public sealed class ExportDesk(IDbContextFactory<DashboardDb> contexts, WriteGate gate, DataDirectory data, TimeProvider time)
{
    /// <summary>How long a file is kept after it was made.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private const int MostOpen = 3;

    /// <summary>Something was ordered, went on or ended on this node.</summary>
    public event Action? Changed;

    internal string Folder => data.At("exports");

    internal void Tell() => Changed?.Invoke();

    /// <summary>Orders a file of what the list shows.</summary>
    /// <returns>What stands against it, in words; null when it was ordered.</returns>
    public async Task<string?> OrderAsync(ClaimsPrincipal person, ExportFormat format, string query, IReadOnlyList<CallColumn> columns, IReadOnlyCollection<long>? ids, CancellationToken cancel)
    {
        if (!Permissions.Allows(person, Permission.Export))
        {
            return T("Your role does not allow this.");
        }

        if (ids is { Count: > ExportJob.MostIds } or { Count: 0 })
        {
            return T("Mark 1 to {0} calls.", ExportJob.MostIds);
        }

        if (query.Length > 4_000)
        {
            return T("The filter is longer than 4000 characters.");
        }

        await OffCircuit.Go();
        var owner = AccountId(person);
        using (await gate.EnterAsync(cancel))
        {
            await using var db = await contexts.CreateDbContextAsync(cancel);
            if (await db.ExportJobs.CountAsync(row => row.AccountId == owner && (row.State == ExportState.Waiting || row.State == ExportState.Running), cancel) >= MostOpen)
            {
                return T("{0} exports of yours are under way; wait for one, or cancel it.", MostOpen);
            }

            db.Add(new ExportJob
            {
                AccountId = owner, Format = format, Query = query, Columns = CallColumns.Keys(columns), Ids = ids is null ? null : string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture))),
                Reveal = Permissions.Allows(person, Permission.Reveal), Language = Language.Current.Name, AskedAt = time.GetUtcNow(),
            });
            await db.SaveChangesAsync(cancel);
        }

        Tell();
        return null;
    }

    /// <summary>One's own exports, newest first.</summary>
    public async Task<IReadOnlyList<ExportJob>> ListAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Of(db, AccountId(person)).Take(10).ToListAsync(cancel);
    }

    public static IQueryable<ExportJob> Of(DashboardDb db, string owner) => db.ExportJobs.AsNoTracking().Where(row => row.AccountId == owner).OrderByDescending(row => row.AskedAt).ThenByDescending(row => row.Id);

    /// <summary>Stops an export that is under way; the worker sees it at its next row of thousands.</summary>
    public async Task CancelAsync(ClaimsPrincipal person, int id, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var (owner, now) = (AccountId(person), time.GetUtcNow());
        await using (var db = await contexts.CreateDbContextAsync(cancel))
        {
            await db.ExportJobs.Where(row => row.Id == id && row.AccountId == owner && (row.State == ExportState.Waiting || row.State == ExportState.Running))
                .ExecuteUpdateAsync(row => row.SetProperty(it => it.State, ExportState.Cancelled).SetProperty(it => it.EndedAt, now), cancel);
        }

        Tell();
    }

    /// <summary>The file of a finished export, when it is this person's and they may still have it.</summary>
    public async Task<(ExportJob Job, string Path)?> FindAsync(ClaimsPrincipal person, int id, CancellationToken cancel)
    {
        var owner = AccountId(person);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return owner.Length > 0 && await db.ExportJobs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.AccountId == owner && row.State == ExportState.Done, cancel) is { File: { } file } job
            && (!job.Reveal || Permissions.Allows(person, Permission.Reveal)) && Path.Combine(Folder, file) is var path && File.Exists(path)
            ? (job, path)
            : null;
    }

    private static string AccountId(ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier) is { Length: <= 200 } id ? id : "";
}
