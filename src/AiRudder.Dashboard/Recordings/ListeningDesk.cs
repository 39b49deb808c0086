using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>What a player needs to begin at once.</summary>
/// <param name="Recording">Our own copy and its state; null when its link has not been followed yet.</param>
/// <param name="Waveform">Null when nobody has drawn it yet.</param>
/// <param name="Nudge">Seconds from transcript to sound, see <see cref="RobotNudge"/>.</param>
/// <param name="KeptUntil">When our copy is deleted.</param>
public sealed record ListeningFacts(Recording? Recording, Waveform? Waveform, double Nudge, DateTimeOffset? KeptUntil);

/// <summary>Reads and keeps what belongs to listening beside the sound itself.</summary>
public sealed class ListeningDesk(IDbContextFactory<DashboardDb> contexts, IOptions<RecordingOptions> options)
{
    public async Task<ListeningFacts> ReadAsync(long callId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var recording = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(row => row.CallId == callId, cancel);
        var waveform = await db.Waveforms.AsNoTracking().SingleOrDefaultAsync(row => row.CallId == callId, cancel);
        var nudge = await NudgeOf(db, callId).SingleOrDefaultAsync(cancel);
        return new ListeningFacts(recording, waveform, nudge, recording is { State: RecordingState.Kept, FetchedAt: { } at } ? at + options.Value.Retention : null);
    }

    public static IQueryable<double> NudgeOf(DashboardDb db, long callId) =>
        from call in db.Calls
        where call.Id == callId
        join nudge in db.Set<RobotNudge>() on new { call.ConnectionId, Robot = call.RobotHash } equals new { nudge.ConnectionId, Robot = (string?)nudge.RobotHash }
        select nudge.Seconds;

    /// <summary>Keeps a browser's waveform, when the recording is kept and has none.</summary>
    public async Task<bool> KeepAsync(Waveform waveform, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var id = waveform.CallId;
        if (!await db.Recordings.AnyAsync(row => row.CallId == id && row.State == RecordingState.Kept, cancel) || await db.Waveforms.AnyAsync(row => row.CallId == id, cancel))
        {
            return false;
        }

        try
        {
            db.Waveforms.Add(waveform);
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            // Another page was first, or the call has been erased: either way there is nothing left to keep.
            return false;
        }

        await db.Recordings.Where(row => row.CallId == id).ExecuteUpdateAsync(row => row.SetProperty(it => it.Seconds, waveform.Seconds), cancel);
        return true;
    }

    /// <summary>Remembers how far text and sound lie apart for the robot of a call.</summary>
    /// <returns>False: the call names no robot, so there is nothing to remember it for.</returns>
    public async Task<bool> NudgeAsync(long callId, double seconds, CancellationToken cancel)
    {
        if (!double.IsFinite(seconds) || Math.Abs(seconds) > RobotNudge.Most)
        {
            return false;
        }

        seconds = Math.Round(seconds, 1);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await RobotOf(db, callId).SingleOrDefaultAsync(cancel) is not { RobotHash: { Length: > 0 and <= RobotNudge.HashLength } hash } robot)
        {
            return false;
        }

        if (!await MoveAsync(db, robot.ConnectionId, hash, seconds, cancel))
        {
            try
            {
                db.Add(new RobotNudge { ConnectionId = robot.ConnectionId, RobotHash = hash, Seconds = seconds });
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException) when (!cancel.IsCancellationRequested)
            {
                // Somebody else's nudge of the same robot was first; the later one counts.
                return await MoveAsync(db, robot.ConnectionId, hash, seconds, cancel);
            }
        }

        return true;
    }

    private static IQueryable<Robot> RobotOf(DashboardDb db, long callId) =>
        db.Calls.Where(call => call.Id == callId).Select(call => new Robot(call.ConnectionId, call.RobotHash));

    private static async Task<bool> MoveAsync(DashboardDb db, int connectionId, string hash, double seconds, CancellationToken cancel) =>
        await db.Set<RobotNudge>().Where(row => row.ConnectionId == connectionId && row.RobotHash == hash)
            .ExecuteUpdateAsync(row => row.SetProperty(it => it.Seconds, seconds), cancel) > 0;

    private sealed record Robot(int ConnectionId, string? RobotHash);
}
