namespace AiRudder.Dashboard.Calls;

public static class CallServices
{
    public static IServiceCollection AddCalls(this IServiceCollection services)
    {
        services.AddSingleton<CallQueries>();
        services.AddSingleton<CallReader>();
        return services;
    }

    public static void MapCalls(this WebApplication app) => app.MapCallEndpoints();
}
