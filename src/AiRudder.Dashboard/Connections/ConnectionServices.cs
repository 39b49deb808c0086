namespace AiRudder.Dashboard.Connections;

public static class ConnectionServices
{
    public static IServiceCollection AddAirudderConnections(this IServiceCollection services)
    {
        services.AddSingleton<ConnectionDirectory>();
        services.AddSingleton<ConnectionAdministration>();
        services.AddHostedService(provider => provider.GetRequiredService<ConnectionDirectory>());
        return services;
    }
}
