using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Intentions;

/// <summary>A call with a label, to listen to.</summary>
public sealed record LabelExample(long CallId, DateTimeOffset At, int? Seconds, bool HasRecording);

/// <summary>Finds the newest calls with a label: what it means is heard, not guessed.</summary>
public sealed class LabelExamples(IDbContextFactory<DashboardDb> contexts)
{
    public const int Most = 3;

    public async Task<IReadOnlyDictionary<LabelKey, IReadOnlyList<LabelExample>>> ReadAsync(IReadOnlyCollection<LabelKey> labels, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var found = new Dictionary<LabelKey, IReadOnlyList<LabelExample>>();
        foreach (var key in labels)
        {
            found[key] = await Newest(db, key).ToListAsync(cancel);
        }

        return found;
    }

    public static IQueryable<LabelExample> Newest(DashboardDb db, LabelKey key) =>
        db.Calls.AsNoTracking()
            .Where(call => call.ConnectionId == key.ConnectionId && call.Label == key.Label && call.RobotHash == key.Robot && call.Connected)
            .OrderByDescending(call => call.HasRecording).ThenByDescending(call => call.Id)
            .Select(call => new LabelExample(call.Id, call.OccurredAt, call.DurationSeconds, call.HasRecording))
            .Take(Most);
}
