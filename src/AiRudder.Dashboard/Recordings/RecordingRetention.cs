using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Ends the retention of kept sounds and removes files that belong to no call any more.</summary>
public sealed class RecordingRetention(IDbContextFactory<DashboardDb> contexts, WriteGate gate, RecordingShelf shelf, IOptions<RecordingOptions> options, TimeProvider time)
{
    private const int AtOnce = 200;

    /// <summary>Deletes the kept sounds whose time is over. The row goes first: with its key the file is noise already.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndAsync(CancellationToken cancel)
    {
        var ended = 0;
        while (true)
        {
            var rows = await OneStretchAsync(cancel);
            rows.ForEach(shelf.Delete);
            ended += rows.Count;
            if (rows.Count < AtOnce)
            {
                return ended;
            }
        }
    }

    /// <summary>Kept sounds whose retention has ended.</summary>
    public static IQueryable<Recording> Over(DashboardDb db, DateTimeOffset before) =>
        db.Recordings.AsNoTracking().Where(row => row.State == RecordingState.Kept && row.FetchedAt <= before).OrderBy(row => row.FetchedAt);

    /// <summary>Removes files that no row names: of erased calls, and of tries that came to nothing.</summary>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        var removed = 0;
        foreach (var names in shelf.Resting().Chunk(AtOnce))
        {
            await using var db = await contexts.CreateDbContextAsync(cancel);
            var known = await Named(db, names).ToListAsync(cancel);
            foreach (var name in names.Except(known, StringComparer.Ordinal))
            {
                shelf.Delete(name!);
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Those of these files that a row names.</summary>
    public static IQueryable<string?> Named(DashboardDb db, IReadOnlyList<string> names) => db.Recordings.Where(row => names.Contains(row.File!)).Select(row => row.File);

    private async Task<List<string>> OneStretchAsync(CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var over = await Over(db, time.GetUtcNow() - options.Value.Retention).Select(row => new { row.CallId, row.File }).Take(AtOnce).ToListAsync(cancel);
        if (over.Count == 0)
        {
            return [];
        }

        var ids = over.ConvertAll(row => row.CallId);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Waveforms.Where(row => ids.Contains(row.CallId)).ExecuteDeleteAsync(cancel);
        await db.Recordings.Where(row => ids.Contains(row.CallId)).ExecuteUpdateAsync(
            row => row
                .SetProperty(it => it.State, RecordingState.Gone)
                .SetProperty(it => it.Reason, Recording.Retention)
                .SetProperty(it => it.File, (string?)null)
                .SetProperty(it => it.Key, (byte[]?)null),
            cancel);
        await transaction.CommitAsync(cancel);
        return [.. over.Select(row => row.File!)];
    }
}
