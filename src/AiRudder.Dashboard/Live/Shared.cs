using System.Collections.Concurrent;

namespace AiRudder.Dashboard.Live;

/// <summary>
/// Answers many pages that ask for the same with one reading. Whoever asks gets a reading that begins after the question, so that nobody
/// is shown less than has landed; those who ask while it waits for its turn share it. The first question is answered at once; then
/// readings of one key begin no closer together than the rest, and what takes long is done seldom: no key keeps the store busy for more
/// than a quarter of the time. Nothing belongs to the page that happened to be first: when it goes, the
/// reading goes on.
/// </summary>
/// <param name="time">Clock of the rest.</param>
/// <param name="rest">Least time between the beginnings of two readings of one key.</param>
/// <param name="read">Reads what a key stands for; given what was read last, or the default.</param>
public sealed class Shared<TKey, TValue>(TimeProvider time, TimeSpan rest, Func<TKey, TValue?, Task<TValue>> read)
    where TKey : notnull
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<TKey, Line> lines = new();
    private long looked = time.GetTimestamp();

    /// <summary>Keys that are kept: those asked for in the last minutes.</summary>
    public int Keys => lines.Count;

    /// <param name="key">What is asked for.</param>
    /// <param name="cancel">The caller's wish; a reading shared with others goes on.</param>
    public Task<TValue> ReadAsync(TKey key, CancellationToken cancel)
    {
        Forget();
        var line = lines.GetOrAdd(key, _ => new Line());
        lock (line)
        {
            line.Asked = time.GetTimestamp();

            // Away from the caller's circuit, which may end.
            line.Next ??= Task.Run(() => NextAsync(key, line), CancellationToken.None);
            return line.Next.WaitAsync(cancel);
        }
    }

    private async Task<TValue> NextAsync(TKey key, Line line)
    {
        await line.Turn.WaitAsync();
        try
        {
            if (line.Began is { } before && line.Gap - time.GetElapsedTime(before) is { Ticks: > 0 } pause)
            {
                await Task.Delay(pause, time);
            }

            lock (line)
            {
                // Who asks from here on asks for the reading after this one.
                (line.Next, line.Began) = (null, time.GetTimestamp());
            }

            return line.Last = await read(key, line.Last);
        }
        finally
        {
            var taken = line.Began is { } began ? time.GetElapsedTime(began) : TimeSpan.Zero;
            line.Gap = TimeSpan.FromTicks(Math.Max(rest.Ticks, Math.Min(4 * taken.Ticks, (taken + LongestRest).Ticks)));
            line.Turn.Release();
        }
    }

    private void Forget()
    {
        var before = Volatile.Read(ref looked);
        if (time.GetElapsedTime(before) < Forgotten || Interlocked.CompareExchange(ref looked, time.GetTimestamp(), before) != before)
        {
            return;
        }

        foreach (var (key, line) in lines)
        {
            lock (line)
            {
                if (line.Next is null && time.GetElapsedTime(line.Asked) > Forgotten)
                {
                    lines.TryRemove(key, out _);
                }
            }
        }
    }

    private sealed class Line
    {
        /// <summary>One reading of a key at a time.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);

        /// <summary>Asked for and not begun.</summary>
        public Task<TValue>? Next { get; set; }

        public long? Began { get; set; }

        /// <summary>From the beginning of one reading to that of the next.</summary>
        public TimeSpan Gap { get; set; }

        public long Asked { get; set; }

        public TValue? Last { get; set; }
    }
}
