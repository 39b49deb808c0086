using System.Net;
using System.Net.Sockets;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Which addresses recordings may be fetched from. Links come from outside: each is treated as an attempt to reach our network.</summary>
public static class RecordingAddress
{
    /// <summary>The address to fetch, or why not.</summary>
    public static (Uri? Address, RecordingFailure? Failure) Check(string link, RecordingOptions options)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || link.Contains('\\', StringComparison.Ordinal))
        {
            return (null, RecordingFailure.LinkNotAllowed);
        }

        if (options.AllowInsecureDevelopmentHosts)
        {
            var web = uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps;
            return !web ? (null, RecordingFailure.LinkNotAllowed)
                : Listed(uri.Host) || Listed($"{uri.Host}:{uri.Port}") ? (uri, null)
                : (null, RecordingFailure.HostNotAllowed);
        }

        return uri.Scheme != Uri.UriSchemeHttps || uri.Port != 443 ? (null, RecordingFailure.LinkNotAllowed)
            : !Listed(uri.Host) ? (null, RecordingFailure.HostNotAllowed)
            : (uri, null);

        bool Listed(string host) => options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
    }

    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // Of the global range, those that stand for something else: Teredo and other protocol addresses, documentation, 6to4.
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>Whether an address belongs to the open internet. Everything that nobody gave out counts as not public.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return (address.AddressFamily == AddressFamily.InterNetwork || Global.Contains(address)) && !NotPublic.Any(network => network.Contains(address));
    }
}
