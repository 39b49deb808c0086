using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>Takes down how long a task's list is. Whoever calls has asked whether this person may.</summary>
public sealed class ListSizes(IDbContextFactory<DashboardDb> contexts, TimeProvider time)
{
    public const int Largest = 100_000_000;

    /// <summary>Begins where a size is known from when it was counted; the name of the file follows.</summary>
    public const string CountedIn = "counted in ";

    /// <summary>Where a size is known from, for a reader.</summary>
    public static string? Told(string? from) =>
        from is null ? null : from.StartsWith(CountedIn, StringComparison.Ordinal) ? T("counted in {0}", from[CountedIn.Length..]) : T(from);

    /// <param name="connection">Name of the task's connection; null when there is only one task of this id.</param>
    /// <param name="vendorTaskId">AIRUDDER's id.</param>
    /// <param name="size">Numbers on the list; null for unknown again.</param>
    /// <param name="from">Where that is known from, in words.</param>
    /// <param name="who">Name of the person or program.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Why it was not taken down, in words; null when it was.</returns>
    public async Task<string?> SetAsync(string? connection, string vendorTaskId, int? size, string from, string who, CancellationToken cancel)
    {
        if (size is < 1 or > Largest)
        {
            return T("The size of a list is a whole number from 1 to {0:N0}.", Largest);
        }

        if (vendorTaskId.Length == 0)
        {
            return T("Calls that named no task have no list.");
        }

        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var found = await Named(db, connection, vendorTaskId).ToListAsync(cancel);
        if (found.Count != 1)
        {
            return found.Count == 0 ? T("There is no task '{0}'.", vendorTaskId) : T("Several connections have a task of this id: name the connection.");
        }

        var (id, by, at, words) = (found[0], size is null ? null : who[..Math.Min(who.Length, 256)], size is null ? (DateTimeOffset?)null : time.GetUtcNow(), size is null ? null : from[..Math.Min(from.Length, CallTask.ListSizeFromLength)]);
        await db.CallTasks.Where(task => task.Id == id).ExecuteUpdateAsync(
            task => task.SetProperty(it => it.ListSize, size).SetProperty(it => it.ListSizeBy, by).SetProperty(it => it.ListSizeAt, at).SetProperty(it => it.ListSizeFrom, words), cancel);
        return null;
    }

    public static IQueryable<int> Named(DashboardDb db, string? connection, string vendorTaskId) =>
        from task in db.CallTasks
        where task.VendorTaskId == vendorTaskId && (connection == null || db.Connections.Any(row => row.Id == task.ConnectionId && row.Name == connection))
        select task.Id;
}
