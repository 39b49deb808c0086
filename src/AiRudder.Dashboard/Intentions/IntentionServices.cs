namespace AiRudder.Dashboard.Intentions;

public static class IntentionServices
{
    public static IServiceCollection AddIntentions(this IServiceCollection services)
    {
        services.AddSingleton<LabelTable>();
        return services;
    }

    public static void MapIntentions(this WebApplication app)
    {
    }
}
