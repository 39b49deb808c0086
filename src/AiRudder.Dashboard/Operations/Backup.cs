using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Webhooks;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Operations;

/// <summary>
/// <c>backup FILE</c>: the database, the bodies it refers to, keys and recordings in one file, while the server receives. The
/// database is read first, as of one moment; body files never change, so that copying them afterwards cannot miss one.
/// </summary>
public sealed class Backup(IOptions<StorageOptions> options, DataDirectory directory, IInboxStore inbox, TimeProvider time, TextWriter output)
{
    /// <summary>Of the files being written: they hold personal data and keys.</summary>
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(3);

    private readonly List<BackupEntry> entries = [];
    private readonly List<string> missing = [];
    private long toldAt;

    public static string Version { get; } =
        typeof(Backup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Writes the backup under another name beside FILE and gives it its name when it is whole and on the disk.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="force">Replace a file that is there.</param>
    /// <param name="cancel">Leaves nothing behind.</param>
    /// <returns>Whether everything that belongs in it is in it.</returns>
    /// <exception cref="OperationException">It cannot be written; in words for the operator.</exception>
    public async Task<bool> WriteAsync(string file, bool force, CancellationToken cancel)
    {
        file = Path.GetFullPath(file);
        var folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            throw new OperationException($"The folder {folder} does not exist.");
        }

        if (Directory.Exists(file) || (File.Exists(file) && !force))
        {
            throw new OperationException($"{file} exists already; another name, or --force to replace it.");
        }

        directory.Share();
        var unique = Guid.NewGuid().ToString("N")[..8];
        var unfinished = $"{file}.{unique}.part";
        var snapshot = $"{file}.{unique}.snapshot";
        try
        {
            var createdAt = time.GetUtcNow();
            toldAt = time.GetTimestamp();
            await using (var stream = Create(unfinished))
            {
                await FillAsync(stream, snapshot, createdAt, cancel);
                await stream.FlushAsync(cancel);
                stream.Flush(flushToDisk: true);
            }

            cancel.ThrowIfCancellationRequested();
            File.Move(unfinished, file, overwrite: force);
            DurableFolder.Sync(folder);
            await RememberAsync(createdAt, cancel);
            await output.WriteLineAsync($"{file}: {entries.Count:N0} entries, {new FileInfo(file).Length / 1024:N0} KB, as of {createdAt:yyyy-MM-dd HH:mm:ss} UTC");
            return missing.Count == 0;
        }
        finally
        {
            File.Delete(unfinished);
            foreach (var left in new[] { "", "-journal", "-wal", "-shm" })
            {
                File.Delete(snapshot + left);
            }
        }
    }

    private async Task FillAsync(Stream stream, string snapshot, DateTimeOffset createdAt, CancellationToken cancel)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        IReadOnlyList<string> migrations = [];
        IReadOnlyList<string> bodies;
        if (options.Value.Provider == StorageProvider.Sqlite)
        {
            Create(snapshot).Dispose();
            await output.WriteLineAsync("database: reading it as of now");

            // Everything that has been acknowledged until now is in the database then.
            await inbox.BringInAsync(cancel);
            await SqliteSnapshot.TakeAsync(options.Value.ConnectionString, snapshot, cancel);
            migrations = await SqliteSnapshot.MigrationsAsync(snapshot, cancel);
            bodies = await SqliteSnapshot.BodyFilesAsync(snapshot, cancel);
            await AddAsync(archive, BackupManifest.Database, snapshot, CompressionLevel.Fastest, cancel);
            File.Delete(snapshot);
        }
        else
        {
            await output.WriteLineAsync("database: not in this file. SQL Server backs it up itself (BACKUP DATABASE); do that first, then this, so that the files of all its bodies are here.");
            bodies = Directory.Exists(directory.At(DataDirectory.Bodies)) ? [.. Directory.EnumerateFiles(directory.At(DataDirectory.Bodies), "*.deflate").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : [];
        }

        await AddBodiesAsync(archive, bodies, cancel);
        foreach (var name in DataDirectory.Folders.Where(name => name != DataDirectory.Bodies))
        {
            await AddFolderAsync(archive, name, cancel);
        }

        var manifest = new BackupManifest(BackupManifest.Newest, Version, createdAt, options.Value.Provider, migrations, missing, entries).Write();
        await using (var entry = await archive.CreateEntry(BackupManifest.Name, CompressionLevel.Fastest).OpenAsync(cancel))
        {
            await entry.WriteAsync(manifest, cancel);
        }

        archive.Comment = BackupManifest.CommentOf(manifest);
    }

