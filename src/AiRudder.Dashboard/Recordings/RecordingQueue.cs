using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// Which recording is fetched next, and what became of it. A claim is one statement that succeeds for one process only; it ends by
/// itself when that process is gone for longer than a try may take.
/// </summary>
public sealed class RecordingQueue(IDbContextFactory<DashboardDb> contexts, WriteGate gate, RecordingShelf shelf, IOptions<RecordingOptions> options, IOptions<StorageOptions> storage, TimeProvider time)
{
    /// <summary>Failures that may pass are tried again this often, over a good two days.</summary>
    public const int MostAttempts = 18;

    /// <summary>A file that is not there yet may come: the vendor does not say how long after the call it is ready.</summary>
    public const int MostAbsences = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);
    private static readonly TimeSpan OwnTrouble = TimeSpan.FromMinutes(1);

    /// <summary>Calls younger than this may have a file that is not ready.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromDays(1);

    /// <summary>
    /// What is due: the newest calls, or what has waited longest. Both are asked for in turn, so that neither a backlog holds up what lands
    /// now nor the other way round.
    /// </summary>
    public static IQueryable<Recording> Due(DashboardDb db, DateTimeOffset now, IReadOnlyList<string> busyHosts, bool newest)
    {
        // A clock that jumped back must not leave a recording waiting for a moment far away.
        var farAway = now + LongestPause + LongestPause;
        var due = db.Recordings.AsNoTracking()
            .Where(row => (row.State == RecordingState.Expected || row.State == RecordingState.Fetching) && (row.NextAttemptAt <= now || row.NextAttemptAt > farAway))
            .Where(row => !busyHosts.Contains(row.Host));
        return newest ? due.OrderByDescending(row => row.CallId) : due.OrderBy(row => row.NextAttemptAt).ThenBy(row => row.CallId);
    }

    /// <summary>Takes the next recording for this process; null when nothing is due.</summary>
    public async Task<Recording?> ClaimAsync(IReadOnlyList<string> busyHosts, bool newest, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();
        foreach (var row in await Due(db, now, busyHosts, newest).Take(4).ToListAsync(cancel))
        {
            row.File ??= RecordingShelf.NewName();
            row.Key ??= shelf.NewKey();
            row.Attempts++;
            var until = now + options.Value.TotalTimeout + options.Value.FirstByteTimeout + TimeSpan.FromMinutes(1);
            using var pen = await gate.EnterAsync(cancel);
            var taken = await db.Recordings
                .Where(it => it.CallId == row.CallId && it.State == row.State && it.NextAttemptAt == row.NextAttemptAt && it.LinkHash == row.LinkHash)
                .ExecuteUpdateAsync(
                    it => it
                        .SetProperty(own => own.State, RecordingState.Fetching)
                        .SetProperty(own => own.NextAttemptAt, until)
                        .SetProperty(own => own.Attempts, row.Attempts)
                        .SetProperty(own => own.File, row.File)
                        .SetProperty(own => own.Key, row.Key),
                    cancel);
            if (taken > 0)
            {
                row.State = RecordingState.Fetching;
                return row;
            }
        }

        return null;
    }

    /// <summary>The link, as the call has it now; null when the row is about another one or the call is gone.</summary>
    public async Task<string?> LinkAsync(Recording row, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var link = await db.CallDetails.Where(detail => detail.CallId == row.CallId).Select(detail => detail.RecordingLink).SingleOrDefaultAsync(cancel);
        return link is not null && RecordingFollower.HashOf(link).AsSpan().SequenceEqual(row.LinkHash) ? link : null;
    }

    /// <summary>Remembers which file the part that is here belongs to.</summary>
    public async Task BeginAsync(Recording row, string? validator, CancellationToken cancel)
    {
        row.Validator = validator is { Length: <= 200 } ? validator : null;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        using var pen = await gate.EnterAsync(cancel);
        await Own(db, row).ExecuteUpdateAsync(it => it.SetProperty(own => own.Validator, row.Validator), cancel);
    }

    /// <summary>A new file under a new key.</summary>
    public async Task RekeyAsync(Recording row, CancellationToken cancel)
    {
        var (file, key) = (RecordingShelf.NewName(), shelf.NewKey());
        await using var db = await contexts.CreateDbContextAsync(cancel);
        using var pen = await gate.EnterAsync(cancel);
        await Own(db, row).ExecuteUpdateAsync(
            it => it.SetProperty(own => own.File, file).SetProperty(own => own.Key, key).SetProperty(own => own.Validator, (string?)null), cancel);
        (row.File, row.Key, row.Validator) = (file, key, null);
    }

    /// <returns>False: the row has moved on (another link, erased), so the copy is nobody's.</returns>
    public async Task<bool> KeepAsync(Recording row, long bytes, byte[] sha256, string contentType, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        using var pen = await gate.EnterAsync(cancel);
        return await Own(db, row).ExecuteUpdateAsync(
            it => it
                .SetProperty(own => own.State, RecordingState.Kept)
                .SetProperty(own => own.Reason, (string?)null)
                .SetProperty(own => own.NextAttemptAt, (DateTimeOffset?)null)
                .SetProperty(own => own.AgeSeconds, Age(row, now))
                .SetProperty(own => own.Bytes, bytes)
                .SetProperty(own => own.Sha256, sha256)
                .SetProperty(own => own.ContentType, contentType)
                .SetProperty(own => own.FetchedAt, now),
            cancel) > 0;
    }

    /// <summary>A try failed: again after a pause, or not any more.</summary>
    public async Task FailAsync(Recording row, RecordingFailure failure, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var state = After(row, failure, now);
        var pause = FirstPause * Math.Pow(2, Math.Min(row.Attempts - 1, 12));
        await using var db = await contexts.CreateDbContextAsync(cancel);
        using var pen = await gate.EnterAsync(cancel);
        var settled = await Own(db, row).ExecuteUpdateAsync(
            it => it
                .SetProperty(own => own.State, state)
                .SetProperty(own => own.Reason, failure.Reason)
                .SetProperty(own => own.NextAttemptAt, state == RecordingState.Expected ? now + (pause < LongestPause ? pause : LongestPause) : null)
                .SetProperty(own => own.AgeSeconds, Age(row, now)),
            cancel);
        if (state != RecordingState.Expected || settled == 0)
        {
            shelf.Delete(row.File!);
        }
    }

    /// <summary>This process could not try: nobody's fault but ours, and not counted.</summary>
    public async Task PostponeAsync(Recording row, bool ownTrouble, CancellationToken cancel)
    {
        var at = time.GetUtcNow() + (ownTrouble ? OwnTrouble : TimeSpan.Zero);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        using var pen = await gate.EnterAsync(cancel);
        await Own(db, row).ExecuteUpdateAsync(
            it => it
                .SetProperty(own => own.State, RecordingState.Expected)
                .SetProperty(own => own.Reason, ownTrouble ? Recording.Storage : row.Reason)
                .SetProperty(own => own.Attempts, row.Attempts - 1)
                .SetProperty(own => own.NextAttemptAt, at),
            cancel);
    }

    /// <summary>SQLite belongs to one machine: what was being fetched when the last process ended is taken up at once.</summary>
    public async Task TakeUpAsync(CancellationToken cancel)
    {
        if (storage.Value.Provider == StorageProvider.Sqlite)
        {
            var now = time.GetUtcNow();
            await using var db = await contexts.CreateDbContextAsync(cancel);
            using var pen = await gate.EnterAsync(cancel);
            await db.Recordings.Where(row => row.State == RecordingState.Fetching).ExecuteUpdateAsync(row => row.SetProperty(it => it.NextAttemptAt, now), cancel);
        }
    }

    private static RecordingState After(Recording row, RecordingFailure failure, DateTimeOffset now) => failure switch
    {
        _ when failure == RecordingFailure.Gone => now - row.CallAt < Young && row.Attempts < MostAbsences ? RecordingState.Expected : RecordingState.Gone,
        _ when failure.MayPass => row.Attempts < MostAttempts ? RecordingState.Expected : RecordingState.Gone,
        _ => RecordingState.Refused,
    };

    private static IQueryable<Recording> Own(DashboardDb db, Recording row) =>
        db.Recordings.Where(it => it.CallId == row.CallId && it.State == RecordingState.Fetching && it.LinkHash == row.LinkHash && it.File == row.File);

    private static long? Age(Recording row, DateTimeOffset now) => Math.Max(0, (long)(now - row.CallAt).TotalSeconds);
}
