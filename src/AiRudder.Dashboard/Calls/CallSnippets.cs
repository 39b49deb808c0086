using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>Where in each call the words stand that were searched for: the first place, with what was said around it.</summary>
public static class CallSnippets
{
    public static async Task<IReadOnlyDictionary<long, IReadOnlyList<TextPiece>>> ReadAsync(DashboardDb db, IReadOnlyList<Call> calls, string words, bool reveal, CancellationToken cancel)
    {
        var ids = calls.Select(call => call.Id).ToList();
        var details = await Texts(db, ids).ToListAsync(cancel);
        var attempts = reveal
            ? new List<Attempt>().ToLookup(row => row.CallId)
            : (await db.Attempts.AsNoTracking().Where(row => ids.Contains(row.CallId)).ToListAsync(cancel)).ToLookup(row => row.CallId);
        var snippets = new Dictionary<long, IReadOnlyList<TextPiece>>();
        foreach (var call in calls)
        {
            if (details.Find(row => row.CallId == call.Id) is not { } detail)
            {
                continue;
            }

            // Masked first: a hit in what is withheld shows nothing.
            IReadOnlyList<string> secrets = reveal ? [] : Discretion.Secrets(call, [.. attempts[call.Id]], detail.VariablesJson);
            var found = TranscriptIndex.Turns(detail.TurnsJson).SelectMany(turn => new[] { turn.Robot, turn.Callee }).Append(detail.Summary)
                .Select(text => WordHits.Around(Mask.Within(text, secrets), words)).FirstOrDefault(pieces => pieces is not null);
            if (found is not null)
            {
                snippets[call.Id] = found;
            }
        }

        return snippets;
    }

    public static IQueryable<Spoken> Texts(DashboardDb db, IReadOnlyList<long> ids) =>
        db.CallDetails.AsNoTracking().Where(row => ids.Contains(row.CallId)).Select(row => new Spoken(row.CallId, row.TurnsJson, row.Summary, row.VariablesJson));

    public sealed record Spoken(long CallId, string? TurnsJson, string? Summary, string? VariablesJson);
}
