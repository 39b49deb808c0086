using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Calls;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>The sound of a call: our own copy, or the vendor's streamed through this server, so that the link never leaves it.</summary>
public sealed partial class RecordingEndpoints(
    CallReader calls, KeptRecordings kept, VendorRecordings vendor, AuditLog audit, IOptions<RecordingOptions> options, ILogger<RecordingEndpoints> log)
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

            if (SoundAnswer.IsDownload(http) && !Permissions.Allows(http.User, Permission.Export))
            {
                await TypedResults.Problem(title: "Not allowed", detail: "Your role may listen, but not take recordings out as files.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(http);
                return;
            }

            if (await HearAsync(http, callId, link, gone) is { } failure)
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

    /// <summary>Our own copy; where there is none yet, the vendor's through us.</summary>
    private async Task<RecordingFailure?> HearAsync(HttpContext http, long callId, string? link, CancellationToken gone)
    {
        var row = await kept.FindAsync(callId, gone);
        return row is { State: RecordingState.Kept } && await kept.AnswerAsync(http, row, (part, length) => WriteDownAsync(http, callId, part, length), gone) ? null
            : row is { State: RecordingState.Gone, Reason: Recording.Retention } ? RecordingFailure.Expired
            : await StreamAsync(http, callId, link, gone);
    }

    /// <summary>Who hears what, before the first byte; when it cannot be written, nothing is sent.</summary>
    private Task WriteDownAsync(HttpContext http, long callId, ByteRange? part, long? length)
    {
        var extent = part is { } some
            ? string.Create(CultureInfo.InvariantCulture, $"bytes {some.First}-{some.Last} of {length}")
            : string.Create(CultureInfo.InvariantCulture, $"whole, {length?.ToString(CultureInfo.InvariantCulture) ?? "unknown number of"} bytes");
        return audit.WriteAsync(
            http,
            SoundAnswer.IsDownload(http) ? AuditAction.Export : AuditAction.Listen,
            string.Create(CultureInfo.InvariantCulture, $"call {callId}"),
            (SoundAnswer.IsDownload(http) ? "recording, " : "") + extent + (http.Request.Headers["X-Purpose"] == "prefetch" ? ", fetched beforehand" : ""));
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

            var answer = new SoundAnswer(recording.Kind.ContentType, recording.Length, $"\"{recording.Tag}\"");
            var (range, answered) = answer.Range(http);
            if (answered)
            {
                return null;
            }

            if (HttpMethods.IsHead(http.Request.Method))
            {
                answer.Describe(http, callId, range: null);
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
                    await WriteDownAsync(http, callId, range, recording.Length);
                    answer.Describe(http, callId, range);
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

    [LoggerMessage(6001, LogLevel.Information, "The recording of call {CallId} cannot be heard: {Reason}")]
    private static partial void LogNotHeard(ILogger log, long callId, string reason);

    [LoggerMessage(6002, LogLevel.Information, "The recording of call {CallId} was cut short")]
    private static partial void LogCutShort(ILogger log, long callId);
}
