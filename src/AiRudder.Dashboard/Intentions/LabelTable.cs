using System.Collections.Frozen;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Intentions;

/// <summary>
/// What labels mean, kept in memory: asked for with every row of every page. Read again a few seconds after another node may
/// have changed it, and at once after this one did.
/// </summary>
public sealed class LabelTable(IDbContextFactory<DashboardDb> contexts, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DescriptionsFresh = TimeSpan.FromMinutes(1);

    /// <summary>So many of the newest calls are looked at for AIRUDDER's own words.</summary>
    private const int DescribedCalls = 2000;

    private readonly SemaphoreSlim reading = new(1, 1);
    private Held? held;

    /// <summary>The table as it is now, give or take <see cref="Fresh"/>.</summary>
    public async ValueTask<LabelLooks> ReadAsync(CancellationToken cancel = default)
    {
        if (Volatile.Read(ref held) is { } ready && ready.At > time.GetUtcNow() - Fresh)
        {
            return ready.Looks;
        }

        await reading.WaitAsync(cancel);
        try
        {
            var now = time.GetUtcNow();
            if (held is { } other && other.At > now - Fresh)
            {
                return other.Looks;
            }

            await using var db = await contexts.CreateDbContextAsync(cancel);
            var rows = await db.LabelMeanings.AsNoTracking().Where(row => row.ValidFrom <= now).ToListAsync(cancel);
            var (described, describedAt) = held is { } old && old.DescribedAt > now - DescriptionsFresh
                ? (old.Described, old.DescribedAt)
                : (await DescribeAsync(db, cancel), now);
            var next = new Held(now, new LabelLooks(rows, described), described, describedAt);
            Volatile.Write(ref held, next);
            return next.Looks;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Gives a label its words, colour and meanings; a promise can only come from the right party.</summary>
    /// <param name="key">Which label; without a robot for every robot of the connection that has no row of its own.</param>
    /// <param name="words">Shown beside the letter.</param>
    /// <param name="color">1 to 7.</param>
    /// <param name="meanings">Business classes.</param>
    /// <param name="from">First local day on which it holds, what it meant before stays; null for all days, whatever it meant before.</param>
    /// <param name="cancel">Stops the queries.</param>
    public async Task SaveAsync(LabelKey key, string words, int color, Meaning meanings, DateOnly? from, CancellationToken cancel)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancel))
        {
            await SaveAsync(db, key, words, color, meanings, from, cancel);
            await db.SaveChangesAsync(cancel);
        }

        Changed();
    }

    /// <summary>Gives many labels a meaning, on all days, where they have none.</summary>
    public async Task AdoptAsync(IReadOnlyCollection<LabelMeaning> rows, CancellationToken cancel)
    {
        var looks = await ReadAsync(cancel);
        await using (var db = await contexts.CreateDbContextAsync(cancel))
        {
            foreach (var row in rows.Where(row => !looks.Of(row.ConnectionId, row.RobotHash, row.Label).Mapped))
            {
                await SaveAsync(db, new LabelKey(row.ConnectionId, row.RobotHash, row.Label), row.Words, row.Color, row.Meanings, null, cancel);
            }

            await db.SaveChangesAsync(cancel);
        }

        Changed();
    }

    private static async Task SaveAsync(DashboardDb db, LabelKey key, string words, int color, Meaning meanings, DateOnly? from, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrEmpty(key.Label);
        if ((meanings & Meaning.Promise) != 0)
        {
            meanings |= Meaning.RightParty;
        }

        var rows = await db.LabelMeanings
            .Where(meaning => meaning.ConnectionId == key.ConnectionId && meaning.RobotHash == key.Robot && meaning.Label == key.Label)
            .OrderBy(meaning => meaning.ValidFrom)
            .ToListAsync(cancel);
        var begin = DateTimeOffset.UnixEpoch;
        if (from is { } day)
        {
            var zone = await db.Connections.Where(connection => connection.Id == key.ConnectionId).Select(connection => connection.TimeZone).SingleAsync(cancel);
            begin = new LocalDays(zone).StartOf(day);
        }
        else
        {
            db.RemoveRange(rows.Skip(1));
            rows = [.. rows.Take(1)];
        }

        var row = from is null ? rows.FirstOrDefault() : rows.Find(one => one.ValidFrom == begin);
        if (row is null)
        {
            row = new LabelMeaning { ConnectionId = key.ConnectionId, RobotHash = key.Robot, Label = key.Label, Words = words };
            db.Add(row);
        }

        (row.Words, row.Color, row.Meanings, row.ValidFrom) = (words, color, meanings, begin);
    }

    /// <summary>The next reader reads again.</summary>
    public void Changed()
    {
        if (Volatile.Read(ref held) is { } old)
        {
            Volatile.Write(ref held, old with { At = DateTimeOffset.MinValue });
        }
    }

    public void Dispose() => reading.Dispose();

    private static async Task<IReadOnlyDictionary<LabelKey, string>> DescribeAsync(DashboardDb db, CancellationToken cancel)
    {
        var newest = await Newest(db).ToListAsync(cancel);
        var ids = newest.ConvertAll(row => row.CallId);
        var words = await db.CallDetails.AsNoTracking()
            .Where(detail => ids.Contains(detail.CallId) && detail.LabelDescription != null)
            .Select(detail => new { detail.CallId, detail.LabelDescription })
            .ToDictionaryAsync(row => row.CallId, row => row.LabelDescription!, cancel);
        return newest.Where(row => words.ContainsKey(row.CallId)).ToFrozenDictionary(row => new LabelKey(row.ConnectionId, row.Robot, row.Label), row => words[row.CallId]);
    }

    /// <summary>The newest described call of each label among the newest calls.</summary>
    public static IQueryable<NewestOfLabel> Newest(DashboardDb db) =>
        from call in db.Calls.AsNoTracking().OrderByDescending(call => call.Id).Take(DescribedCalls)
        join detail in db.CallDetails on call.Id equals detail.CallId
        where call.Label != null && detail.LabelDescription != null
        group call.Id by new { call.ConnectionId, call.RobotHash, call.Label } into calls
        select new NewestOfLabel(calls.Key.ConnectionId, calls.Key.RobotHash, calls.Key.Label, calls.Max());

    private sealed record Held(DateTimeOffset At, LabelLooks Looks, IReadOnlyDictionary<LabelKey, string> Described, DateTimeOffset DescribedAt);
}

public sealed record NewestOfLabel(int ConnectionId, string? Robot, string? Label, long CallId);
