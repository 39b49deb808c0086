using System.Text.Json;
using AiRudder.Dashboard.Webhooks.Gaps;

namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>The receiving nodes together, as they told within a day.</summary>
/// <param name="LastBeat">The latest moment at which one of them could receive; null when none said so within a day.</param>
/// <param name="Refused">By reason, how many requests were refused within about a day.</param>
/// <param name="RetiredTokenAt">When a retired address was last used.</param>
/// <param name="Answers">Of the node that answers slowest, among those that beat.</param>
/// <param name="Disk">Of the node with the least room, among those that beat.</param>
public sealed record Receivers(
    DateTimeOffset? LastBeat, IReadOnlyDictionary<Refusal, long> Refused, DateTimeOffset? RetiredTokenAt, AnswerTimes Answers, (long Free, long Total)? Disk)
{
    /// <summary>Beats are five seconds apart, and this is read every ten.</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromMinutes(1);

    public static Receivers Of(IReadOnlyList<ReceivingSpan> spans, DateTimeOffset now)
    {
        var told = spans.Select(span => (Span: span, Facts: JsonSerializer.Deserialize<ReceiverFacts>(span.Facts) ?? ReceiverFacts.None)).ToList();
        var alive = told.Where(it => it.Span.Until > now - Alive).ToList();
        var refused = new Dictionary<Refusal, long>();
        foreach (var (name, count) in told.SelectMany(it => it.Facts.Refused))
        {
            if (Enum.TryParse<Refusal>(name, out var reason))
            {
                refused[reason] = refused.GetValueOrDefault(reason) + count;
            }
        }

        var tightest = alive.Where(it => it.Facts.DiskShare is not null).OrderBy(it => it.Facts.DiskShare).Select(it => it.Facts).FirstOrDefault();
        return new Receivers(
            spans.Count == 0 ? null : spans.Max(span => span.Until),
            refused,
            told.Max(it => it.Facts.RetiredTokenAt),
            alive.Select(it => it.Facts.Answers).OrderByDescending(answers => answers.P99 ?? -1).FirstOrDefault() ?? AnswerTimes.None,
            tightest is null ? null : (tightest.DiskFree!.Value, tightest.DiskTotal!.Value));
    }
}
