using System.Security.Cryptography;
using AiRudder.Dashboard.Storage;

namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// A sound on its way into its file. What is complete of an earlier try is verified and counts; a torn end is cut off. Only
/// <see cref="CompleteAsync"/> gives the file its name, after its bytes have reached the disk.
/// </summary>
public sealed class SoundPart : IAsyncDisposable
{
    private readonly string path;
    private readonly string partial;
    private readonly AesGcm cipher;
    private FileStream file;
    private readonly byte[] waiting = new byte[SoundChunks.Plain];
    private readonly byte[] stored = new byte[SoundChunks.Stored];
    private IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int filled;
    private long chunks;

    internal SoundPart(string path, string partial, AesGcm cipher, bool whole)
    {
        this.path = path;
        this.partial = partial;
        this.cipher = cipher;
        IsWhole = whole;

        file = Open(whole ? path : partial);
    }

    /// <summary>Bytes of the sound that are here.</summary>
    public long Length => (chunks * SoundChunks.Plain) + filled;

    /// <summary>An earlier try had got it all and was interrupted before it could say so.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The beginning of what is here, enough to tell its kind.</summary>
    public byte[] First { get; private set; } = [];

    /// <summary>Reads what an earlier try left.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        var plain = new byte[SoundChunks.Plain];
        long good = 0;
        while (await file.ReadAtLeastAsync(stored, stored.Length, throwOnEndOfStream: false, cancel) is > 0 and var read)
        {
            var last = IsWhole && file.Position == file.Length;
            var length = read < stored.Length && !last ? -1 : SoundChunks.Open(cipher, chunks, last, stored.AsSpan(0, read), plain);
            if (length < 0)
            {
                break;
            }

            Take(plain.AsSpan(0, length));
            if (last)
            {
                filled = length;
                return;
            }

            chunks++;
            good = file.Position;
        }

        if (IsWhole)
        {
            // It got its name only after its bytes had reached the disk; a disk that lost them all the same makes it a part again.
            await file.DisposeAsync();
            File.Move(path, partial, overwrite: true);
            file = Open(partial);
            IsWhole = false;
        }

        file.SetLength(good);
        file.Position = good;
    }

    /// <summary>Forgets what is here: the vendor's file is another one now, or cannot be continued.</summary>
    public void Restart()
    {
        file.SetLength(0);
        (filled, chunks, First) = (0, 0, []);
        hash.Dispose();
        hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> sound, CancellationToken cancel)
    {
        Take(sound.Span);
        while (sound.Length > 0)
        {
            // A full chunk waits until more comes: the last one is sealed differently.
            if (filled == waiting.Length)
            {
                await WriteAsync(last: false, cancel);
            }

            var count = Math.Min(sound.Length, waiting.Length - filled);
            sound[..count].CopyTo(waiting.AsMemory(filled));
            filled += count;
            sound = sound[count..];
        }
    }

    /// <summary>Makes the sound survive a loss of power under its name.</summary>
    /// <returns>SHA-256 of the sound.</returns>
    public async Task<byte[]> CompleteAsync(CancellationToken cancel)
    {
        if (!IsWhole)
        {
            await WriteAsync(last: true, cancel);
            file.Flush(flushToDisk: true);
            await file.DisposeAsync();
            File.Move(partial, path, overwrite: true);
            DurableFolder.Sync(Path.GetDirectoryName(path)!);
            IsWhole = true;
        }

        return hash.GetHashAndReset();
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        cipher.Dispose();
        hash.Dispose();
    }

    /// <summary>Not shared: a second process that takes the same recording over must wait until this one is gone.</summary>
    private static FileStream Open(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, useAsync: true);

    private async Task WriteAsync(bool last, CancellationToken cancel)
    {
        var length = SoundChunks.Seal(cipher, chunks, last, waiting.AsSpan(0, filled), stored);
        await file.WriteAsync(stored.AsMemory(0, length), cancel);
        if (!last)
        {
            chunks++;
            filled = 0;
        }
    }

    private void Take(ReadOnlySpan<byte> sound)
    {
        hash.AppendData(sound);
        if (First.Length < AudioKind.SniffLength)
        {
            First = [.. First, .. sound[..Math.Min(sound.Length, AudioKind.SniffLength - First.Length)]];
        }
    }
}
