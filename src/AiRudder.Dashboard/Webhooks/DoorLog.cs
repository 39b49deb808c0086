using System.Diagnostics.Metrics;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>Why something was not stored.</summary>
public enum Refusal
{
    UnknownToken,
    RetiredToken,
    WrongMethod,
    TooLarge,
    CutShort,
    CannotStore,
    PlainHttp,
}

/// <summary>What happened at the door since this process started: for the deliveries page and for metrics.</summary>
public sealed class DoorLog(TimeProvider time)
{
    private static readonly Meter Meter = new("AiRudder.Dashboard");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("airudder.webhooks.refused");
    private static readonly Histogram<double> AnswerTime = Meter.CreateHistogram<double>("airudder.webhooks.answer", "s");

    private readonly long[] counts = new long[Enum.GetValues<Refusal>().Length];
    private readonly Lock sync = new();
    private readonly Queue<double> answerTimes = new();

    private long lastRetired;

    /// <summary>When a retired address was last used; null when it was not since this process started.</summary>
    public DateTimeOffset? LastRetiredAt => Interlocked.Read(ref lastRetired) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public void Count(Refusal reason)
    {
        Interlocked.Increment(ref counts[(int)reason]);
        Refused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
        if (reason == Refusal.RetiredToken)
        {
            Interlocked.Exchange(ref lastRetired, time.GetUtcNow().UtcTicks);
        }
    }

    public long this[Refusal reason] => Interlocked.Read(ref counts[(int)reason]);

    /// <summary>All counts, at the place of their <see cref="Refusal"/>.</summary>
    public long[] Counts() => [.. Enum.GetValues<Refusal>().Select(reason => this[reason])];

    public void Answered(TimeSpan elapsed, bool copy)
    {
        AnswerTime.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("copy", copy));
        lock (sync)
        {
            answerTimes.Enqueue(elapsed.TotalSeconds);
            if (answerTimes.Count > 1000)
            {
                answerTimes.Dequeue();
            }
        }
    }

    /// <summary>Of the last thousand answers.</summary>
    public AnswerTimes AnswerTimes()
    {
        double[] times;
        lock (sync)
        {
            times = [.. answerTimes];
        }

        Array.Sort(times);
        return times.Length == 0
            ? Webhooks.AnswerTimes.None
            : new AnswerTimes(times.Length, At(0.5), At(0.99), times.Count(time => time > 1), times.Count(time => time > 5));

        double At(double share) => times[(int)Math.Ceiling(times.Length * share) - 1];
    }
}

/// <summary>How fast a node answered lately.</summary>
/// <param name="Count">Answers looked at.</param>
/// <param name="Median">Seconds; null when there were none.</param>
/// <param name="P99">Seconds below which 99 % were.</param>
/// <param name="OverOne">Answers that took longer than a second.</param>
/// <param name="OverFive">Answers that took longer than five seconds.</param>
public sealed record AnswerTimes(int Count, double? Median, double? P99, int OverOne, int OverFive)
{
    public static readonly AnswerTimes None = new(0, null, null, 0, 0);
}
