using Radzen;

namespace AiRudder.Dashboard.Layout;

public static class PageServices
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        SparingJson.AddTo(services);
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddScoped<ScopeReader>();
        services.AddSingleton<Press>();
        return services;
    }

    public static void MapPages(this WebApplication app)
    {
        // Files are the same for everybody and need no look at the session.
        app.MapStaticAssets().AllowAnonymous().ShortCircuit();

        // Compressed frames that hold both secrets and what an attacker chose can be measured; see BREACH.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(circuit => circuit.DisableWebSocketCompression = true);
    }
}
