using System.Diagnostics;
using System.Text.Json;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>The product under measurement, and what it has not processed yet.</summary>
internal sealed class Subject(Product product) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public Product Product => product;

    public Load Load { get; } = new(product.Webhook);

    /// <summary>Deliveries stored and not processed.</summary>
    public async Task<int> PendingAsync()
    {
        using var lines = new StreamReader(await product.Http.GetStreamAsync(new Uri("/api/deliveries?outcome=pending&format=ndjson", UriKind.Relative)));
        var count = 0;
        while (await lines.ReadLineAsync() is not null)
        {
            count++;
        }

        return count;
    }

    /// <summary>Waits until nothing is pending, so that the work of one round is not done in the next.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> SettleAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Longest)
        {
            using var answer = JsonDocument.Parse(await product.Http.GetStringAsync(new Uri("/api/deliveries?outcome=pending&limit=1", UriKind.Relative)));
            if (answer.RootElement.GetProperty("items").GetArrayLength() == 0)
            {
                return Stopwatch.GetElapsedTime(started);
            }

            await Task.Delay(25);
        }

        throw new InvalidOperationException($"Deliveries were pending for more than {Longest.TotalMinutes:0} minutes.");
    }

    public void Dispose() => Load.Dispose();
}
