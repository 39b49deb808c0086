using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace AiRudder.Simulator;

/// <summary>Posts as the vendor does: anything but 200 is tried again each minute, five times, and then dropped.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore whose wait handle is never made holds nothing.")]
internal sealed class Sender(Uri webhook, HttpClient http, TimeProvider time, double retryFactor = 1)
{
    private const int MaxRetries = 5;
    private const int MostAtOnce = 8;

    // The vendor's patience is not documented; a few seconds are to be expected.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _slots = new(MostAtOnce);
    private readonly TimeSpan _pause = TimeSpan.FromMinutes(1) / retryFactor;
    private int _posted;
    private int _answered;
    private int _retries;
    private int _dropped;
    private int _calls;

    public TrafficProgress Progress => new(_posted, _answered, _retries, _dropped, _calls);

    /// <param name="body">The exact bytes.</param>
    /// <param name="calls">How many calls in it have not been sent before.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task PostAsync(byte[] body, int calls, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _posted);
        Interlocked.Add(ref _calls, calls);
        for (var retry = 0; !await AcceptedAsync(body, cancellationToken); retry++)
        {
            if (retry == MaxRetries)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            await Task.Delay(_pause, time, cancellationToken);
            Interlocked.Increment(ref _retries);
        }

        Interlocked.Increment(ref _answered);
    }

    public static HttpRequestMessage Request(Uri webhook, byte[] body, string contentType = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.TryAddWithoutValidation("User-Agent", "AIRUDDER");
        return request;
    }

    private async Task<bool> AcceptedAsync(byte[] body, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            using var request = Request(webhook, body);
            using var response = await http.SendAsync(request, either.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _slots.Release();
        }
    }
}
