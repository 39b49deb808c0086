using System.Net.Http.Headers;

namespace AiRudder.Simulator;

/// <summary>A body that no sender should send and every receiver gets some day.</summary>
internal sealed record HostileBody(string Name, byte[] Bytes)
{
    public string ContentType { get; init; } = "application/json";

    public string? Encoding { get; init; }

    /// <summary>Posts it once and says what came back.</summary>
    public async Task<string> PostAsync(Uri webhook, HttpClient http, CancellationToken cancellationToken)
    {
        using var request = Sender.Request(webhook, Bytes);
        request.Content!.Headers.ContentType = null;
        if (ContentType.Length > 0)
        {
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        if (Encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(Encoding);
        }

        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return $"{(int)response.StatusCode} {response.ReasonPhrase}";
        }
        catch (HttpRequestException failed)
        {
            return "no answer: " + failed.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }
}
