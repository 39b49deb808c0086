using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Metrics.Rollups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiRudder.Dashboard.Metrics;

public static class MetricServices
{
    public static IServiceCollection AddMetricFigures(this IServiceCollection services)
    {
        services.AddSingleton<SummaryQuery>();
        services.AddSingleton<ComparisonQuery>();
        services.AddSingleton<Recomputation>();
        services.AddHostedService<RollupKeeper>();
        return services;
    }

    public static void MapMetrics(this WebApplication app)
    {
        var group = app.MapGroup("/api/metrics").WithTags("Figures").RequireAuthorization(nameof(Permission.View));
        group.MapGet("/summary", SummaryAsync);
        group.MapGet("/definitions", () => TypedResults.Ok<IReadOnlyList<DefinitionAnswer>>([.. Figures.All.Select(DefinitionAnswer.Of)])).WithSummary("What every figure means, as the glossary page says it");
    }

    private static async Task<Results<Ok<SummaryAnswer>, ProblemHttpResult>> SummaryAsync(HttpContext http, SummaryQuery summaries)
    {
        var (filter, errors) = ApiFilter.Read(http.Request);
        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        var summary = await summaries.ReadAsync(filter, cancel: http.RequestAborted);
        var zone = summary.Zones.Count == 0 ? null : string.Join(", ", summary.Zones);
        return TypedResults.Ok(new SummaryAnswer(filter.From, filter.To, zone, FigureAnswer.Of(summary)));
    }
}
