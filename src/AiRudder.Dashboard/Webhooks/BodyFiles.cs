using System.IO.Compression;
using AiRudder.Dashboard.Storage;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Bodies too large for a row, as deflated files under <c>bodies</c> in the data directory. A file's name is the hash of the
/// bytes received, so copies of a body are one file and an interrupted write leaves nothing that could be taken for whole.
/// </summary>
public sealed class BodyFiles(IOptions<StorageOptions> storage, TimeProvider time)
{
    /// <summary>A body of which nothing has come for this long is not arriving any more.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    private readonly string folder = Path.Combine(storage.Value.DataDirectory, "bodies");

    /// <summary>Where a body is written while it arrives; <see cref="KeepAsync"/> or disposal ends it.</summary>
    public Spool Begin()
    {
        DurableFolder.Create(folder);
        return new Spool(Path.Combine(folder, $"{Guid.NewGuid():N}.part"));
    }

    /// <summary>Makes the spooled bytes survive a loss of power under their final name.</summary>
    /// <returns>The file's name.</returns>
    public async Task<string> KeepAsync(Spool spool, byte[] sha256, CancellationToken cancel)
    {
        await spool.FinishAsync(cancel);
        var name = Convert.ToHexStringLower(sha256) + ".deflate";
        File.Move(spool.Path, Path.Combine(folder, name), overwrite: true);
        DurableFolder.Sync(folder);
        return name;
    }

    public Stream Open(string name) => new DeflateStream(File.OpenRead(Path.Combine(folder, name)), CompressionMode.Decompress);

    public bool Exists(string name) => File.Exists(Path.Combine(folder, name));

    /// <summary>Removes what a crash left half-written; another process may be receiving into this folder meanwhile.</summary>
    public void RemoveUnfinished()
    {
        if (Directory.Exists(folder))
        {
            foreach (var part in new DirectoryInfo(folder).EnumerateFiles("*.part").Where(part => time.GetUtcNow().UtcDateTime - part.LastWriteTimeUtc > LongestSilence))
            {
                part.Delete();
            }
        }
    }

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
            // First of all the space is given back: both streams write what they still hold, which a full disk refuses.
            File.Delete(Path);
            await DiscardAsync(deflate);
            await DiscardAsync(file);
        }

        private static async Task DiscardAsync(Stream stream)
        {
            try
            {
                await stream.DisposeAsync();
            }
            catch (IOException)
            {
                // Nobody wants these bytes any more.
            }
        }
    }
}
