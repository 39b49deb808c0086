using System.Security.Cryptography;

namespace AiRudder.Dashboard.Recordings;

/// <summary>A kept sound, opened. Any part of it is read without the rest.</summary>
public sealed class KeptSound(FileStream file, AesGcm cipher, long bytes) : IAsyncDisposable
{
    private readonly byte[] stored = new byte[SoundChunks.Stored];
    private readonly byte[] plain = new byte[SoundChunks.Plain];

    public long Length => bytes;

    /// <summary>Copies a part. False: the file on disk is not what was kept, and nothing of the bad place was given out.</summary>
    public async Task<bool> CopyToAsync(Stream destination, long first, long length, CancellationToken cancel)
    {
        var last = SoundChunks.Count(bytes) - 1;
        for (var index = first / SoundChunks.Plain; length > 0; index++)
        {
            file.Position = index * SoundChunks.Stored;
            var expected = index == last ? (int)(bytes - (index * SoundChunks.Plain)) : SoundChunks.Plain;
            var wanted = expected + SoundChunks.Overhead;
            var read = await file.ReadAtLeastAsync(stored.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancel);
            if (read != wanted || SoundChunks.Open(cipher, index, index == last, stored.AsSpan(0, wanted), plain) != expected)
            {
                return false;
            }

            var skip = (int)(first - (index * SoundChunks.Plain));
            var count = (int)Math.Min(length, expected - skip);
            await destination.WriteAsync(plain.AsMemory(skip, count), cancel);
            first += count;
            length -= count;
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        cipher.Dispose();
        CryptographicOperations.ZeroMemory(plain);
    }
}
