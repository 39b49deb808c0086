using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>What posting showed.</summary>
/// <param name="PerSecond">Answers of 200 a second.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Slowest">Milliseconds.</param>
/// <param name="Refused">Answers other than 200, and posts without an answer.</param>
internal sealed record Measured(double PerSecond, double P50, double P99, double Slowest, int Refused)
{
    public static Measured Of(List<double> milliseconds, double seconds, int refused)
    {
        milliseconds.Sort();
        return milliseconds.Count == 0
            ? new Measured(0, double.NaN, double.NaN, double.NaN, refused)
            : new Measured(milliseconds.Count / seconds, At(0.5), At(0.99), milliseconds[^1], refused);

        double At(double share) => milliseconds[Math.Min(milliseconds.Count - 1, (int)(milliseconds.Count * share))];
    }

    /// <summary>The middle of each figure; what was refused is summed.</summary>
    public static Measured Median(IReadOnlyList<Measured> rounds) =>
        new(Middle(rounds, it => it.PerSecond), Middle(rounds, it => it.P50), Middle(rounds, it => it.P99), rounds.Max(it => it.Slowest), rounds.Sum(it => it.Refused));

    private static double Middle(IReadOnlyList<Measured> rounds, Func<Measured, double> figure) => Figures.Median(rounds.Select(figure));
}

/// <summary>Posts over loopback with connections that stay open.</summary>
internal sealed class Load(Uri target) : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Each poster posts the next body when the last one was answered.</summary>
    public async Task<Measured> FloodAsync(int posters, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(Enumerable.Range(0, posters).Select(_ => Task.Run(async () =>
        {
            var taken = new List<double>();
            var refused = 0;
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                var at = Stopwatch.GetTimestamp();
                if (await PostAsync(Bodies.Next()))
                {
                    taken.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                }
                else
                {
                    refused++;
                }
            }

            return (taken, refused);
        })));
        return Measured.Of([.. results.SelectMany(it => it.taken)], Stopwatch.GetElapsedTime(started).TotalSeconds, results.Sum(it => it.refused));
    }

    /// <summary>Posts at a fixed rate whatever the answers; time counts from when a post was due, so that a receiver that stalls cannot hide it.</summary>
    public async Task<Measured> AtRateAsync(int perSecond, TimeSpan time)
    {
        var count = (int)(perSecond * time.TotalSeconds);
        var posts = new Task<(bool Stored, double Milliseconds)>[count];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            var wait = due - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait);
            }

            posts[i] = PostDueAsync(started, due);
        }

        var answers = await Task.WhenAll(posts);
        return Measured.Of([.. answers.Where(it => it.Stored).Select(it => it.Milliseconds)], Stopwatch.GetElapsedTime(started).TotalSeconds, answers.Count(it => !it.Stored));
    }

    public async Task<bool> PostAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await http.SendAsync(request, CancellationToken.None);
            await answer.Content.CopyToAsync(Stream.Null);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<(bool Stored, double Milliseconds)> PostDueAsync(long started, TimeSpan due)
    {
        // A timer wakes a little late, which is no fault of the receiver's: two milliseconds are forgiven, no more.
        var late = Stopwatch.GetElapsedTime(started) - due;
        var from = late > TimeSpan.FromMilliseconds(2) ? due : Stopwatch.GetElapsedTime(started);
        var stored = await PostAsync(Bodies.Next());
        return (stored, (Stopwatch.GetElapsedTime(started) - from).TotalMilliseconds);
    }
}
