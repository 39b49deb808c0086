namespace AiRudder.Dashboard.CallTasks;

public static class CallTaskServices
{
    public static IServiceCollection AddCallTasks(this IServiceCollection services)
    {
        services.AddSingleton<TaskQuery>();
        services.AddSingleton<TaskDetailQuery>();
        services.AddSingleton<TaskNumbersQuery>();
        services.AddSingleton<TaskComparison>();
        services.AddSingleton<ListSizes>();
        return services;
    }

    public static void MapCallTasks(this WebApplication app) => app.MapTaskEndpoints();
}
