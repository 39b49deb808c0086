using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Recordings;

namespace AiRudder.Dashboard.Calls;

public static class CallServices
{
    public static IServiceCollection AddCalls(this IServiceCollection services)
    {
        services.AddSingleton<CallQueries>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<SavedViews>();
        services.AddSingleton<TranscriptIndex>();
        services.AddExports();
        services.AddSingleton<ListeningDesk>();
        services.AddSingleton<PersonPreferences>();
        return services;
    }

    /// <summary>What works in the background, on nodes that show.</summary>
    public static void AddCallWorkers(this IServiceCollection services, NodeRole role)
    {
        if (role.Shows())
        {
            services.AddHostedService<TranscriptIndexer>();
            services.AddHostedService(provider => provider.GetRequiredService<ExportWorker>());
        }
    }

    public static void MapCalls(this WebApplication app)
    {
        app.MapCallEndpoints();
        app.MapExports();
    }
}
