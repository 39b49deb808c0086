using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Fetches recordings from the vendor, within limits. Links go in; only bytes and named failures come out.</summary>
public sealed class VendorRecordings(VendorConnection connection, KnownRecordings known, IOptions<RecordingOptions> options, TimeProvider time) : IDisposable
{
    private readonly HttpClient client = connection.CreateClient();

    /// <summary>What the recording is, from memory or by reading its beginning.</summary>
    public Task<(KnownRecording? Recording, RecordingFailure? Failure)> LookAsync(long callId, Uri link, CancellationToken cancel) =>
        known.Find(link) is { } found
            ? Task.FromResult<(KnownRecording?, RecordingFailure?)>((found, null))
            : PatientlyAsync(patience => BeginAsync(callId, link, patience), cancel);

    /// <summary>Opens the recording, or a part of it. No failure and no sound: the file changed since it was looked at.</summary>
    public Task<(OpenedRecording? Sound, RecordingFailure? Failure)> OpenAsync(KnownRecording recording, Uri link, ByteRange? range, CancellationToken cancel) =>
        PatientlyAsync(patience => OpenWithinAsync(recording, link, range, patience), cancel);

    /// <summary>Opens the recording for keeping, from a byte on when the vendor still has the very file that <paramref name="validator"/> names.</summary>
    public Task<(ArrivingRecording? Sound, RecordingFailure? Failure)> FetchAsync(Uri link, long from, string? validator, CancellationToken cancel) =>
        PatientlyAsync(patience => FetchWithinAsync(link, validator is null ? 0 : from, validator, patience), cancel);

    public void Dispose() => client.Dispose();

