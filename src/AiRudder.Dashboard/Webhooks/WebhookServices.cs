namespace AiRudder.Dashboard.Webhooks;

public static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        return services;
    }

    public static void MapWebhooks(this WebApplication app)
    {
    }
}
