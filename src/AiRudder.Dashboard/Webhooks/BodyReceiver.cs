using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>Reads a request's body once: hashed as it comes, in memory while it is small, spooled to a file when it is not.</summary>
public sealed class BodyReceiver(BodyFiles files)
{
    /// <summary>Bytes; a body beyond this goes to a file instead of the row.</summary>
    public const int LargestRow = 1024 * 1024;

    /// <param name="body">The request's body.</param>
    /// <param name="largest">Bytes; beyond it <see cref="BodyTooLargeException"/> is thrown and nothing is kept.</param>
    /// <param name="cancel">The sender went away, or the server stops.</param>
    public async Task<ReceivedBody> ReceiveAsync(Stream body, long largest, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        var memory = new MemoryStream();
        BodyFiles.Spool? spool = null;
        long length = 0;
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer, cancel)) > 0)
            {
                length += read;
                if (length > largest)
                {
                    throw new BodyTooLargeException(length);
                }

                hash.AppendData(buffer, 0, read);
                if (spool is null && length > LargestRow)
                {
                    spool = files.Begin();
                    await spool.WriteAsync(memory.GetBuffer().AsMemory(0, (int)memory.Length), cancel);
                    memory = new MemoryStream();
                }

                if (spool is null)
                {
                    memory.Write(buffer, 0, read);
                }
                else
                {
                    await spool.WriteAsync(buffer.AsMemory(0, read), cancel);
                }
            }

            var sha256 = hash.GetHashAndReset();
            return spool is null
                ? Pack(memory, length, sha256)
                : new ReceivedBody(sha256, length, BodyEncoding.Deflated, null, await files.KeepAsync(spool, sha256, cancel));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (spool is not null)
            {
                await spool.DisposeAsync();
            }
        }
    }

    /// <summary>JSON shrinks to a third or less, which the disk's sync thanks for; what does not shrink stays as it is.</summary>
    private static ReceivedBody Pack(MemoryStream memory, long length, byte[] sha256)
    {
        var plain = memory.GetBuffer().AsSpan(0, (int)memory.Length);
        if (plain.Length > 512)
        {
            using var packed = new MemoryStream(plain.Length / 2);
            using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(plain);
            }

            if (packed.Length < plain.Length)
            {
                return new ReceivedBody(sha256, length, BodyEncoding.Deflated, packed.ToArray(), null);
            }
        }

        return new ReceivedBody(sha256, length, BodyEncoding.AsReceived, plain.ToArray(), null);
    }
}

/// <summary>A body read to its end.</summary>
public sealed record ReceivedBody(byte[] Sha256, long Length, BodyEncoding Encoding, byte[]? Content, string? File);

public sealed class BodyTooLargeException(long length) : Exception("The body is larger than allowed.")
{
    /// <summary>Bytes seen when reading stopped.</summary>
    public long Length { get; } = length;
}
