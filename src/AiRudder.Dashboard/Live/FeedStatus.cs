using System.Collections.Concurrent;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Live;

/// <summary>How the feed is doing, at one moment.</summary>
/// <param name="LastAt">Arrival of the newest delivery; null when none ever came.</param>
/// <param name="LastMinute">Deliveries of the last sixty seconds.</param>
/// <param name="Waiting">Deliveries stored more than ten seconds ago and not processed yet.</param>
/// <param name="RunningTasks">Tasks heard of in the last hour that AIRUDDER has not called finished.</param>
public sealed record FeedBeat(DateTimeOffset? LastAt, int LastMinute, int Waiting, int RunningTasks)
{
    /// <summary>AIRUDDER repeats a failed delivery five times, a minute apart; after that it is lost.</summary>
    private static readonly TimeSpan RetryWindow = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Unusual = TimeSpan.FromMinutes(2);

    /// <summary>Class of the pill, its words, and the reason when it is not green.</summary>
    public (string Tone, string Words, string? Reason) Describe(DateTimeOffset now)
    {
        if (LastAt is not { } last)
        {
            return ("calm", T("nothing received yet"), T("No delivery has arrived on this connection."));
        }

        var quiet = now - last;
        var words = T("last delivery {0} ago · {1:N0}/min", Ago(quiet), LastMinute);
        return this switch
        {
            { Waiting: > 0 } => ("warn", T("{0} · {1:N0} waiting", words, Waiting), T("Deliveries are stored but not processed yet.")),
            { RunningTasks: > 0 } when quiet > RetryWindow => ("bad", words, T(RunningTasks, "Nothing for {1} while {0} task is running: AIRUDDER gives up a delivery after five minutes.", "Nothing for {1} while {0} tasks are running: AIRUDDER gives up a delivery after five minutes.", Ago(quiet))),
            { RunningTasks: > 0 } when quiet > Unusual => ("warn", words, T(RunningTasks, "Nothing for {1} while {0} task is running.", "Nothing for {1} while {0} tasks are running.", Ago(quiet))),
            _ when quiet > Unusual => ("calm", words, T("No task is known to be running.")),
            _ => ("", words, null),
        };
    }

    private static string Ago(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => T("{0} s", Math.Max(0, (int)span.TotalSeconds)),
        { TotalMinutes: < 60 } => T("{0} min", (int)span.TotalMinutes),
        { TotalHours: < 48 } => T("{0} h", (int)span.TotalHours),
        _ => T("{0} days", (int)span.TotalDays),
    };
}

/// <summary>Reads the feed's beat at most once a second per connection, however many pages show it.</summary>
public sealed class FeedStatus(IDbContextFactory<DashboardDb> contexts, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, Held> held = new();

    /// <param name="connectionId">One connection, or null for all.</param>
    /// <param name="cancel">The caller's wish; a reading shared with others goes on.</param>
    public Task<FeedBeat> ReadAsync(int? connectionId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var reading = held.AddOrUpdate(
            connectionId ?? 0,
            _ => new Held(now, LoadAsync(connectionId, now)),
            (_, old) => old.At > now.AddMilliseconds(-900) && !old.Beat.IsFaulted ? old : new Held(now, LoadAsync(connectionId, now)));
        return reading.Beat.WaitAsync(cancel);
    }

    private async Task<FeedBeat> LoadAsync(int? connectionId, DateTimeOffset now)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var deliveries = db.Deliveries.AsNoTracking();
        var tasks = db.CallTasks.AsNoTracking();

        // A sum, so that SQLite finds the few that wait by their outcome and not all of a connection by the connection.
        var pending = db.Deliveries.Where(row => row.Outcome == DeliveryOutcome.Pending);
        if (connectionId is { } id)
        {
            deliveries = deliveries.Where(row => row.ConnectionId == id);
            pending = pending.Where(row => row.ConnectionId + 0 == id);
            tasks = tasks.Where(row => row.ConnectionId == id);
        }

        var minuteAgo = now.AddMinutes(-1);
        var late = now.AddSeconds(-10);
        var hourAgo = now.AddHours(-1);
        var last = await deliveries.OrderByDescending(row => row.ReceivedAt).Select(row => (DateTimeOffset?)row.ReceivedAt).FirstOrDefaultAsync();
        var lastMinute = await deliveries.CountAsync(row => row.ReceivedAt > minuteAgo);
        var waiting = await pending.CountAsync(row => row.ReceivedAt < late);
        var running = await tasks.CountAsync(row => row.LastHeardAt > hourAgo && row.Status != TaskState.Finished);
        return new FeedBeat(last, lastMinute, waiting, running);
    }

    private sealed record Held(DateTimeOffset At, Task<FeedBeat> Beat);
}
