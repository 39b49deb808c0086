using System.IO.Compression;
using System.Runtime.InteropServices;
using AiRudder.Dashboard.Storage;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Bodies too large for a row, as deflated files under <c>bodies</c> in the data directory. A file's name is the hash of the
/// bytes received, so copies of a body are one file and an interrupted write leaves nothing that could be taken for whole.
/// </summary>
public sealed partial class BodyFiles(IOptions<StorageOptions> storage)
{
    private readonly string folder = Path.Combine(storage.Value.DataDirectory, "bodies");

    /// <summary>Where a body is written while it arrives; <see cref="KeepAsync"/> or disposal ends it.</summary>
    public Spool Begin()
    {
        Directory.CreateDirectory(folder);
        return new Spool(Path.Combine(folder, $"{Guid.NewGuid():N}.part"));
    }

    /// <summary>Makes the spooled bytes survive a loss of power under their final name.</summary>
    /// <returns>The file's name.</returns>
    public async Task<string> KeepAsync(Spool spool, byte[] sha256, CancellationToken cancel)
    {
        await spool.FinishAsync(cancel);
        var name = Convert.ToHexStringLower(sha256) + ".deflate";
        File.Move(spool.Path, Path.Combine(folder, name), overwrite: true);
        SyncFolder(folder);
        return name;
    }

    public Stream Open(string name) => new DeflateStream(File.OpenRead(Path.Combine(folder, name)), CompressionMode.Decompress);

    public bool Exists(string name) => File.Exists(Path.Combine(folder, name));

    /// <summary>Removes what a crash left half-written. To be called before anything is received.</summary>
    public void RemoveUnfinished()
    {
        if (Directory.Exists(folder))
        {
            foreach (var part in Directory.EnumerateFiles(folder, "*.part"))
            {
                File.Delete(part);
            }
        }
    }

    /// <summary>A rename is durable only once the folder is synced; on Windows the file system journals it.</summary>
    private static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = OpenFolder(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder of bodies could not be opened for syncing (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw new IOException($"The folder of bodies could not be synced (error {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = CloseDescriptor(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);

    /// <summary>A body on its way to a file.</summary>
    public sealed class Spool : IAsyncDisposable
    {
        private readonly FileStream file;
        private readonly DeflateStream deflate;

        internal Spool(string path)
        {
            Path = path;
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 128 * 1024, useAsync: true);
            deflate = new DeflateStream(file, CompressionLevel.Fastest, leaveOpen: true);
        }

        internal string Path { get; }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => deflate.WriteAsync(bytes, cancel);

        internal async Task FinishAsync(CancellationToken cancel)
        {
            await deflate.DisposeAsync();
            await file.FlushAsync(cancel);
            file.Flush(flushToDisk: true);
            await file.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await deflate.DisposeAsync();
            await file.DisposeAsync();
            File.Delete(Path);
        }
    }
}
