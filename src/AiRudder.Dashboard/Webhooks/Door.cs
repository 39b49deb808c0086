using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AiRudder.Dashboard.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>
/// Answers AIRUDDER. Whoever knows a valid address hears 200 when the bytes are durable, 413 when they are too many, and 503 when
/// they could not be stored; nothing else makes the sender keep the call. Nothing here looks into a body.
/// </summary>
public sealed partial class Door(
    ConnectionDirectory connections, BodyReceiver receiver, Inbox inbox, DoorLog refusals, IOptions<WebhookOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Door> log)
{
    /// <summary>Headers never kept: they are ours or a proxy's secrets, not the sender's words.</summary>
    private static readonly HashSet<string> Withheld = new(StringComparer.OrdinalIgnoreCase) { "Cookie", "Authorization", "Proxy-Authorization" };

    /// <summary>How long a body that is still on its way may hold up a server that stops.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    public async Task<IResult> ReceiveAsync(HttpContext http, string token, string? kind)
    {
        if (!options.Value.AllowPlainHttp && !http.Request.IsHttps && http.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
        {
            // Refused before the token is looked at, and never redirected: it has already travelled readable.
            refusals.Count(Refusal.PlainHttp);
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        var (connection, retired) = connections.FindByToken(token);
        if (connection is null)
        {
            refusals.Count(retired ? Refusal.RetiredToken : Refusal.UnknownToken);
            return Results.StatusCode(StatusCodes.Status404NotFound);
        }

        if (!HttpMethods.IsPost(http.Request.Method))
        {
            refusals.Count(Refusal.WrongMethod);
            http.Response.Headers.Allow = HttpMethods.Post;
            return Results.StatusCode(StatusCodes.Status405MethodNotAllowed);
        }

        return await StoreAsync(http, connection, kind);
    }

    private async Task<IResult> StoreAsync(HttpContext http, Connection connection, string? kind)
    {
        var started = Stopwatch.GetTimestamp();
        var receivedAt = time.GetUtcNow();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Unavailable(http);
        }

        var largest = options.Value.MaxBodyBytes;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // Ours counts instead, so that the answer and the alarm are ours.
            limit.MaxRequestBodySize = null;
        }

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        await using var stopping = lifetime.ApplicationStopping.UnsafeRegister(source => ((CancellationTokenSource)source!).CancelAfter(LastWord), reading);
        try
        {
            if (http.Request.ContentLength > largest)
            {
                throw new BodyTooLargeException(http.Request.ContentLength.Value);
            }

            var body = await receiver.ReceiveAsync(http.Request.Body, largest, reading.Token);
            var stored = await inbox.StoreAsync(
                new IncomingDelivery
                {
                    ConnectionId = connection.Id,
                    UrlKind = kind is not null && DeliveryKind.InUrl.Contains(kind) ? kind.ToLowerInvariant() : "",
                    Sha256 = body.Sha256,
                    Bytes = body.Length,
                    ReceivedAt = receivedAt,
                    Source = http.Connection.RemoteIpAddress?.ToString() ?? "",
                    Headers = HeadersOf(http.Request),
                    Encoding = body.Encoding,
                    Content = body.Content,
                    File = body.File,
                },
                http.RequestAborted);
            refusals.Answered(Stopwatch.GetElapsedTime(started), stored.Copies > 1);
            http.Response.Headers["X-Delivery-Id"] = stored.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Results.Text("{}", "application/json");
        }
        catch (BodyTooLargeException error)
        {
            refusals.Count(Refusal.TooLarge);
            LogTooLarge(log, connection.Name, error.Length, largest);
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }
        catch (BadHttpRequestException error)
        {
            refusals.Count(Refusal.CutShort);
            return Results.StatusCode(error.StatusCode == StatusCodes.Status413PayloadTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status408RequestTimeout);
        }
        catch (Exception error) when (error is ConnectionResetException or OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            refusals.Count(Refusal.CutShort);
            return Results.StatusCode(StatusCodes.Status408RequestTimeout);
        }
        catch (Exception error)
        {
            // Whatever it was, nothing is stored, and no other answer makes the sender come again as surely.
            refusals.Count(Refusal.CannotStore);
            LogUnavailable(log, error);
            return Unavailable(http);
        }
    }

    private static IResult Unavailable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "60";
        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    private static string HeadersOf(HttpRequest request) =>
        JsonSerializer.Serialize(request.Headers.Where(header => !Withheld.Contains(header.Key)).ToDictionary(header => header.Key, header => header.Value.ToArray()));

    [LoggerMessage(1201, LogLevel.Error, "A delivery for '{Connection}' of {Bytes} bytes was refused: larger than Webhooks:MaxBodyBytes ({Largest}). Raise the setting; the sender retries for five minutes")]
    private static partial void LogTooLarge(ILogger log, string connection, long bytes, long largest);

    [LoggerMessage(1202, LogLevel.Error, "A delivery could not be stored and was answered 503")]
    private static partial void LogUnavailable(ILogger log, Exception error);
}
