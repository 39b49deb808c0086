using System.IO.Compression;
using System.Security.Cryptography;
using AiRudder.Dashboard.Storage;

namespace AiRudder.Dashboard.Operations;

/// <summary>A backup that is read. Nothing in it is believed before its hash was seen.</summary>
public sealed class BackupFile : IDisposable
{
    private readonly ZipArchive archive;

    private BackupFile(ZipArchive archive, BackupManifest manifest)
    {
        this.archive = archive;
        Manifest = manifest;
    }

    public BackupManifest Manifest { get; }

    /// <exception cref="OperationException">It is no whole backup, or one of a newer product.</exception>
    public static async Task<BackupFile> OpenAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            throw new OperationException($"There is no file {path}.");
        }

        ZipArchive archive;
        try
        {
            archive = await ZipFile.OpenReadAsync(path, cancel);
        }
        catch (InvalidDataException)
        {
            throw new OperationException($"{path} is no backup, or only a part of one: its table of contents at the end is missing or damaged.");
        }

        try
        {
            return new BackupFile(archive, await ReadManifestAsync(archive, path, cancel));
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Reads every entry to its end.</summary>
    /// <exception cref="OperationException">One of them is not what was written; it is named.</exception>
    public async Task VerifyAsync(CancellationToken cancel)
    {
        foreach (var entry in Manifest.Entries)
        {
            await CopyAsync(entry, Stream.Null, cancel);
        }
    }

    /// <summary>Writes the entry's content, hashing it as it goes.</summary>
    /// <exception cref="OperationException">It is not what was written.</exception>
    public async Task CopyAsync(BackupEntry entry, Stream target, CancellationToken cancel)
    {
        long length = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await using var content = await archive.GetEntry(entry.Path)!.OpenAsync(cancel);
            var buffer = new byte[128 * 1024];
            int read;

            // No further than promised: what unpacks to more is not what was written.
            while (length <= entry.Bytes && (read = await content.ReadAsync(buffer, cancel)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel);
                length += read;
            }
        }
        catch (InvalidDataException)
        {
            throw Damaged(entry.Path);
        }

        if (length != entry.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != entry.Sha256)
        {
            throw Damaged(entry.Path);
        }
    }

    public void Dispose() => archive.Dispose();

    private static OperationException Damaged(string entry) => new($"The backup is damaged: '{entry}' is not what was written. Nothing was restored.");

    private static async Task<BackupManifest> ReadManifestAsync(ZipArchive archive, string path, CancellationToken cancel)
    {
        var bytes = new MemoryStream();
        try
        {
            await using var content = await (archive.GetEntry(BackupManifest.Name) ?? throw new OperationException($"{path} is no backup: it has no {BackupManifest.Name}.")).OpenAsync(cancel);
            await content.CopyToAsync(bytes, cancel);
        }
        catch (InvalidDataException)
        {
            throw Damaged(BackupManifest.Name);
        }

        if (archive.Comment != BackupManifest.CommentOf(bytes.ToArray()) || BackupManifest.Read(bytes.ToArray()) is not { } manifest)
        {
            throw Damaged(BackupManifest.Name);
        }

        if (manifest.Format > BackupManifest.Newest)
        {
            throw new OperationException($"The backup was written by a newer version ({manifest.Version}); restore it with that one.");
        }

        var held = archive.Entries.Select(entry => entry.FullName).Where(name => name != BackupManifest.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var entry in manifest.Entries)
        {
            if (!held.Remove(entry.Path))
            {
                throw new OperationException($"The backup is damaged: '{entry.Path}' is not in it. Nothing was restored.");
            }

            if (!IsOurs(entry.Path))
            {
                throw new OperationException($"The backup holds '{entry.Path}', which no backup of this product holds. Nothing was restored.");
            }
        }

        return held.Count == 0 ? manifest : throw new OperationException($"The backup holds '{held.First()}', which its manifest does not name. Nothing was restored.");
    }

    /// <summary>Nothing is ever written outside the folders that are known.</summary>
    private static bool IsOurs(string path)
    {
        var parts = path.Split('/');
        return path == BackupManifest.Database ||
               (parts.Length > 1 && DataDirectory.Folders.Contains(parts[0]) && !path.Contains('\\', StringComparison.Ordinal) && !path.Contains(':', StringComparison.Ordinal) && parts.All(part => part is not ("" or "." or "..")));
    }
}
