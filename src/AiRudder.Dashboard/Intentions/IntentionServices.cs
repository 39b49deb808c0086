using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Metrics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Intentions;

/// <summary>A label of one robot as scripts see it, with its connected calls.</summary>
public sealed record IntentionAnswer(string Connection, string? Robot, string? Label, string? Words, int Color, IReadOnlyList<string> Meanings, bool Mapped, long Connected, double Share);

public sealed record IntentionList(IReadOnlyList<IntentionAnswer> Items, string? Next);

public static class IntentionServices
{
    public static IServiceCollection AddIntentions(this IServiceCollection services)
    {
        services.AddSingleton<LabelTable>();
        services.AddSingleton<LabelExamples>();
        return services;
    }

    public static void MapIntentions(this WebApplication app)
    {
        var group = app.MapGroup("/api/intentions").WithTags("Intentions").RequireAuthorization(nameof(Permission.View));
        group.MapGet("", ListAsync);
    }

    /// <summary>All labels seen within the filter: there are never many, so one page holds them.</summary>
    private static async Task<Results<Ok<IntentionList>, ProblemHttpResult, EmptyHttpResult>> ListAsync(HttpContext http, SummaryQuery summaries, IDbContextFactory<Storage.DashboardDb> contexts)
    {
        var (filter, errors) = ApiFilter.Read(http.Request);
        var lines = ApiFilter.WantsLines(http.Request, errors);
        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        await using var db = await contexts.CreateDbContextAsync(http.RequestAborted);
        var names = await db.Connections.AsNoTracking().ToDictionaryAsync(row => row.Id, row => row.Name, http.RequestAborted);
        var summary = await summaries.ReadAsync(filter, cancel: http.RequestAborted);
        if (summary.Totals.Unknown is { } reason)
        {
            return ApiFilter.Unknown(new FiguresUnknownException(reason));
        }

        var counts = summary.Totals.Calls.ConnectedByLabel;
        var all = counts.Values.Sum();
        var items = counts
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key.Label, StringComparer.Ordinal)
            .Select(pair => Answer(pair.Key, pair.Value, summary.Looks.Of(pair.Key)))
            .ToList();
        if (!lines)
        {
            return TypedResults.Ok(new IntentionList(items, null));
        }

        await ApiFilter.WriteLinesAsync(http, items.ToAsyncEnumerable());
        return TypedResults.Empty;

        IntentionAnswer Answer(LabelKey key, long count, LabelLook look) =>
            new(names[key.ConnectionId], key.Robot, key.Label, look.Words, look.Color, MeaningWords.Names(look.Meanings), look.Mapped, count, (double)count / all);
    }
}