    private async Task<(ArrivingRecording?, RecordingFailure?)> FetchWithinAsync(Uri link, long from, string? validator, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link);
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.TryAddWithoutValidation("If-Range", validator);
        }

        var response = await SendAsync(request, cancel);
        try
        {
            var partial = response.StatusCode == HttpStatusCode.PartialContent;
            var range = response.Content.Headers.ContentRange;
            var length = partial ? range?.Length : response.Content.Headers.ContentLength;
            var refusal = from > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable ? RecordingFailure.Changed
                : Refusal(response) is { } refused ? refused
                : partial && (from == 0 || range?.From != from) ? RecordingFailure.VendorFailed
                : length > options.Value.MaxBytes ? RecordingFailure.TooLarge
                : !AudioKind.Fits(response.Content.Headers.ContentType) ? RecordingFailure.NotAudio
                : null;
            if (refusal is not null)
            {
                response.Dispose();
                return (null, refusal);
            }

            var body = await response.Content.ReadAsStreamAsync(cancel);
            var first = new byte[AudioKind.SniffLength];
            var read = await body.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel);
            if (!partial && AudioKind.Sniff(first.AsSpan(0, read)) is null)
            {
                response.Dispose();
                return (null, RecordingFailure.NotAudio);
            }

            return (new ArrivingRecording(response, body, first[..read], partial ? from : 0, length, Validator(response)), null);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>What names this very file, byte for byte; null when the vendor gives nothing that does (RFC 9110, 8.8).</summary>
    private static string? Validator(HttpResponseMessage response) => response.Headers.ETag switch
    {
        { IsWeak: false } tag => tag.ToString(),
        { } => null,
        null => response.Content.Headers.LastModified is { } modified && response.Headers.Date is { } date && date - modified >= TimeSpan.FromMinutes(1)
            ? modified.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
            : null,
    };

    private async Task<(KnownRecording?, RecordingFailure?)> BeginAsync(long callId, Uri link, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = new RangeHeaderValue(0, AudioKind.SniffLength - 1);
        using var response = await SendAsync(request, cancel);
        if (Refusal(response) is { } refusal)
        {
            return (null, refusal);
        }

        var partial = response.StatusCode == HttpStatusCode.PartialContent;
        var length = partial ? response.Content.Headers.ContentRange?.Length : response.Content.Headers.ContentLength;
        if (length > options.Value.MaxBytes)
        {
            return (null, RecordingFailure.TooLarge);
        }

        var first = new byte[AudioKind.SniffLength];
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var read = await body.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel);
        if (AudioKind.Sniff(first.AsSpan(0, read)) is not { } kind || !AudioKind.Fits(response.Content.Headers.ContentType))
        {
            return (null, RecordingFailure.NotAudio);
        }

        var recording = new KnownRecording(kind, length, partial && length is not null, Tag(response, length), callId, time.GetUtcNow());
        known.Keep(link, recording);
        return (recording, null);
    }

    private async Task<(OpenedRecording?, RecordingFailure?)> OpenWithinAsync(KnownRecording recording, Uri link, ByteRange? range, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, link);
        if (range is { } asked && recording.Ranges)
        {
            request.Headers.Range = new RangeHeaderValue(asked.First, asked.Last);
        }

        var response = await SendAsync(request, cancel);
        try
        {
            if (Refusal(response) is { } refusal)
            {
                response.Dispose();
                return (null, refusal);
            }

            var start = 0L;
            var length = response.Content.Headers.ContentLength;
            if (response.StatusCode == HttpStatusCode.PartialContent)
            {
                start = response.Content.Headers.ContentRange?.From ?? -1;
                length = response.Content.Headers.ContentRange?.Length;
            }

            var sound = new OpenedRecording(response, await response.Content.ReadAsStreamAsync(cancel), skip: (range?.First ?? 0) - start, options.Value.MaxBytes);
            await sound.ReadFirstAsync(cancel);

            // A part of a few bytes is too short to judge by; what was learned before stands.
            var stillSound = start > 0 || sound.First.Length < AudioKind.Telling || AudioKind.Sniff(sound.First) == recording.Kind;
            if (length != recording.Length || Tag(response, length) != recording.Tag || sound.Skip < 0 || !stillSound)
            {
                known.Forget(link);
                response.Dispose();
                return (null, null);
            }

            return (sound, null);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        {
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
    }

    private static RecordingFailure? Refusal(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.OK or HttpStatusCode.PartialContent =>
            response.Content.Headers.ContentEncoding.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)) ? RecordingFailure.NotAudio : null,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => RecordingFailure.Gone,
        HttpStatusCode.RequestedRangeNotSatisfiable => RecordingFailure.NotAudio, // an empty file
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => RecordingFailure.Redirected,
        _ => RecordingFailure.VendorFailed,
    };

    /// <summary>What the vendor says about this version of the file, not readable back.</summary>
    private static string Tag(HttpResponseMessage response, long? length) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{response.Headers.ETag}|{response.Content.Headers.LastModified:O}|{length}")).AsSpan(0, 8));

    /// <summary>Ends the wait for a first byte, and gives each way of failing its name.</summary>
    private async Task<(T?, RecordingFailure?)> PatientlyAsync<T>(Func<CancellationToken, Task<(T?, RecordingFailure?)>> fetch, CancellationToken cancel)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(options.Value.FirstByteTimeout);
        try
        {
            return await fetch(patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, RecordingFailure.Late);
        }
        catch (HttpRequestException error) when (error.InnerException is RecordingRefusedException refused)
        {
            return (null, refused.Failure);
        }
        catch (Exception error) when (error is HttpRequestException or IOException && !cancel.IsCancellationRequested)
        {
            return (null, RecordingFailure.Unreachable);
        }
    }
}

/// <summary>A recording that has begun to arrive.</summary>
public sealed class OpenedRecording(HttpResponseMessage response, Stream body, long skip, long most) : IDisposable
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int filled;

    /// <summary>Bytes before the part that was asked for: the vendor ignored the range.</summary>
    public long Skip { get; } = skip;

    public ReadOnlySpan<byte> First => buffer.AsSpan(0, filled);

    internal async Task ReadFirstAsync(CancellationToken cancel) =>
        filled = await body.ReadAtLeastAsync(buffer.AsMemory(0, AudioKind.SniffLength), AudioKind.SniffLength, throwOnEndOfStream: false, cancel);

    /// <summary>Copies the part; <paramref name="length"/> null means to the end. False: the vendor sent less, or more than is allowed.</summary>
    public async Task<bool> CopyToAsync(Stream destination, long? length, CancellationToken cancel)
    {
        var (left, toSkip, sent) = (length ?? long.MaxValue, Skip, 0L);
        while (left > 0)
        {
            if (filled == 0 && (filled = await body.ReadAsync(buffer, cancel)) == 0)
            {
                return length is null;
            }

            var skipped = (int)Math.Min(toSkip, filled);
            var count = (int)Math.Min(left, filled - skipped);
            toSkip -= skipped;
            if ((sent += count) > most)
            {
                return false;
            }

            if (count > 0)
            {
                await destination.WriteAsync(buffer.AsMemory(skipped, count), cancel);
            }

            left -= count;
            filled = 0;
        }

        return true;
    }

    public void Dispose() => response.Dispose();
}
