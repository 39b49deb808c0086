using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>Posts bodies as AIRUDDER does and writes down what it hears.</summary>
internal sealed class Sender : IDisposable
{
    private readonly Uri webhook;
    private readonly Ledger ledger;
    private readonly HttpClient http;
    private int unanswered;

    public Sender(Uri webhook, Ledger ledger, TimeSpan? patience = null)
    {
        this.webhook = webhook;
        this.ledger = ledger;
        http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false })
        {
            Timeout = patience ?? TimeSpan.FromSeconds(20),
        };
    }

    /// <summary>Posts that ended without an answer.</summary>
    public int Unanswered => unanswered;

    /// <summary>Posts new bodies from several posters until told to stop. What gets no answer is posted again after a short breath.</summary>
    /// <param name="posters">How many at once.</param>
    /// <param name="next">Makes a body.</param>
    /// <param name="stop">Ends it; a post under way is still waited for.</param>
    /// <param name="pause">Between the posts of one poster.</param>
    public Task PostAsync(int posters, Func<SentBody> next, CancellationToken stop, TimeSpan pause = default) =>
        Task.WhenAll(Enumerable.Range(0, posters).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var body = next();
                while (await PostAsync(body) is null && !stop.IsCancellationRequested)
                {
                    await Task.Delay(100, CancellationToken.None);
                }

                await Task.Delay(pause, CancellationToken.None);
            }
        })));

    /// <summary>Posts what was not acknowledged again until it is, or the time is over.</summary>
    public async Task RetryAsync(TimeSpan within)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < within && ledger.Unacknowledged.Any())
        {
            await Parallel.ForEachAsync(ledger.Unacknowledged.ToList(), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (body, _) => await PostAsync(body));
            if (ledger.Unacknowledged.Any())
            {
                await Task.Delay(250);
            }
        }
    }

    /// <returns>The status; null when there was no answer.</returns>
    public async Task<HttpStatusCode?> PostAsync(SentBody body, Action<HttpContentHeaders>? headers = null)
    {
        ledger.Try(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new ByteArrayContent(body.Bytes) };
        request.Headers.UserAgent.ParseAdd("AIRUDDER");
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        headers?.Invoke(request.Content.Headers);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await http.SendAsync(request);
            ledger.Took(Stopwatch.GetElapsedTime(started));
            Judge(body, answer);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // Nothing is known: the body may be stored or not, and is sent again.
            Interlocked.Increment(ref unanswered);
            return null;
        }
        catch (TaskCanceledException)
        {
            ledger.Took(Stopwatch.GetElapsedTime(started));
            Interlocked.Increment(ref unanswered);
            return null;
        }
    }

    public void Dispose() => http.Dispose();

    private void Judge(SentBody body, HttpResponseMessage answer)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK when answer.Headers.TryGetValues("X-Delivery-Id", out var ids):
                ledger.Acknowledge(body, ids.Single());
                break;
            case HttpStatusCode.OK:
                ledger.Complain("200 without X-Delivery-Id");
                break;
            case HttpStatusCode.ServiceUnavailable when answer.Headers.RetryAfter is not null:
                ledger.Refuse();
                break;
            case HttpStatusCode.ServiceUnavailable:
                ledger.Complain("503 without Retry-After");
                break;
            default:
                ledger.Complain($"answered {(int)answer.StatusCode}");
                break;
        }
    }
}
