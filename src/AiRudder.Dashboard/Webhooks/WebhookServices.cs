using AiRudder.Dashboard.Operations;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Storage.SqlServer;
using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Novelties;
using AiRudder.Dashboard.Webhooks.Uploads;
using AiRudder.Dashboard.Webhooks.Watch;
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
        services.AddSingleton<BigDelivery>();
        services.AddSingleton<DeliveryProcessor>();
        services.AddSingleton<SchemaWatch>();
        services.AddSingleton<ReceivingLog>();
        if (role.Receives())
        {
            services.AddHostedService<Heartbeat>();
        }

        if (role.Shows())
        {
            services.AddHostedService<InboxWorker>();
            services.AddHostedService<NoveltyWriter>();
        }

        services.AddSingleton<DeliveryQueries>();
        services.AddSingleton<Replay>();
        services.AddSingleton<GroupReplay>();
        services.AddSingleton<GapQueries>();
        services.AddSingleton<NoveltyQueries>();
        services.AddSingleton<FileUpload>();
        services.AddSingleton<FeedWatch>();
        return services;
    }

    public static void MapWebhooks(this WebApplication app)
    {
        app.Services.GetRequiredService<BodyFiles>().RemoveUnfinished();

        // Every method and whatever follows the token: wrong ones are answered by the door, which alone may say that an address exists.
        // Nobody who knocks here has a session, and the sender's patience is no place to look for one.
        app.Map("/webhooks/airudder", (HttpContext http, Door door) => door.ReceiveAsync(http, "", null))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().ShortCircuit();
        app.Map("/webhooks/airudder/{token}/{**kind}", (HttpContext http, string token, string? kind, Door door) => door.ReceiveAsync(http, token, kind?.TrimEnd('/')))
            .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().ShortCircuit();
    }
}
