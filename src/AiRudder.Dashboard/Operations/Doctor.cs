using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Storage.SqlServer;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Operations;

/// <summary>
/// Looks at what an installation needs, one line each, while the server runs or not. Changes nothing but a counter it draws from to
/// prove that storing works.
/// </summary>
public sealed class Doctor(
    IOptions<StorageOptions> options, DataDirectory directory, IDbContextFactory<DashboardDb> contexts, IConfiguration configuration, BodyFiles bodies, TimeProvider time, TextWriter output)
{
    /// <summary>Share of the disk that must be free.</summary>
    private const double LeastFree = 0.15;

    /// <summary>Bytes; the journal is cut at 64 MB after each checkpoint, and only a reader that never ends lets it grow this far.</summary>
    private const long LargestJournal = 1L << 30;

    /// <summary>The newest body files are looked for; all of them could be millions.</summary>
    private const int BodiesLookedFor = 5_000;

    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan OldestBackup = TimeSpan.FromDays(7);

    /// <summary>Two machines that receive for one database never agree to the second.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    private static readonly DateTimeOffset Released = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private bool IsSqlite => options.Value.Provider == StorageProvider.Sqlite;

    public static Task<bool> RunAsync(IServiceProvider services, TextWriter output, CancellationToken cancel) =>
        ActivatorUtilities.CreateInstance<Doctor>(services, output).RunAsync(cancel);

    /// <returns>Whether all is well.</returns>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        var well = true;
        foreach (var (what, look) in new (string, Func<CancellationToken, Task<Finding>>)[]
                 {
                     ("configuration", ConfigurationAsync), ("storage", StorageAsync), ("integrity", IntegrityAsync), ("durability", DurabilityAsync), ("journal", JournalAsync),
                     ("bodies", BodiesAsync), ("disk", DiskAsync), ("clock", ClockAsync), ("keys", KeysAsync), ("backup", BackupAsync),
                 })
        {
            Finding found;
            try
            {
                found = await look(cancel);
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                found = Wrong(error.GetType().Name + ": " + error.Message.ReplaceLineEndings(" "));
            }

            well &= found.IsWell;
            await output.WriteLineAsync($"{(found.IsWell ? "ok   " : "WRONG")} {what,-14} {found.Words}");
        }

        return well;
    }

    private Task<Finding> ConfigurationAsync(CancellationToken cancel)
    {
        var problems = SettingsCheck.Problems(configuration);
        return Task.FromResult(
            problems.Count > 0 ? Wrong(string.Join(" ", problems))
            : directory.IsHalfRestored ? Wrong($"a restore into {directory.Path} was interrupted: repeat it")
            : Well($"storage {options.Value.Provider}, data in {directory.Path}"));
    }

    private async Task<Finding> StorageAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var pending = await db.Database.GetPendingMigrationsAsync(cancel);
        if (pending.Any())
        {
            return Wrong($"the schema lacks {pending.Count()} upgrades: run 'migrate', or start the server");
        }

        await db.DrawAsync(Counter.HealthChecks, 1, cancel);
        return Well("a durable commit works");
    }

    private async Task<Finding> IntegrityAsync(CancellationToken cancel)
    {
        if (!IsSqlite)
        {
            return Well("checked by SQL Server itself (DBCC CHECKDB)");
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        var (damage, toTheEnd) = await SqliteHealth.DamageAsync(db, LongestRead, cancel);
        return damage is not null ? Wrong($"the database is damaged ({damage.ReplaceLineEndings(" ")}): stop the server and restore the last backup")
            : Well(toTheEnd ? "the database was read to its end without finding damage" : $"no damage seen in {LongestRead.TotalSeconds:0} s of reading; the database is larger than that");
    }

    private async Task<Finding> DurabilityAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (!IsSqlite)
        {
            await SqlServerDurability.DemandAsync((SqlServerDashboardDb)db);
            return Well("commits are not delayed");
        }

        return await SqliteHealth.DurabilityProblemAsync(db, cancel) is { } problem ? Wrong(problem + ": what was answered 200 could be lost with the power") : Well("journal wal, synchronous full");
    }

    private Task<Finding> JournalAsync(CancellationToken cancel)
    {
        if (!IsSqlite)
        {
            return Task.FromResult(Well("kept by SQL Server"));
        }

        var bytes = SqliteHealth.JournalBytes(options.Value.ConnectionString);
        return Task.FromResult(new Finding(
            bytes <= LargestJournal,
            $"{bytes / 1024 / 1024:N0} MB{(bytes <= LargestJournal ? "" : ": somebody reads the database and does not end, so that it cannot be emptied")}; it is a part of the database, so a copy of the main file alone is no backup"));
    }

    private async Task<Finding> BodiesAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var files = await LargeBodies(db, BodiesLookedFor).ToListAsync(cancel);
        var missing = files.Where(file => !bodies.Exists(file)).ToList();
        return missing.Count == 0
            ? Well(files.Count < BodiesLookedFor ? $"all {files.Count:N0} files are there" : $"the newest {files.Count:N0} files are there")
            : Wrong($"{missing.Count:N0} of the newest {files.Count:N0} files that the database refers to are not in {directory.At(DataDirectory.Bodies)}, the first is {missing[0]}");
    }

    /// <summary>Names of the newest body files.</summary>
    public static IQueryable<string> LargeBodies(DashboardDb db, int most) =>
        db.DeliveryBodies.Where(body => body.File != null).OrderByDescending(body => body.DeliveryId).Select(body => body.File!).Take(most);

    /// <summary>Arrival of the oldest delivery that is kept; null when there is none.</summary>
    public static Task<DateTimeOffset?> EarliestAsync(DashboardDb db, CancellationToken cancel) => db.Deliveries.MinAsync(row => (DateTimeOffset?)row.ReceivedAt, cancel);

    private Task<Finding> DiskAsync(CancellationToken cancel)
    {
        var drive = new DriveInfo(directory.Path);
        var free = (double)drive.AvailableFreeSpace / drive.TotalSize;
        return Task.FromResult(new Finding(free >= LeastFree, $"{drive.AvailableFreeSpace / 1024 / 1024:N0} MB free ({free:P0}); below {LeastFree:P0} is too little"));
    }

    private async Task<Finding> ClockAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (now < Released)
        {
            return Wrong($"{now:yyyy-MM-dd HH:mm:ss} UTC, which is before this version existed");
        }

        var newest = await NewestAsync(cancel);
        return newest > now + ClockTolerance
            ? Wrong($"{now:yyyy-MM-dd HH:mm:ss} UTC, but the newest delivery arrived at {newest:yyyy-MM-dd HH:mm:ss} UTC: one of the two clocks is or was wrong")
            : Well($"{now:yyyy-MM-dd HH:mm:ss} UTC");
    }

    private async Task<Finding> KeysAsync(CancellationToken cancel)
    {
        if (!IsSqlite)
        {
            return Well("kept in the database");
        }

        var keys = directory.At("keys");
        var count = Directory.Exists(keys) ? Directory.EnumerateFiles(keys, "*.xml").Count() : 0;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return count == 0 && await db.Users.AnyAsync(cancel)
            ? Wrong($"none in {keys} although there are people: restore them, or everybody must sign in again")
            : Well(count == 0 ? "none yet; the first start makes them" : $"{count} in {keys}");
    }

    private async Task<Finding> BackupAsync(CancellationToken cancel)
    {
        var what = IsSqlite ? "" : "of the files; the database is backed up by SQL Server itself: ";
        var now = time.GetUtcNow();
        if (LastBackup.Read(directory) is { } last)
        {
            // Nothing new since means nothing to lose.
            var isOld = now - last.At > OldestBackup && await NewestAsync(cancel) > last.At;
            return new Finding(!isOld, $"{what}the last one is of {last.At:yyyy-MM-dd HH:mm:ss} UTC{(isOld ? $", more than {OldestBackup.TotalDays:0} days ago" : "")}");
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        var since = await EarliestAsync(db, cancel);
        return new Finding(!(now - since > OldestBackup), $"{what}none yet: 'backup FILE' makes one while the server runs");
    }

    private async Task<DateTimeOffset?> NewestAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Deliveries.MaxAsync(row => (DateTimeOffset?)row.ReceivedAt, cancel);
    }

    private static Finding Well(string words) => new(true, words);

    private static Finding Wrong(string words) => new(false, words);

    private sealed record Finding(bool IsWell, string Words);
}
