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
    }
}
