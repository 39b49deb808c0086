namespace AiRudder.Dashboard.Webhooks.Uploads;

/// <summary>Why a body in an uploaded file cannot be taken.</summary>
public sealed class UnusableBodyException(int line, string reason) : Exception(reason)
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;
}

/// <summary>
/// Finds the bodies in an uploaded file: one JSON body, an array of bodies, or one body a line. Reads forward only and holds a
/// buffer, never the file. What is not JSON is told with its line; the reading goes on behind it.
/// </summary>
public sealed class UploadBodies(Stream file) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    private readonly byte[] buffer = new byte[BufferSize];
    private int start;
    private int end;
    private bool final;
    private int line = 1;
    private int arrayLine;
    private int found;
    private bool lineByLine;
    private BodyStream? current;

    /// <summary>The next body, to be read before the following is asked for; null at the end of the file.</summary>
    /// <exception cref="UnusableBodyException">What stands here is no body. May be asked again for what follows.</exception>
    public async Task<BodyStream?> NextAsync(CancellationToken cancel)
    {
        if (current is not null)
        {
            var before = current;
            current = null;
            await before.DrainAsync(cancel);
        }

        while (await PeekAsync(cancel) is { } next)
        {
            switch (next)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    Take(1);
                    break;
                case 0xEF or 0xBB or 0xBF when found == 0 && line == 1:
                    // A byte order mark.
                    Take(1);
                    break;
                case (byte)'[' when arrayLine == 0:
                    arrayLine = line;
                    Take(1);
                    break;
                case (byte)',' when arrayLine > 0:
                    Take(1);
                    break;
                case (byte)']' when arrayLine > 0:
                    arrayLine = 0;
                    Take(1);
                    break;
                case (byte)'{':
                    found++;
                    return current = new BodyStream(this, line);
                default:
                    throw await PassAsync(cancel);
            }
        }

        if (arrayLine > 0)
        {
            var began = arrayLine;
            arrayLine = 0;
            throw new UnusableBodyException(line, T("The file ends within the array that began in line {0}.", began));
        }

        return null;
    }

    /// <summary>Goes past something that is no object: to the end of its line, or to the next comma of an array.</summary>
    private async Task<UnusableBodyException> PassAsync(CancellationToken cancel)
    {
        found++;
        var at = line;
        var inText = false;
        while (await PeekAsync(cancel) is { } next && next != '\n' && (arrayLine == 0 || inText || next is not ((byte)',' or (byte)']')))
        {
            inText ^= next == '"';
            Take(1);
        }

        return new UnusableBodyException(at, T("No JSON object stands here: a body begins with {."));
    }

    private async ValueTask<byte?> PeekAsync(CancellationToken cancel)
    {
        if (start == end && !final)
        {
            start = 0;
            end = await file.ReadAsync(buffer, cancel);
            final = end == 0;
        }

        return start < end ? buffer[start] : null;
    }

    /// <summary>Whether the file ends here but for blanks; more of them than the buffer holds are nobody's.</summary>
    private async ValueTask<bool> OnlyBlanksFollowAsync(CancellationToken cancel)
    {
        if (start > 0)
        {
            Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }

        while (!final && end < buffer.Length && buffer.AsSpan(0, end).IndexOfAnyExcept(Blanks) < 0)
        {
            var read = await file.ReadAsync(buffer.AsMemory(end), cancel);
            final = read == 0;
            end += read;
        }

        return final && buffer.AsSpan(0, end).IndexOfAnyExcept(Blanks) < 0;
    }

    private void Take(int count)
    {
        line += buffer.AsSpan(start, count).Count((byte)'\n');
        start += count;
    }

    public void Dispose() => current?.Dispose();

    /// <summary>One body's bytes as they stand in the file.</summary>
    public sealed class BodyStream : Stream
    {
        private readonly UploadBodies source;
        private int depth;
        private bool inText;
        private bool escaped;
        private bool closed;
        private bool ended;
        private UnusableBodyException? broken;

        internal BodyStream(UploadBodies source, int line)
        {
            this.source = source;
            Line = line;
        }

        /// <summary>Where it begins, from 1.</summary>
        public int Line { get; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        /// <exception cref="UnusableBodyException">The body does not end where it should.</exception>
        public override async ValueTask<int> ReadAsync(Memory<byte> target, CancellationToken cancellationToken = default)
        {
            if (broken is not null)
            {
                throw broken;
            }

            if (ended || target.IsEmpty)
            {
                return 0;
            }

            if (await source.PeekAsync(cancellationToken) is null)
            {
                ended = true;
                if (closed)
                {
                    return 0;
                }

                broken = new UnusableBodyException(Line, T("The file ends within this body."));
                throw broken;
            }

            if (closed && !await source.OnlyBlanksFollowAsync(cancellationToken))
            {
                ended = true;
                return 0;
            }

            var held = source.buffer.AsMemory(source.start, Math.Min(source.end - source.start, target.Length));
            var length = closed ? held.Length : Advance(held.Span);
            if (broken is not null)
            {
                source.Take(length);
                throw broken;
            }

            held[..length].CopyTo(target);
            source.Take(length);
            return length;
        }

        /// <summary>How many of these bytes belong to it.</summary>
        private int Advance(ReadOnlySpan<byte> bytes)
        {
            for (var i = 0; i < bytes.Length; i++)
            {
                var letter = bytes[i];
                if (letter == '\n' && (inText || (source.lineByLine && source.arrayLine == 0)))
                {
                    ended = true;
                    broken = new UnusableBodyException(Line, inText ? T("The line ends within a text.") : T("The line ends within this body."));
                    return i;
                }

                if (inText)
                {
                    inText = escaped || letter != '"';
                    escaped = !escaped && letter == '\\';
                    continue;
                }

                inText = letter == '"';
                depth += letter is (byte)'{' or (byte)'[' ? 1 : letter is (byte)'}' or (byte)']' ? -1 : 0;
                if (depth == 0)
                {
                    Close(source.line + bytes[..i].Count((byte)'\n'));
                    return i + 1;
                }
            }

            return bytes.Length;
        }

        private void Close(int lastLine)
        {
            closed = true;
            source.lineByLine |= lastLine == Line && source.arrayLine == 0;

            // The blanks behind a body belong to it when it is all the file holds: the same bytes must be the same delivery.
            ended = source.found > 1 || source.arrayLine > 0;
        }

        internal async Task DrainAsync(CancellationToken cancel)
        {
            var waste = new byte[16 * 1024];
            try
            {
                while (await ReadAsync(waste, cancel) > 0)
                {
                }
            }
            catch (UnusableBodyException)
            {
                // Told already, or of no interest: whoever did not read it to its end knows why.
            }
        }

        public override Task<int> ReadAsync(byte[] target, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(target.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] target, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();
    }
}
