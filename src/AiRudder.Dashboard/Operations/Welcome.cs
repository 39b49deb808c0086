using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiRudder.Dashboard.Operations;

/// <summary>Says on the console, and only there, what a person needs next. Secrets shown here are in no log.</summary>
public static class Welcome
{
    /// <summary>Prints once the server listens.</summary>
    /// <param name="app">The server.</param>
    /// <param name="token">The first connection's new token, or null when its address is known already.</param>
    public static void SayWhereToGo(this WebApplication app, string? token) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var address = Address(app);
        Console.WriteLine();
        Console.WriteLine($"  AiRudder.Dashboard   {address}");
        if (token is not null)
        {
            Console.WriteLine($"  Webhook URL          {address}/webhooks/airudder/{token}");
            Console.WriteLine("                       shown this once: give it to AIRUDDER; another can be made under Connections");
        }

        Console.WriteLine();
    });

    public static string Address(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses;
        var address = addresses?.FirstOrDefault() ?? "http://localhost:5080";
        return address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).TrimEnd('/');
    }
}
