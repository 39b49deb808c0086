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
public sealed class DoorLog
{
    private static readonly Meter Meter = new("AiRudder.Dashboard");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("airudder.webhooks.refused");
    private static readonly Histogram<double> AnswerTime = Meter.CreateHistogram<double>("airudder.webhooks.answer", "s");

    private readonly long[] counts = new long[Enum.GetValues<Refusal>().Length];
    private readonly Lock sync = new();
    private readonly Queue<double> answerTimes = new();

    public void Count(Refusal reason)
    {
        Interlocked.Increment(ref counts[(int)reason]);
        Refused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
    }

    public long this[Refusal reason] => Interlocked.Read(ref counts[(int)reason]);

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

    /// <summary>Seconds below which 99 % of the last thousand answers were given; null when nothing was answered yet.</summary>
    public double? AnswerTimeP99()
    {
        lock (sync)
        {
            return answerTimes.Count == 0 ? null : answerTimes.Order().ElementAt((int)Math.Ceiling(answerTimes.Count * 0.99) - 1);
        }
    }
}
