using System.Globalization;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary><c>recompute</c>: counts all figures anew, beside a running server or without one. Interrupted, the next start goes on with it.</summary>
public static class RecomputeVerb
{
    /// <returns>False when it was stopped.</returns>
    public static async Task<bool> RunAsync(IServiceProvider services, TextWriter output, CancellationToken cancel)
    {
        try
        {
            var recomputation = services.GetRequiredService<Recomputation>();
            await recomputation.MarkAsync(null, cancel);
            var connections = await recomputation.RunAsync(new Lines(output), cancel);
            await output.WriteLineAsync($"The figures of {connections} {(connections == 1 ? "connection" : "connections")} are recomputed.");
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopped. A running server or the next start goes on from here; figures say so until then.");
            return false;
        }
    }

    /// <summary>One line per connection and hundredth.</summary>
    private sealed class Lines(TextWriter output) : IProgress<RecomputationProgress>
    {
        private string last = "";

        public void Report(RecomputationProgress value)
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{value.Connection}: {Math.Floor(value.Share * 100):0} %");
            if (line != last)
            {
                output.WriteLine(last = line);
            }
        }
    }
}
