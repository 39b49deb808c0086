namespace AiRudder.Dashboard.Accounts;

public static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        return services;
    }

    public static void MapAccounts(this WebApplication app)
    {
    }
}
