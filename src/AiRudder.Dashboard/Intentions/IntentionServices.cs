namespace AiRudder.Dashboard.Intentions;

public static class IntentionServices
{
    public static IServiceCollection AddIntentions(this IServiceCollection services)
    {
        return services;
    }

    public static void MapIntentions(this WebApplication app)
    {
    }
}
