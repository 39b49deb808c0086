using System.Globalization;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Operations;

/// <summary>
/// <c>restore FILE</c>: puts a backup into the data directory. Everything is verified, then unpacked and synced beside its place, and only
/// then moved; what was there is moved aside and never deleted. Interrupted at any moment it can be repeated.
/// </summary>
public sealed class Restore(IOptions<StorageOptions> options, DataDirectory directory, IDbContextFactory<DashboardDb> contexts, TimeProvider time, TextWriter output)
{
    /// <summary>Holds what is unpacked and not yet in its place.</summary>
    private const string Staging = "restoring";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="file">The backup.</param>
    /// <param name="force">Move aside what is there.</param>
    /// <param name="cancel">Heeded until the first move; from there to the end takes moments.</param>
    /// <exception cref="OperationException">It cannot be restored; in words for the operator.</exception>
    /// <exception cref="DataDirectoryException">Somebody uses the directory.</exception>
    public async Task ReadAsync(string file, bool force, CancellationToken cancel)
    {
        using var backup = await BackupFile.OpenAsync(Path.GetFullPath(file), cancel);
        var manifest = backup.Manifest;
        await CheckAsync(manifest, cancel);
        directory.TakeAlone();
        var places = Places();
        if (places.Any(IsUsed) && !force && !directory.IsHalfRestored)
        {
            throw new OperationException($"{directory.Path} is not empty; --force moves what is there aside (it is never deleted).");
        }

        await output.WriteLineAsync($"verifying {manifest.Entries.Count:N0} entries, written {manifest.CreatedAt:yyyy-MM-dd HH:mm:ss} UTC by version {manifest.Version}");
        await backup.VerifyAsync(cancel);
        await UnpackAsync(backup, places, cancel);
        cancel.ThrowIfCancellationRequested();
        directory.BeginMoving();
        await MoveAsync(places);
        directory.EndMoving();
        if (manifest.Missing.Count > 0)
        {
            await output.WriteLineAsync($"{manifest.Missing.Count:N0} body files were missing already when the backup was made.");
        }

        await output.WriteLineAsync(options.Value.Provider == StorageProvider.Sqlite
            ? "Restored. Start the server; it upgrades the schema where needed."
            : "The files are restored. Restore the database with SQL Server (RESTORE DATABASE), then start the server.");
    }

    private async Task CheckAsync(BackupManifest manifest, CancellationToken cancel)
    {
        if (manifest.Provider != options.Value.Provider)
        {
            throw new OperationException($"The backup is of storage {manifest.Provider}, this installation uses {options.Value.Provider}.");
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if (manifest.Migrations.FirstOrDefault(migration => !known.Contains(migration)) is { } newer)
        {
            throw new OperationException($"The backup's schema is newer than this version: it has '{newer}'. Restore it with version {manifest.Version} or later.");
        }
    }

    /// <summary>Everything a restore replaces. The database comes last: when it is there, all that it refers to is.</summary>
    private List<Place> Places()
    {
        var places = DataDirectory.Folders.Select(name => new Place(directory.At(name), $"{name}/")).ToList();
        if (options.Value.Provider == StorageProvider.Sqlite)
        {
            var database = Path.GetFullPath(new SqliteConnectionStringBuilder(options.Value.ConnectionString).DataSource);

            // A journal that stayed behind would be taken for the new database's.
            // Nor may deliveries come out of an inbox that belongs to another time.
            var inbox = SqliteInboxFile.PathOf(options.Value.ConnectionString);
            places.AddRange(new[] { database, inbox }.SelectMany(file => new[] { new Place(file + "-wal", null), new Place(file + "-shm", null) }));
            places.AddRange([new Place(inbox, null), new Place(database, BackupManifest.Database)]);
        }

        return places;
    }

    /// <summary>An empty folder is made by every command, and holds nothing.</summary>
    private static bool IsUsed(Place place) =>
        File.Exists(place.Target) || (Directory.Exists(place.Target) && Directory.EnumerateFiles(place.Target, "*", SearchOption.AllDirectories).Any());

    private async Task UnpackAsync(BackupFile backup, List<Place> places, CancellationToken cancel)
    {
        foreach (var staging in places.Select(place => place.Staging).Distinct())
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }

        await output.WriteLineAsync("unpacking");
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in backup.Manifest.Entries)
        {
            var place = places.Single(place => place.Entry is { } name && (name == entry.Path || (name.EndsWith('/') && entry.Path.StartsWith(name, StringComparison.Ordinal))));
            var path = place.Entry == entry.Path ? place.Staged : Path.Combine(place.Staged, entry.Path[place.Entry!.Length..]);
            var folder = Path.GetDirectoryName(path)!;
            CreateFolder(folder);
            folders.Add(folder);
            await using var target = Create(path);
            await backup.CopyAsync(entry, target, cancel);
            await target.FlushAsync(cancel);
            target.Flush(flushToDisk: true);
        }

        foreach (var folder in folders)
        {
            DurableFolder.Sync(folder);
        }
    }

    private async Task MoveAsync(List<Place> places)
    {
        var aside = $"before-restore-{time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N")[..4]}";
        foreach (var place in places.Where(IsUsed))
        {
            var folder = Path.Combine(place.Container, aside);
            DurableFolder.Create(folder);
            Move(place.Target, Path.Combine(folder, Path.GetFileName(place.Target)));
            DurableFolder.Sync(folder);
            DurableFolder.Sync(place.Container);
            await output.WriteLineAsync($"moved aside: {Path.Combine(folder, Path.GetFileName(place.Target))}");
        }

        foreach (var place in places)
        {
            if (Directory.Exists(place.Staged) && Directory.Exists(place.Target))
            {
                Directory.Delete(place.Target, recursive: true);
            }

            if (Path.Exists(place.Staged))
            {
                Move(place.Staged, place.Target);
            }

            DurableFolder.Sync(place.Container);
        }

        foreach (var staging in places.Select(place => place.Staging).Distinct().Where(Directory.Exists))
        {
            Directory.Delete(staging, recursive: true);
        }
    }

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to);
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Create(string path)
    {
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 128 * 1024, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, how);
    }

    /// <summary>Where a file or folder of the backup goes.</summary>
    /// <param name="Target">Its place.</param>
    /// <param name="Entry">Its name in the backup, with a slash at the end when it is a folder; null for what is only moved aside.</param>
    private sealed record Place(string Target, string? Entry)
    {
        /// <summary>Moves stay on one file system: the database may be configured to lie elsewhere.</summary>
        public string Container => Path.GetDirectoryName(Target)!;

        public string Staging => Path.Combine(Container, Restore.Staging);

        public string Staged => Path.Combine(Staging, Path.GetFileName(Target));
    }
}
