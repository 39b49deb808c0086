using System.Text.Json;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Keeps the index of what was said. It reads the landings in their order from a durable place on, so that nothing has to be told to
/// it: what landed while it was away, before it existed, or on another node is found all the same.
/// </summary>
public sealed class TranscriptIndex(IDbContextFactory<DashboardDb> contexts, WriteGate gate)
{
    private const int LandingsAtOnce = 100;

    /// <summary>Texts in one transaction: the writer is held some hundredths of a second.</summary>
    private const int TextsAtOnce = 20;

    /// <summary>Further back nobody wants to know exactly.</summary>
    private const int MostLandingsCounted = 10_000;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web);

    private long reached;

    /// <summary>Indexes a handful of calls.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> StepAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (!db.Transcripts.HasIndex)
        {
            return false;
        }

        // Read before the pen is taken. Whatever changes meanwhile lands or is noted later, and is read again then.
        var changed = await db.Transcripts.ChangedAsync(TextsAtOnce, cancel);
        var position = await PositionAsync(db, cancel);
        var landings = await After(db, position).Select(landing => new { landing.Sequence, landing.DeliveryId }).Take(LandingsAtOnce).ToListAsync(cancel);
        if (changed.Count == 0 && landings.Count == 0)
        {
            return false;
        }

        var calls = await CallsOf(db, [.. landings.Select(landing => landing.DeliveryId)], reached).Take(TextsAtOnce).ToListAsync(cancel);
        var texts = await CallSnippets.Texts(db, [.. calls.Union(changed)]).ToListAsync(cancel);
        using (await gate.EnterAsync(cancel))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);

            // Drawing nothing takes the pen from other processes too; one that went on from the same place has done the same work.
            await db.DrawAsync(CallListTables.Indexed, 0, cancel);
            var ids = texts.ConvertAll(text => text.CallId);
            var kept = await db.CallDetails.Where(row => ids.Contains(row.CallId)).Select(row => row.CallId).ToListAsync(cancel);
            await db.Transcripts.PutAsync([.. texts.Where(text => kept.Contains(text.CallId)).Select(TextOf)], cancel);
            await db.Transcripts.SettleAsync(changed, cancel);
            var done = calls.Count < TextsAtOnce && landings.Count > 0;
            if (done)
            {
                var last = landings[^1].Sequence;
                await db.Counters.Where(row => row.Name == CallListTables.Indexed && row.Value < last).ExecuteUpdateAsync(row => row.SetProperty(it => it.Value, last), cancel);
            }

            await transaction.CommitAsync(cancel);
            reached = done || calls.Count == 0 ? 0 : calls[^1];
        }

        return true;
    }

    /// <summary>Calls that landed and cannot be found by their words yet; counted up to a bound.</summary>
    public async Task<CallCount> BehindAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (!db.Transcripts.HasIndex)
        {
            return default;
        }

        var counts = await After(db, await PositionAsync(db, cancel)).Select(landing => landing.Calls).Take(MostLandingsCounted + 1).ToListAsync(cancel);
        return new CallCount(counts.Sum(), counts.Count > MostLandingsCounted);
    }

    public static Task<long> PositionAsync(DashboardDb db, CancellationToken cancel) =>
        db.Counters.Where(row => row.Name == CallListTables.Indexed).Select(row => row.Value).SingleAsync(cancel);

    public static IQueryable<Landing> After(DashboardDb db, long position) =>
        db.Landings.AsNoTracking().Where(landing => landing.Sequence > position).OrderBy(landing => landing.Sequence);

    /// <summary>Ids of the calls that these deliveries made or changed, from beyond one on.</summary>
    public static IQueryable<long> CallsOf(DashboardDb db, IReadOnlyList<long> deliveries, long after) =>
        db.CallVersions.Where(version => deliveries.Contains(version.DeliveryId) && version.CallId > after).Select(version => version.CallId).Distinct().OrderBy(id => id);

    internal static List<Turn> Turns(string? json) => json is null ? [] : JsonSerializer.Deserialize<List<Turn>>(json, Readable) ?? [];

    private static SpokenText TextOf(CallSnippets.Spoken text) => new(
        text.CallId,
        string.Join('\n', Turns(text.TurnsJson).SelectMany(turn => new[] { turn.Robot, turn.Callee }).Where(said => !string.IsNullOrEmpty(said))).Normalize(),
        text.Summary?.Normalize() ?? "");
}
