using System.Security.Cryptography;
using System.Text;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// Learns which calls have a recording to be kept, by reading the landings in their order from a durable place on. Nothing has to be
/// told to it: what landed while it was away, before it existed, or on another node is found all the same.
/// </summary>
public sealed class RecordingFollower(IDbContextFactory<DashboardDb> contexts, WriteGate gate, RecordingShelf shelf, TimeProvider time)
{
    private const int LandingsAtOnce = 200;
    private const int CallsAtOnce = 500;

    private long reached;

    /// <summary>Reads a stretch of landings.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> FollowAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (!await After(db, await PositionAsync(db, cancel)).AnyAsync(cancel))
        {
            return false;
        }

        var dropped = new List<string>();
        using (await gate.EnterAsync(cancel))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);

            // Drawing nothing locks the row: two nodes do not follow the same stretch at once.
            var position = await db.DrawAsync(RecordingTables.Followed, 0, cancel);
            var landings = await After(db, position).Select(landing => new { landing.Sequence, landing.DeliveryId }).Take(LandingsAtOnce).ToListAsync(cancel);
            var calls = await CallsOf(db, [.. landings.Select(landing => landing.DeliveryId)], reached).Take(CallsAtOnce).ToListAsync(cancel);
            foreach (var linked in await Linked(db, calls).ToListAsync(cancel))
            {
                await ExpectAsync(db, linked, dropped, cancel);
            }

            await db.SaveChangesAsync(cancel);
            if (calls.Count == CallsAtOnce)
            {
                reached = calls[^1];
            }
            else if (landings.Count > 0)
            {
                reached = 0;
                await db.DrawAsync(RecordingTables.Followed, (int)(landings[^1].Sequence - position), cancel);
            }

            await transaction.CommitAsync(cancel);
        }

        dropped.ForEach(shelf.Delete);
        return true;
    }

    public static Task<long> PositionAsync(DashboardDb db, CancellationToken cancel) =>
        db.Counters.Where(row => row.Name == RecordingTables.Followed).Select(row => row.Value).SingleAsync(cancel);

    public static IQueryable<Live.Landing> After(DashboardDb db, long position) =>
        db.Landings.AsNoTracking().Where(landing => landing.Sequence > position).OrderBy(landing => landing.Sequence);

    /// <summary>Ids of the calls that these deliveries made or changed, from beyond one on.</summary>
    public static IQueryable<long> CallsOf(DashboardDb db, IReadOnlyList<long> deliveries, long after) =>
        db.CallVersions.Where(version => deliveries.Contains(version.DeliveryId) && version.CallId > after).Select(version => version.CallId).Distinct().OrderBy(id => id);

    /// <summary>Those calls that have a link, with what is known of its recording.</summary>
    public static IQueryable<LinkedCall> Linked(DashboardDb db, IReadOnlyList<long> calls) =>
        from call in db.Calls.AsNoTracking()
        where calls.Contains(call.Id)
        join detail in db.CallDetails on call.Id equals detail.CallId
        where detail.RecordingLink != null
        join recording in db.Recordings on call.Id equals recording.CallId into recordings
        from recording in recordings.DefaultIfEmpty()
        orderby call.Id
        select new LinkedCall(call.Id, call.ConnectionId, call.EndedAt ?? call.ReceivedAt, detail.RecordingLink!, recording);

    public sealed record LinkedCall(long CallId, int ConnectionId, DateTimeOffset At, string Link, Recording? Recording);

    public static byte[] HashOf(string link) => SHA256.HashData(Encoding.UTF8.GetBytes(link));

    private async Task ExpectAsync(DashboardDb db, LinkedCall linked, List<string> dropped, CancellationToken cancel)
    {
        var hash = HashOf(linked.Link);
        var host = HostOf(linked.Link);
        var now = time.GetUtcNow();
        switch (linked.Recording)
        {
            case null:
                db.Recordings.Add(new Recording { CallId = linked.CallId, ConnectionId = linked.ConnectionId, CallAt = linked.At, Host = host, LinkHash = hash, NextAttemptAt = now });
                break;
            case { State: not RecordingState.Kept, Reason: not Recording.Retention } known when !known.LinkHash.AsSpan().SequenceEqual(hash):
                // Another link is another chance. What a running try makes of the old one is thrown away by it.
                await db.Recordings.Where(row => row.CallId == linked.CallId && row.State != RecordingState.Kept).ExecuteUpdateAsync(
                    row => row
                        .SetProperty(it => it.State, RecordingState.Expected)
                        .SetProperty(it => it.Reason, (string?)null)
                        .SetProperty(it => it.Host, host)
                        .SetProperty(it => it.LinkHash, hash)
                        .SetProperty(it => it.Attempts, 0)
                        .SetProperty(it => it.NextAttemptAt, now)
                        .SetProperty(it => it.Validator, (string?)null)
                        .SetProperty(it => it.File, (string?)null)
                        .SetProperty(it => it.Key, (byte[]?)null),
                    cancel);
                if (known.File is { } file)
                {
                    dropped.Add(file);
                }

                break;
        }
    }

    private static string HostOf(string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.IdnHost is { Length: <= Recording.HostLength } host ? host.ToLowerInvariant() : "";
}
