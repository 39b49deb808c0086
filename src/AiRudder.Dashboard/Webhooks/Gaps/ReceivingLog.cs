using System.Text.Json;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks.Gaps;

/// <summary>
/// Keeps the record of when this node was able to receive, one beat after the other. A beat is a durable commit of its own and counts
/// only when no delivery failed since the one before. Within the process durations are monotonic: a clock that is set makes no gap.
/// </summary>
public sealed partial class ReceivingLog(
    IDbContextFactory<DashboardDb> contexts, WriteGate gate, Inbox inbox, DoorLog door, IOptions<StorageOptions> storage, TimeProvider time, ILogger<ReceivingLog> log)
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>Nothing shorter is told from the distance of two beats.</summary>
    public static readonly TimeSpan ShortestGap = 2 * Beat;

    /// <summary>Without a beat for this long the process was frozen, or nothing could be written: it was not receiving.</summary>
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(30);

    /// <summary>A good stretch shorter than this may fall between two tries of the sender, and does not end a gap.</summary>
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(1);

    /// <summary>Nodes' clocks may differ by this much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    private readonly Lock sync = new();
    private (DateTimeOffset Wall, long Mark)? last;
    private long span;
    private DateTimeOffset? absentSince;
    private DateTimeOffset? failureSeen = inbox.FailingSince;
    private long notStoredSeen = door[Refusal.CannotStore];
    private long[] refusedAtBegin = door.Counts();

    /// <summary>Since when this node cannot receive, as far as it knows; null while it can.</summary>
    public DateTimeOffset? AbsentSince
    {
        get
        {
            lock (sync)
            {
                return absentSince;
            }
        }
    }

    /// <summary>Says "until now I could", or begins anew after a time in which that was not so. Never throws but for cancellation.</summary>
    public async Task BeatAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var mark = time.GetTimestamp();
        if (DeliveryFailed())
        {
            Interrupt(now, null);
            return;
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(LongestWrite);
            using var pen = await gate.EnterAsync(limit.Token);
            await using var db = await contexts.CreateDbContextAsync(limit.Token);
            db.Database.SetCommandTimeout(LongestWrite);
            await WriteAsync(db, now, limit.Token);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            Interrupt(now, error);
            return;
        }

        last = (now, mark);
        lock (sync)
        {
            absentSince = null;
        }
    }

    private async Task WriteAsync(DashboardDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var elapsed = last is { } before ? time.GetElapsedTime(before.Mark) : TimeSpan.Zero;
        var moved = last is { } known ? now - known.Wall - elapsed : TimeSpan.Zero;
        if (span != 0 && elapsed < Frozen && moved > -ShortestGap)
        {
            var facts = JsonSerializer.Serialize(Facts());
            var until = last is { } proved && proved.Wall > now ? proved.Wall : now;
            if (await db.ReceivingSpans.Where(row => row.Id == span).ExecuteUpdateAsync(row => row.SetProperty(it => it.Until, until).SetProperty(it => it.Facts, facts), cancel) > 0)
            {
                if (moved >= ShortestGap)
                {
                    await NoteAsync(db, new ReceivingGap { From = now - moved, Until = now, Cause = GapCause.ClockMoved }, cancel);
                }

                return;
            }
        }

        await BeginAsync(db, now, elapsed, moved, cancel);
    }

    /// <summary>A new span, and with it what lies between it and all that was known before.</summary>
    private async Task BeginAsync(DashboardDb db, DateTimeOffset now, TimeSpan elapsed, TimeSpan moved, CancellationToken cancel)
    {
        var went = span != 0 && elapsed < Frozen;
        var node = Environment.MachineName;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var ends = await NewestOfEachNode(db).Select(row => new { row.Node, row.Until }).ToListAsync(cancel);
        if (last is not null)
        {
            // Of itself the process knows better: what it measured is right whatever the clock was set to.
            ends.RemoveAll(end => end.Node == node);
            ends.Add(new { Node = node, Until = now - elapsed });
        }

        ReceivingGap? gap = null;
        if (went)
        {
            gap = new ReceivingGap { From = now - moved, Until = now, Cause = GapCause.ClockMoved };
        }
        else if (ends.Count > 0)
        {
            gap = Between(ends.Max(end => end.Until), now, last is null ? GapCause.Absent : GapCause.NotStored);
        }

        if (gap is not null)
        {
            await NoteAsync(db, gap, cancel);
        }

        var begun = new ReceivingSpan { Node = node, From = now, Until = now, Facts = JsonSerializer.Serialize(Facts()) };
        db.Add(begun);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        span = begun.Id;
        refusedAtBegin = door.Counts();
    }

    /// <summary>The span each node was last seen in.</summary>
    public static IQueryable<ReceivingSpan> NewestOfEachNode(DashboardDb db) =>
        db.ReceivingSpans.AsNoTracking().Where(row => db.ReceivingSpans.Where(other => other.Node == row.Node).Max(other => other.Id) == row.Id);

    private static ReceivingGap? Between(DateTimeOffset end, DateTimeOffset now, GapCause cause) => (now - end) switch
    {
        var length when length >= ShortestGap => new() { From = end, Until = now, Cause = cause, MayHaveLost = length >= ReceivingGap.RetryWindow },
        var length when length < -Skew => new() { From = end, Until = now, Cause = GapCause.ClockUnsure, MayHaveLost = true },
        _ => null,
    };

    /// <summary>Adds it to the last one when only a moment of receiving lies between them.</summary>
    private static async Task NoteAsync(DashboardDb db, ReceivingGap gap, CancellationToken cancel)
    {
        var former = await db.ReceivingGaps.OrderByDescending(row => row.Id).FirstOrDefaultAsync(cancel);
        if (former is not null && former.From == gap.From && former.Cause == gap.Cause)
        {
            // Another node, which began in the same moment, has noted it.
            return;
        }

        var real = gap.Cause is GapCause.Absent or GapCause.NotStored;
        if (real && former is { State: GapState.Open, Cause: GapCause.Absent or GapCause.NotStored } && gap.From >= former.Until && gap.From - former.Until < BetweenTries)
        {
            former.Until = gap.Until;
            former.MayHaveLost = former.Until - former.From >= ReceivingGap.RetryWindow;
        }
        else
        {
            db.Add(gap);
        }

        await db.SaveChangesAsync(cancel);
    }

    private bool DeliveryFailed()
    {
        var failing = inbox.FailingSince;
        var notStored = door[Refusal.CannotStore];
        var failed = (failing is not null && failing != failureSeen) || notStored != notStoredSeen;
        (failureSeen, notStoredSeen) = (failing, notStored);
        return failed;
    }

    private void Interrupt(DateTimeOffset now, Exception? error)
    {
        span = 0;
        bool first;
        lock (sync)
        {
            first = absentSince is null;
            absentSince ??= last?.Wall ?? now;
        }

        if (first && error is not null)
        {
            LogNoBeat(log, error);
        }
    }

    private ReceiverFacts Facts()
    {
        var counts = door.Counts();
        var refused = Enum.GetValues<Refusal>()
            .Select(reason => (Name: reason.ToString(), Count: counts[(int)reason] - refusedAtBegin[(int)reason]))
            .Where(it => it.Count > 0)
            .ToDictionary(it => it.Name, it => it.Count);
        var (free, total) = Disk(storage.Value.DataDirectory);
        return new ReceiverFacts(refused, door.LastRetiredAt, door.AnswerTimes(), free, total);
    }

    private static (long? Free, long? Total) Disk(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A network folder on some systems: shown as unknown.
            return (null, null);
        }
    }

    [LoggerMessage(1301, LogLevel.Error, "It cannot be recorded that this node is able to receive: from now on it counts as unable")]
    private static partial void LogNoBeat(ILogger log, Exception error);
}
