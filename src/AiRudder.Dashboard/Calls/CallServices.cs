namespace AiRudder.Dashboard.Calls;

public static class CallServices
{
    public static IServiceCollection AddCalls(this IServiceCollection services)
    {
        return services;
    }

    public static void MapCalls(this WebApplication app)
    {
    }
}
