using System.Text;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>Deliveries that could not be understood for one reason.</summary>
/// <param name="Words">The reason; each number in it is a #.</param>
/// <param name="Count">Deliveries.</param>
/// <param name="LastId">The newest of them.</param>
public sealed record QuarantineGroup(string Words, int Count, long LastId);

/// <summary>Groups quarantined deliveries by reason: sentences that differ by their numbers only are one reason.</summary>
public static class QuarantineReason
{
    /// <summary>The newest so many are grouped; a flood is described by them.</summary>
    public const int Newest = 10_000;

    private const char Number = '#';

    /// <summary>Quarantined, whole or in part, and not waiting to be processed again.</summary>
    public static IQueryable<Delivery> Bad(DashboardDb db, int? connectionId) =>
        db.Deliveries.Where(row => row.Outcome == DeliveryOutcome.Quarantined || (row.QuarantinedCalls > 0 && row.Outcome != DeliveryOutcome.Pending)).Among(connectionId);

    /// <summary>Only those with this reason; null for all.</summary>
    public static IQueryable<Delivery> With(IQueryable<Delivery> deliveries, string? words)
    {
        if (words is null)
        {
            return deliveries;
        }

        var pattern = Pattern(words);
        return deliveries.Where(row => EF.Functions.Like(row.Reason ?? "", pattern, "\\"));
    }

    public static async Task<IReadOnlyList<QuarantineGroup>> GroupsAsync(DashboardDb db, int? connectionId, CancellationToken cancel)
    {
        var reasons = await Bad(db, connectionId).OrderByDescending(row => row.Id).Take(Newest)
            .GroupBy(row => row.Reason ?? "")
            .Select(group => new { Reason = group.Key, Count = group.Count(), LastId = group.Max(row => row.Id) })
            .ToListAsync(cancel);
        return [.. reasons.GroupBy(row => WordsOf(row.Reason), StringComparer.Ordinal)
            .Select(group => new QuarantineGroup(group.Key, group.Sum(row => row.Count), group.Max(row => row.LastId)))
            .OrderByDescending(group => group.Count)];
    }

    /// <summary>The reason with a # for each number.</summary>
    public static string WordsOf(string reason)
    {
        var words = new StringBuilder(reason.Length);
        for (var i = 0; i < reason.Length; i++)
        {
            var digit = char.IsAsciiDigit(reason[i]);
            var inside = i > 0 && words.Length > 0 && words[^1] == Number && (digit || (reason[i] == ',' && i + 1 < reason.Length && char.IsAsciiDigit(reason[i + 1])));
            if (!inside)
            {
                words.Append(digit ? Number : reason[i]);
            }
        }

        return words.ToString();
    }

    private static string Pattern(string words)
    {
        var pattern = new StringBuilder(words.Length);
        foreach (var letter in words)
        {
            _ = letter switch
            {
                Number => pattern.Append('%'),
                '%' or '_' or '[' or '\\' => pattern.Append('\\').Append(letter),
                _ => pattern.Append(letter),
            };
        }

        return pattern.ToString();
    }
}
