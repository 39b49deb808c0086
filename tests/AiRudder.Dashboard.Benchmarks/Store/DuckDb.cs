using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>DuckDB with the same calls, asked through its package for Node.js.</summary>
internal sealed class DuckDb : IAnswers
{
    private readonly Process node;

    private DuckDb(Process node)
    {
        this.node = node;
        node.ErrorDataReceived += (_, line) => LastError = line.Data is { Length: > 0 } text ? text : LastError;
        node.BeginErrorReadLine();
    }

    private string? LastError { get; set; }

    /// <exception cref="NotThereException">Node.js or the package is not here.</exception>
    public static async Task<DuckDb> StartAsync(string scratch, string calls, string dials, string meanings)
    {
        var folder = typeof(DuckDb).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(it => it.Key == "DuckDb").Value!;
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            await Command.RunAsync(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"], folder);
        }

        var duck = new DuckDb(Command.Start("node", ["ask.mjs", Path.Combine(scratch, "calls.duckdb"), $"c={calls}", $"d={dials}", $"m={meanings}"], folder));
        await duck.HearAsync();
        return duck;
    }

    public async Task<Taken> AskAsync(IReadOnlyList<string> sql, int times)
    {
        // All statements of a question, one after the other, as often as asked for.
        var sums = new double[times];
        foreach (var statement in sql)
        {
            await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { sql = statement, times }));
            await node.StandardInput.FlushAsync();
            var answer = await HearAsync();
            if (answer.TryGetProperty("error", out var error))
            {
                throw new InvalidOperationException($"DuckDB: {error.GetString()} in {statement}");
            }

            foreach (var (milliseconds, i) in answer.GetProperty("milliseconds").EnumerateArray().Select((it, i) => (it.GetDouble(), i)))
            {
                sums[i] += milliseconds;
            }
        }

        return Taken.Of(sums);
    }

    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        node.Dispose();
    }

    private async Task<JsonElement> HearAsync() =>
        await node.StandardOutput.ReadLineAsync() is { } line ? JsonSerializer.Deserialize<JsonElement>(line) : throw new NotThereException($"node ended: {LastError ?? "it said nothing"}");
}
