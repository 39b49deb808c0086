namespace AiRudder.Dashboard.Connections;

public static class ConnectionServices
{
    public static IServiceCollection AddAirudderConnections(this IServiceCollection services)
    {
        return services;
    }

    public static void MapConnections(this WebApplication app)
    {
    }
}
