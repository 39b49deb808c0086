using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>The sound of a call, streamed through this server so that the vendor's link never leaves it.</summary>
public sealed partial class RecordingEndpoints(
    CallReader calls, VendorRecordings vendor, IOptions<RecordingOptions> options, ILogger<RecordingEndpoints> log)
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapMethods("/api/calls/{id}/recording", [HttpMethods.Get, HttpMethods.Head], (HttpContext http, string id, RecordingEndpoints recordings) => recordings.AnswerAsync(http, id))
            .RequireAuthorization(nameof(Permission.Listen))
            .WithTags("Calls");

    private async Task AnswerAsync(HttpContext http, string id)
    {
        var gone = http.RequestAborted;
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            if (CallEndpoints.Id(id) is not { } callId || await calls.RecordingLinkAsync(callId, gone) is not { Found: true, Link: var link })
            {
                await CallEndpoints.NoSuchCall().ExecuteAsync(http);
                return;
            }

            if (await StreamAsync(http, callId, link, gone) is { } failure)
            {
                LogNotHeard(log, callId, failure.Reason);
                await TypedResults.Problem(title: failure.Title, detail: failure.Detail, statusCode: failure.Status, extensions: [new("reason", failure.Reason)]).ExecuteAsync(http);
            }
        }
        catch (Exception error) when (gone.IsCancellationRequested && error is OperationCanceledException or IOException)
        {
            // The listener left: players do that at every jump.
        }
    }

    private async Task<RecordingFailure?> StreamAsync(HttpContext http, long callId, string? link, CancellationToken gone)
    {
        if (link is null)
        {
            return RecordingFailure.None;
        }

        var (address, refusal) = RecordingAddress.Check(link, options.Value);
        if (address is null)
        {
            return refusal;
        }

        // Twice: the file may have changed since it was last looked at.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var (recording, unknown) = await vendor.LookAsync(callId, address, gone);
            if (recording is null)
            {
                return unknown;
            }

            var (range, unsatisfiable) = recording.Length is { } length ? ByteRange.Of(RangeHeader(http, recording), length) : (null, false);
            if (unsatisfiable)
            {
                http.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                http.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{recording.Length}");
                return null;
            }

            if (HttpMethods.IsHead(http.Request.Method))
            {
                Describe(http, recording, range: null);
                return null;
            }

            var (sound, failure) = await vendor.OpenAsync(recording, address, range, gone);
            if (failure is not null)
            {
                return failure;
            }

            if (sound is not null)
            {
                using (sound)
                {
                    Describe(http, recording, range);
                    await CopyAsync(http, sound, range?.Length ?? recording.Length, callId, gone);
                }

                return null;
            }
        }

        return RecordingFailure.VendorFailed;
    }

    private async Task CopyAsync(HttpContext http, OpenedRecording sound, long? length, long callId, CancellationToken gone)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(options.Value.TotalTimeout);
        try
        {
            if (await sound.CopyToAsync(http.Response.Body, length, limit.Token))
            {
                return;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException && !gone.IsCancellationRequested)
        {
            // Told by the broken connection below: the status has been sent.
        }

        LogCutShort(log, callId);
        http.Abort();
    }

    private static void Describe(HttpContext http, KnownRecording recording, ByteRange? range)
    {
        var headers = http.Response.Headers;
        headers.ContentType = recording.Kind.ContentType;
        headers.ContentDisposition = "inline";
        headers.ETag = Tag(recording);
        headers.AcceptRanges = recording.Length is null ? "none" : "bytes";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        http.Response.ContentLength = range?.Length ?? recording.Length;
        if (range is { } part)
        {
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = part.ContentRange(recording.Length!.Value);
        }
    }

    /// <summary>The range, unless it is only wanted of a version that this one is not; a date names no version of ours.</summary>
    private static string? RangeHeader(HttpContext http, KnownRecording recording) =>
        HttpMethods.IsGet(http.Request.Method) && (http.Request.Headers.IfRange.Count == 0 || http.Request.Headers.IfRange == Tag(recording))
            ? http.Request.Headers.Range.ToString()
            : null;

    private static string Tag(KnownRecording recording) => $"\"{recording.Tag}\"";

    [LoggerMessage(6001, LogLevel.Information, "The recording of call {CallId} cannot be heard: {Reason}")]
    private static partial void LogNotHeard(ILogger log, long callId, string reason);

    [LoggerMessage(6002, LogLevel.Information, "The recording of call {CallId} was cut short")]
    private static partial void LogCutShort(ILogger log, long callId);
}