    private async Task AddBodiesAsync(ZipArchive archive, IReadOnlyList<string> bodies, CancellationToken cancel)
    {
        for (var i = 0; i < bodies.Count; i++)
        {
            // They are deflated already.
            if (!await AddAsync(archive, $"{DataDirectory.Bodies}/{bodies[i]}", Path.Combine(directory.At(DataDirectory.Bodies), bodies[i]), CompressionLevel.NoCompression, cancel))
            {
                missing.Add(bodies[i]);
            }

            await PulseAsync($"bodies: {i + 1:N0} of {bodies.Count:N0} files");
        }

        await output.WriteLineAsync($"bodies: {bodies.Count - missing.Count:N0} of {bodies.Count:N0} files");
        if (missing.Count > 0)
        {
            await output.WriteLineAsync($"bodies: {missing.Count:N0} that the database refers to are not there, the first is {missing[0]}. Everything else is in the backup.");
        }
    }

    private async Task AddFolderAsync(ZipArchive archive, string name, CancellationToken cancel)
    {
        if (!Directory.Exists(directory.At(name)))
        {
            return;
        }

        var count = 0;
        foreach (var path in Directory.EnumerateFiles(directory.At(name), "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".part", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            // One that is gone by now was dropped by its owner, as it may be at any time.
            if (await AddAsync(archive, $"{name}/{Path.GetRelativePath(directory.At(name), path).Replace('\\', '/')}", path, CompressionLevel.NoCompression, cancel))
            {
                count++;
            }

            await PulseAsync($"{name}: {count:N0} files");
        }

        await output.WriteLineAsync($"{name}: {count:N0} files");
    }

    /// <returns>False when the file is not there.</returns>
    private async Task<bool> AddAsync(ZipArchive archive, string entryPath, string path, CompressionLevel level, CancellationToken cancel)
    {
        FileStream source;
        try
        {
            source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 128 * 1024, useAsync: true);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        await using (source)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var entry = await archive.CreateEntry(entryPath, level).OpenAsync(cancel);
            var buffer = new byte[128 * 1024];
            long length = 0;
            int read;
            while ((read = await source.ReadAsync(buffer, cancel)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await entry.WriteAsync(buffer.AsMemory(0, read), cancel);
                length += read;
                await PulseAsync($"{entryPath}: {length / 1024 / 1024:N0} of {source.Length / 1024 / 1024:N0} MB");
            }

            entries.Add(new BackupEntry(entryPath, length, Convert.ToHexStringLower(hash.GetHashAndReset())));
        }

        return true;
    }

    /// <summary>A line now and then, so that nobody takes a long backup for a hanging one.</summary>
    private async Task PulseAsync(string line)
    {
        if (time.GetElapsedTime(toldAt) > Pulse)
        {
            toldAt = time.GetTimestamp();
            await output.WriteLineAsync(line);
        }
    }

    /// <summary>So that the doctor can say how old the last backup is.</summary>
    private async Task RememberAsync(DateTimeOffset createdAt, CancellationToken cancel)
    {
        var path = directory.At(DataDirectory.LastBackup);
        await File.WriteAllBytesAsync(path + ".part", JsonSerializer.SerializeToUtf8Bytes(new LastBackup(createdAt), JsonSerializerOptions.Web), cancel);
        File.Move(path + ".part", path, overwrite: true);
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
}

/// <summary>What is remembered of the last backup.</summary>
public sealed record LastBackup(DateTimeOffset At)
{
    /// <returns>Null when there was none, or what was remembered cannot be read.</returns>
    public static LastBackup? Read(DataDirectory directory)
    {
        try
        {
            return JsonSerializer.Deserialize<LastBackup>(File.ReadAllBytes(directory.At(DataDirectory.LastBackup)), JsonSerializerOptions.Web);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>An operator's command cannot do what was asked; the message says why.</summary>
public sealed class OperationException(string message) : Exception(message);
