using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace AiRudder.Dashboard.Operations;

/// <summary>Believes forwarded addresses and schemes from named TLS proxies only.</summary>
public static class Proxies
{
    private const string Setting = "ForwardedHeaders:KnownProxies";

    public static IEnumerable<string> Problems(IConfiguration configuration) =>
        configuration.GetSection(Setting).GetChildren()
            .Where(proxy => !IPAddress.TryParse(proxy.Value, out _))
            .Select(proxy => $"{proxy.Path} '{proxy.Value}' is not an address; an IP address such as 10.0.0.5 is allowed.");

    /// <summary>Must come before everything that asks for scheme or address.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var proxies = app.Configuration.GetSection(Setting).GetChildren().Select(proxy => IPAddress.Parse(proxy.Value!)).ToList();
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = proxies.Count };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        proxies.ForEach(options.KnownProxies.Add);
        app.UseForwardedHeaders(options);
    }
}
