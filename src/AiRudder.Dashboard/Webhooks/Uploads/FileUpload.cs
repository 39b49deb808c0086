using System.Text.Json;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks.Uploads;

/// <summary>One place of a file that could not be taken.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Reason">In words for a person; quotes nothing of the file.</param>
public sealed record UploadError(int Line, string Reason);

/// <summary>How far an upload is, or how it ended.</summary>
public sealed record UploadTally
{
    /// <summary>Bytes of the file read.</summary>
    public long Bytes { get; init; }

    /// <summary>Bodies stored for the first time.</summary>
    public int Stored { get; init; }

    /// <summary>Bodies whose very bytes were there already.</summary>
    public int Copies { get; init; }

    /// <summary>Places that could not be taken, also beyond those in <see cref="Errors"/>.</summary>
    public int Failed { get; init; }

    /// <summary>The first hundred of them.</summary>
    public IReadOnlyList<UploadError> Errors { get; init; } = [];

    /// <summary>Why it ended before the file did; null when the file was read to its end.</summary>
    public string? Stopped { get; init; }

    /// <summary>Everything in the file is stored, and it was not nothing.</summary>
    public bool Whole => Stopped is null && Failed == 0 && Stored + Copies > 0;
}

/// <summary>
/// Stores the bodies of a file as if AIRUDDER had posted them, by the same way and with the same idempotency: a file may be uploaded
/// again and again. It never takes more of the inbox than a small window, so that the sender's deliveries are not held up.
/// </summary>
public sealed partial class FileUpload(BodyReceiver receiver, Inbox inbox, IOptions<WebhookOptions> options, TimeProvider time, ILogger<FileUpload> log)
{
    /// <summary>Stands where the address of a sender would: nobody posted it.</summary>
    public const string Source = "upload";

    private const int MostErrors = 100;

    /// <summary>Bodies, and bytes of them, that wait for their commit at once.</summary>
    private const int Window = 32;

    private const long WindowBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(300);

    /// <param name="file">Read once, to its end.</param>
    /// <param name="connectionId">Whose calls these are.</param>
    /// <param name="kind">One of <see cref="DeliveryKind.InUrl"/>, or empty: as the URL that would have named it.</param>
    /// <param name="by">Who uploads.</param>
    /// <param name="report">Told now and then how far it is.</param>
    /// <param name="cancel">Ends it; what is stored stays stored.</param>
    public async Task<UploadTally> StoreAsync(Stream file, int connectionId, string kind, string by, Func<UploadTally, Task>? report, CancellationToken cancel)
    {
        var run = new Run(this, connectionId, kind.ToLowerInvariant(), by, new CountedStream(file, options.Value.MaxUploadBytes));
        var reported = time.GetTimestamp();
        try
        {
            using var bodies = new UploadBodies(run.File);
            while (await run.NextAsync(bodies, cancel))
            {
                if (report is not null && time.GetElapsedTime(reported) > BetweenReports)
                {
                    reported = time.GetTimestamp();
                    await report(run.Tally);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            run.Stop(T("It was cancelled."));
        }
        catch (FileTooLargeException)
        {
            run.Stop(T("The file is larger than Webhooks:MaxUploadBytes ({0:N0}); split it.", options.Value.MaxUploadBytes));
        }
        catch (InboxUnavailableException)
        {
            run.Stop(T("The store cannot take deliveries now."));
        }
        catch (Exception error) when (error is IOException or BadHttpRequestException)
        {
            LogNotRead(log, error);
            run.Stop(T("The file could not be read to its end."));
        }

        await run.SettleAsync();
        return run.Tally;
    }

    [LoggerMessage(1401, LogLevel.Warning, "An uploaded file could not be read to its end")]
    private static partial void LogNotRead(ILogger log, Exception error);

    private sealed class FileTooLargeException : Exception;

    /// <summary>One upload on its way.</summary>
    private sealed class Run(FileUpload upload, int connectionId, string kind, string by, CountedStream file)
    {
        private readonly Queue<(int Line, long Bytes, Task<StoredDelivery> Stored)> waiting = new();
        private readonly string headers = JsonSerializer.Serialize(new Dictionary<string, string[]> { ["Content-Type"] = ["application/json"], ["X-Uploaded-By"] = [by] });
        private long waitingBytes;
        private UploadTally tally = new();

        public CountedStream File => file;

        public UploadTally Tally => tally with { Bytes = file.Count };

        public void Stop(string reason) => tally = tally with { Stopped = tally.Stopped ?? reason + " " + T("What was stored until then is kept; upload the file again to go on.") };

        /// <summary>Takes one body of the file to the inbox.</summary>
        /// <returns>Whether there may be more.</returns>
        public async Task<bool> NextAsync(UploadBodies bodies, CancellationToken cancel)
        {
            UploadBodies.BodyStream? body = null;
            try
            {
                body = await bodies.NextAsync(cancel);
                if (body is null)
                {
                    return false;
                }

                await TakeAsync(body, cancel);
            }
            catch (UnusableBodyException error)
            {
                Fail(error.Line, error.Message);
            }
            catch (BodyTooLargeException)
            {
                Fail(body!.Line, T("This body is larger than Webhooks:MaxBodyBytes ({0:N0}).", upload.BodyLimit));
            }

            return true;
        }

        private async Task TakeAsync(UploadBodies.BodyStream body, CancellationToken cancel)
        {
            var received = await upload.Receiver.ReceiveAsync(body, upload.BodyLimit, cancel);
            long bytes = received.Content?.Length ?? 0;
            waitingBytes += bytes;
            waiting.Enqueue((body.Line, bytes, upload.CommitAsync(
                new IncomingDelivery
                {
                    ConnectionId = connectionId,
                    UrlKind = kind,
                    Sha256 = received.Sha256,
                    Bytes = received.Length,
                    ReceivedAt = upload.Now,
                    Source = Source,
                    Headers = headers,
                    Encoding = received.Encoding,
                    Content = received.Content,
                    File = received.File,
                })));
            while (waiting.Count >= Window || waitingBytes > WindowBytes)
            {
                await FirstAsync();
            }
        }

        private async Task FirstAsync()
        {
            var (line, bytes, stored) = waiting.Dequeue();
            waitingBytes -= bytes;
            try
            {
                tally = (await stored).Copies == 1 ? tally with { Stored = tally.Stored + 1 } : tally with { Copies = tally.Copies + 1 };
            }
            catch (InboxUnavailableException)
            {
                Fail(line, T("This body could not be stored."));
                throw;
            }
        }

        /// <summary>Hears of everything that is on its way, so that the counts are true.</summary>
        public async Task SettleAsync()
        {
            while (waiting.Count > 0)
            {
                try
                {
                    await FirstAsync();
                }
                catch (InboxUnavailableException)
                {
                    Stop(T("The store cannot take deliveries now."));
                }
            }
        }

        private void Fail(int line, string reason) => tally = tally with
        {
            Failed = tally.Failed + 1,
            Errors = tally.Errors.Count < MostErrors ? [.. tally.Errors, new UploadError(line, reason)] : tally.Errors,
        };
    }

    private BodyReceiver Receiver => receiver;

    private long BodyLimit => options.Value.MaxBodyBytes;

    private DateTimeOffset Now => time.GetUtcNow();

    private Task<StoredDelivery> CommitAsync(IncomingDelivery delivery) => inbox.StoreAsync(delivery, CancellationToken.None);

    /// <summary>Counts what is read, and ends it beyond a limit.</summary>
    private sealed class CountedStream(Stream inner, long largest) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count += read;
            return Count <= largest ? read : throw new FileTooLargeException();
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reads are asynchronous.");

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
