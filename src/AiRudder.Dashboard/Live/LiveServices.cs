using AiRudder.Dashboard.Live.Walls;

namespace AiRudder.Dashboard.Live;

public static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<FeedStatus>();
        services.AddSingleton<StreamQuery>();
        services.AddSingleton<StreamPress>();
        services.AddSingleton<FloorReadings>();
        services.AddSingleton<WallLinks>();
        services.AddSingleton<LandingFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LandingFeed>());
        services.AddSignalR();
        services.AddHostedService<LiveHubRelay>();
        return services;
    }

    public static void MapLive(this WebApplication app)
    {
        WallLinks.Map(app);
        app.MapHub<LiveHub>("/hubs/live", options => options.CloseOnAuthenticationExpiration = true);
    }
}
