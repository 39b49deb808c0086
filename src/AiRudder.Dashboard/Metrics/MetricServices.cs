using AiRudder.Dashboard.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiRudder.Dashboard.Metrics;

public static class MetricServices
{
    public static IServiceCollection AddMetricFigures(this IServiceCollection services)
    {
        services.AddSingleton<SummaryQuery>();
        services.AddSingleton<ComparisonQuery>();
        return services;
    }

    public static void MapMetrics(this WebApplication app)
    {
        var group = app.MapGroup("/api/metrics").WithTags("Figures").RequireAuthorization(nameof(Permission.View));
        group.MapGet("/summary", SummaryAsync);
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
