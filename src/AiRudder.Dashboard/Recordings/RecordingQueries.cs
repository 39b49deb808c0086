using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Recordings of one host, counted.</summary>
public sealed record HostRecordings(string Host, int Expected, int Kept, int Gone, int Refused)
{
    public int All => Expected + Kept + Gone + Refused;
}

/// <summary>Recordings by how old the call was at the last try.</summary>
/// <param name="Age">Index into <see cref="RecordingQueries.Ages"/>.</param>
/// <param name="State">What became of them.</param>
/// <param name="Count">How many.</param>
public sealed record AgedRecordings(int Age, RecordingState State, int Count);

/// <summary>A recording that is not kept, and why.</summary>
public sealed record LostRecording(long CallId, int ConnectionId, string Host, RecordingState State, string? Reason, int Attempts, DateTimeOffset CallAt, DateTimeOffset? NextAttemptAt);

/// <summary>How links rot: what the panel of recordings shows, and its retries.</summary>
public sealed class RecordingQueries(IDbContextFactory<DashboardDb> contexts, TimeProvider time)
{
    /// <summary>Upper ends in seconds, and words, of the ages that are told apart.</summary>
    public static readonly IReadOnlyList<(long Below, string Words)> Ages =
        [(60, Noted("under 1 min")), (300, Noted("1–5 min")), (3600, Noted("5–60 min")), (86_400, Noted("1–24 h")), (604_800, Noted("1–7 days")), (long.MaxValue, Noted("over 7 days"))];

    public async Task<IReadOnlyList<HostRecordings>> HostsAsync(int? connectionId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var counts = await ByHost(db, connectionId).ToListAsync(cancel);
        return
        [
            .. counts.GroupBy(row => row.Host).Select(host => new HostRecordings(
                host.Key, Of(host, RecordingState.Expected) + Of(host, RecordingState.Fetching), Of(host, RecordingState.Kept), Of(host, RecordingState.Gone), Of(host, RecordingState.Refused)))
                .OrderByDescending(host => host.All).ThenBy(host => host.Host, StringComparer.Ordinal),
        ];

        static int Of(IEnumerable<HostCount> host, RecordingState state) => host.Where(row => row.State == state).Sum(row => row.Count);
    }

    public async Task<IReadOnlyList<AgedRecordings>> AgesAsync(int? connectionId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await ByAge(db, connectionId).ToListAsync(cancel);
    }

    /// <summary>Newest calls first.</summary>
    public async Task<IReadOnlyList<LostRecording>> LostAsync(int? connectionId, int most, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Lost(db, connectionId).Take(most).ToListAsync(cancel);
    }

    /// <summary>Tries again at once. What our own retention deleted is not fetched again.</summary>
    /// <param name="callId">One; null means all that are lost.</param>
    /// <param name="connectionId">Of one connection only.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How many are tried.</returns>
    public async Task<int> RetryAsync(long? callId, int? connectionId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Wanting(db, connectionId).Where(row => callId == null || row.CallId == callId).ExecuteUpdateAsync(
            row => row
                .SetProperty(it => it.State, RecordingState.Expected)
                .SetProperty(it => it.Attempts, 0)
                .SetProperty(it => it.NextAttemptAt, now),
            cancel);
    }

    public static IQueryable<HostCount> ByHost(DashboardDb db, int? connectionId) =>
        Of(db, connectionId).GroupBy(row => new { row.Host, row.State }).Select(group => new HostCount(group.Key.Host, group.Key.State, group.Count()));

    public static IQueryable<AgedRecordings> ByAge(DashboardDb db, int? connectionId) =>
        Of(db, connectionId).Where(row => row.AgeSeconds != null)
            .Select(row => new { row.State, Age = row.AgeSeconds < 60 ? 0 : row.AgeSeconds < 300 ? 1 : row.AgeSeconds < 3600 ? 2 : row.AgeSeconds < 86_400 ? 3 : row.AgeSeconds < 604_800 ? 4 : 5 })
            .GroupBy(row => new { row.Age, row.State })
            .Select(group => new AgedRecordings(group.Key.Age, group.Key.State, group.Count()));

    public static IQueryable<LostRecording> Lost(DashboardDb db, int? connectionId) =>
        Of(db, connectionId)
            .Where(row => row.State != RecordingState.Kept && row.Reason != null && row.Reason != Recording.Retention)
            .OrderByDescending(row => row.CallId)
            .Select(row => new LostRecording(row.CallId, row.ConnectionId, row.Host, row.State, row.Reason, row.Attempts, row.CallAt, row.NextAttemptAt));

    public sealed record HostCount(string Host, RecordingState State, int Count);

    private static IQueryable<Recording> Wanting(DashboardDb db, int? connectionId) =>
        Of(db, connectionId).Where(row => (row.State == RecordingState.Gone || row.State == RecordingState.Refused || (row.State == RecordingState.Expected && row.Attempts > 0)) && (row.Reason == null || row.Reason != Recording.Retention));

    private static IQueryable<Recording> Of(DashboardDb db, int? connectionId) =>
        db.Recordings.AsNoTracking().Where(row => connectionId == null || row.ConnectionId == connectionId);
}
