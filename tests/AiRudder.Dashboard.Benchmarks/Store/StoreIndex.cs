using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>
/// Fills the index of what was said as far as it does not reach. The product's own indexer follows the versions of calls, which a generated
/// store leaves out.
/// </summary>
internal static class StoreIndex
{
    private const int Chunk = 20_000;

    /// <summary>The product's counter of how far its index reaches.</summary>
    private const string Indexed = "transcripts";

    public static async Task FillAsync(StoreFolder folder, TextWriter progress)
    {
        await using var db = await folder.Contexts.CreateDbContextAsync();
        var landings = await db.Counters.Where(row => row.Name == Counter.Landings).Select(row => row.Value).SingleAsync();
        if (!db.Transcripts.HasIndex || await db.Counters.AnyAsync(row => row.Name == Indexed && row.Value >= landings))
        {
            return;
        }

        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;");
        for (var after = 0L; ;)
        {
            var from = after;
            var chunk = await db.CallDetails.AsNoTracking()
                .Where(row => row.CallId > from && row.Summary != null)
                .OrderBy(row => row.CallId)
                .Select(row => new { row.CallId, row.TurnsJson, row.Summary })
                .Take(Chunk)
                .ToListAsync();
            if (chunk.Count == 0)
            {
                break;
            }

            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Transcripts.PutAsync([.. chunk.Select(row => new SpokenText(row.CallId, Said(row.TurnsJson), row.Summary!))], default);
            await transaction.CommitAsync();
            after = chunk[^1].CallId;
            await progress.WriteLineAsync($"words of calls up to {after}");
        }

        await db.Counters.Where(row => row.Name == Indexed).ExecuteUpdateAsync(row => row.SetProperty(it => it.Value, landings));
    }

    private static string Said(string? turns) => turns is null
        ? ""
        : string.Join('\n', JsonSerializer.Deserialize<List<Turn>>(turns, WireJson.Readable)!.SelectMany(turn => new[] { turn.Robot, turn.Callee }).Where(said => said.Length > 0));
}
