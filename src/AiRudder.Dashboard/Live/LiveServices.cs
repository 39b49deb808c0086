namespace AiRudder.Dashboard.Live;

public static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<FeedStatus>();
        services.AddSignalR();
        return services;
    }

    public static void MapLive(this WebApplication app)
    {
    }
}
