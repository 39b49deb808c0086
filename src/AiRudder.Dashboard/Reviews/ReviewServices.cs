using AiRudder.Dashboard.Operations;

namespace AiRudder.Dashboard.Reviews;

public static class ReviewServices
{
    public static IServiceCollection AddReviews(this IServiceCollection services, NodeRole role)
    {
        services.AddSingleton<Scorecards>();
        services.AddSingleton<ReviewQueue>();
        services.AddSingleton<ReviewClaims>();
        services.AddSingleton<ReviewDesk>();
        services.AddSingleton<ReviewQueries>();
        services.AddSingleton<QueueQueries>();
        services.AddSingleton<ReviewFigures>();
        services.AddSingleton<Samples>();
        services.AddSingleton<QueueRules>();
        services.AddSingleton<Notes>();
        if (role.Shows())
        {
            services.AddHostedService<RuleFollower>();
        }

        return services;
    }

    public static void MapReviews(this WebApplication app) => app.MapReviewEndpoints();
}
