using System.IO.Compression;
using System.Text;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>From the bytes received to JSON in UTF-8: unpacks, drops byte-order marks, transcodes. Streams throughout.</summary>
public static class BodyDecoder
{
    /// <summary>A packed body may grow a hundredfold, and this much whatever its ratio.</summary>
    private const int LargestRatio = 100;

    /// <summary>The reason with its value.</summary>
    public static readonly string TooLarge = Noted("The compressed body unpacks to more than {0:N0} bytes, which is not unpacked.");

    private const int HarmlessBytes = 1024 * 1024;

    static BodyDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="received">The exact bytes received.</param>
    /// <param name="receivedBytes">Their number.</param>
    /// <param name="contentEncoding">The header, or null.</param>
    /// <param name="charset">Charset of the content type, or null.</param>
    /// <param name="largest">Bytes a body may unpack to.</param>
    /// <param name="cancel">Stops reading.</param>
    /// <exception cref="UnreadableBodyException">The packing is broken, or unpacks to too much.</exception>
    public static async Task<Stream> OpenAsync(Stream received, long receivedBytes, string? contentEncoding, string? charset, long largest, CancellationToken cancel)
    {
        var bytes = new PeekStream(received);
        var head = await bytes.PeekAsync(cancel);
        Stream? unpacked = contentEncoding?.Trim().ToLowerInvariant() switch
        {
            // A proxy may have unpacked it and left the header; nothing packed begins with a brace.
            _ when head is [] or [(byte)'{', ..] => null,
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            "deflate" when IsZLib(head) => new ZLibStream(bytes, CompressionMode.Decompress),
            "deflate" => new DeflateStream(bytes, CompressionMode.Decompress),
            _ when head is [0x1f, 0x8b, ..] => new GZipStream(bytes, CompressionMode.Decompress),
            _ => null,
        };
        if (unpacked is not null)
        {
            var limit = Math.Min(largest, Math.Max(HarmlessBytes, receivedBytes * LargestRatio));
            bytes = new PeekStream(new LimitedStream(unpacked, limit));
            head = await bytes.PeekAsync(cancel);
        }

        if (EncodingOf(head, charset) is { } encoding)
        {
            bytes = new PeekStream(Encoding.CreateTranscodingStream(bytes, encoding, new UTF8Encoding(false)));
            head = await bytes.PeekAsync(cancel);
        }

        return bytes.SkipMark(head);
    }

    /// <summary>"deflate" means deflated in ZLib's frame, but many senders leave the frame out.</summary>
    private static bool IsZLib(byte[] head) => head is [var method, var flags, ..] && (method & 0x0f) == 8 && ((method << 8) | flags) % 31 == 0;

    /// <summary>The encoding to transcode from; null for UTF-8.</summary>
    private static Encoding? EncodingOf(byte[] head, string? charset)
    {
        switch (head)
        {
            case [0xff, 0xfe, 0x00, 0x00, ..]:
                return Encoding.UTF32;
            case [0xff, 0xfe, ..] or [not 0, 0x00, not 0, 0x00]:
                return Encoding.Unicode;
            case [0xfe, 0xff, ..] or [0x00, not 0, 0x00, not 0]:
                return Encoding.BigEndianUnicode;
            case [0xef, 0xbb, 0xbf, ..]:
                return null;
        }

        if (charset is null || charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            var named = Encoding.GetEncoding(charset.Trim('"'));

            // A wide encoding would have shown itself in the first bytes; believing its name alone would garble UTF-8.
            return named.IsSingleByte && named.CodePage != Encoding.ASCII.CodePage ? named : null;
        }
        catch (ArgumentException)
        {
            // A charset nobody knows: the sender's bodies are UTF-8 by all we know.
            return null;
        }
    }

    /// <summary>Lets the first bytes be looked at before they are read.</summary>
    private sealed class PeekStream(Stream inner) : ReadOnlyStream
    {
        private byte[] head = [];
        private int offset;

        public async Task<byte[]> PeekAsync(CancellationToken cancel)
        {
            var bytes = new byte[4];
            try
            {
                head = bytes[..await inner.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel)];
            }
            catch (Exception error) when (IsDamage(error))
            {
                throw new UnreadableBodyException(Noted("The body says it is compressed, but cannot be unpacked."));
            }

            return head;
        }

        public PeekStream SkipMark(byte[] peeked)
        {
            // A transcoded mark arrives as UTF-8's.
            offset = peeked is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
            return this;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (offset < head.Length)
            {
                var count = Math.Min(buffer.Length, head.Length - offset);
                head.AsMemory(offset, count).CopyTo(buffer);
                offset += count;
                return count;
            }

            try
            {
                return await inner.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception error) when (IsDamage(error))
            {
                throw new UnreadableBodyException(Noted("The compressed body is damaged."));
            }
        }

        /// <summary>Brotli's decoder calls damaged data an invalid operation.</summary>
        private static bool IsDamage(Exception error) => error is InvalidDataException or InvalidOperationException;
    }

    private sealed class LimitedStream(Stream inner, long limit) : ReadOnlyStream
    {
        private long total;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            total += read;
            return total <= limit ? read : throw new UnreadableBodyException(KeptSentences.Write(TooLarge, limit));
        }
    }

    /// <summary>What <see cref="Stream"/> demands of a stream that is only read forward and asynchronously.</summary>
    private abstract class ReadOnlyStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
