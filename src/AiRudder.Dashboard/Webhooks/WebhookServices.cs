using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Storage.SqlServer;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks;

public static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration, NodeRole role)
    {
        services.Configure<WebhookOptions>(configuration.GetSection("Webhooks"));

        // A server that is told to stop is gone within half a minute, whatever its connections do.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.AddSingleton<BodyFiles>();
        services.AddSingleton<BodyReceiver>();
        services.AddSingleton<BodyReader>();
        services.AddSingleton<IInboxStore>(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value.Provider == StorageProvider.Sqlite
            ? ActivatorUtilities.CreateInstance<SqliteInboxStore>(provider)
            : ActivatorUtilities.CreateInstance<SqlServerInboxStore>(provider));
        services.AddSingleton<Inbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Inbox>());
        services.AddSingleton<DoorLog>();
        services.AddSingleton<Door>();
        services.AddSingleton<DeliveryProcessor>();
        if (role.Shows())
        {
            services.AddHostedService<InboxWorker>();
        }

        services.AddSingleton<DeliveryQueries>();
        services.AddSingleton<Replay>();
        return services;
    }

    public static void MapWebhooks(this WebApplication app)
    {
        app.Services.GetRequiredService<BodyFiles>().RemoveUnfinished();

        // Every method and whatever follows the token: wrong ones are answered by the door, which alone may say that an address exists.
        app.Map("/webhooks/airudder", (HttpContext http, Door door) => door.ReceiveAsync(http, "", null))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        app.Map("/webhooks/airudder/{token}/{**kind}", (HttpContext http, string token, string? kind, Door door) => door.ReceiveAsync(http, token, kind?.TrimEnd('/')))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }
}
