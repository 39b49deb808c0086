using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage;

/// <summary>
/// What lies in the data directory, and who may use it. Every process that works with it holds its lock together with the others;
/// whoever replaces what is in it holds the lock alone. The operating system gives the lock back when a process is killed.
/// </summary>
public sealed class DataDirectory(IOptions<StorageOptions> storage) : IDisposable
{
    /// <summary>Folders that belong to the product. A backup holds every one of them that exists.</summary>
    public static readonly IReadOnlyList<string> Folders = [Bodies, "keys", "recordings"];

    /// <summary>Bodies too large for a row; the database names them.</summary>
    public const string Bodies = "bodies";

    /// <summary>Tells when the last backup was taken.</summary>
    public const string LastBackup = "last-backup.json";

    /// <summary>There while a restore moves things: what is in the directory is then neither the old nor the new.</summary>
    private const string Unfinished = "restore.unfinished";

    private const string Lock = "in-use.lock";

    private FileStream? held;

    public string Path { get; } = storage.Value.DataDirectory;

    public bool IsHalfRestored => File.Exists(At(Unfinished));

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Uses the directory together with others.</summary>
    /// <exception cref="DataDirectoryException">A restore is under way, or did not come to its end.</exception>
    public void Share()
    {
        DurableFolder.Create(Path);
        held ??= Open(FileShare.ReadWrite) ?? throw new DataDirectoryException($"A restore into {Path} is under way; start again when it is done.");
        if (IsHalfRestored)
        {
            throw new DataDirectoryException($"A restore into {Path} was interrupted; repeat it. What was there before lies in a folder 'before-restore-...'.");
        }
    }

    /// <summary>Keeps everybody else out until disposal.</summary>
    /// <exception cref="DataDirectoryException">Somebody uses it.</exception>
    public void TakeAlone()
    {
        DurableFolder.Create(Path);
        held ??= Open(FileShare.None) ?? throw new DataDirectoryException($"A server or another command uses {Path}; stop it first.");
    }

    /// <summary>From here to <see cref="EndMoving"/> nobody may start on what is there.</summary>
    public void BeginMoving()
    {
        using (var marker = new FileStream(At(Unfinished), FileMode.OpenOrCreate, FileAccess.Write))
        {
            marker.Flush(flushToDisk: true);
        }

        DurableFolder.Sync(Path);
    }

    public void EndMoving()
    {
        File.Delete(At(Unfinished));
        DurableFolder.Sync(Path);
    }

    public void Dispose() => held?.Dispose();

    private FileStream? Open(FileShare share)
    {
        try
        {
            return new FileStream(At(Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (IOException) when (File.Exists(At(Lock)))
        {
            return null;
        }
    }
}

/// <summary>The data directory cannot be used now; the message is for the operator.</summary>
public sealed class DataDirectoryException(string message) : Exception(message);
