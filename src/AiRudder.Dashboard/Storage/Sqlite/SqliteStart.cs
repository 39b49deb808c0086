using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>What a process does with the database file before it trusts it: another one may have been killed in the middle of anything.</summary>
internal static class SqliteStart
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMinutes(2);

    /// <summary>
    /// EF Core's own lock is a row, which a killed process leaves behind for ever. One process at a time is let in by a lock that the
    /// operating system releases, and whatever row it finds is of a process that is gone.
    /// </summary>
    public static async Task MigrateAsync(DashboardDb db, string dataDirectory, CancellationToken cancel)
    {
        await using var turn = await TakeTurnAsync(Path.Combine(dataDirectory, "upgrade.lock"), cancel);
        await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancel);

        // To migrate, EF Core builds the model of the newest migration and compares it, also when there is nothing to do.
        if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
        {
            await db.Database.MigrateAsync(cancel);
        }
    }

    /// <summary>
    /// A journal may hold commits whose sync failed before an earlier process ended: they look whole to us, but a loss of power would
    /// cut the journal there and lose everything after them. Written into the database and synced anew, they are what they look like.
    /// </summary>
    public static Task MakeDurableAsync(DashboardDb db, CancellationToken cancel) =>
        db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancel);

    private static async Task<FileStream> TakeTurnAsync(string path, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < LongestTurn)
            {
                await Task.Delay(100, cancel);
            }
        }
    }
}
