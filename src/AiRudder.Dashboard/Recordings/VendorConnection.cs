using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Recordings;

/// <summary>Connects to the vendor's hosts: the address that was checked is the address connected to, so a second look-up cannot swap it.</summary>
public sealed class VendorConnection(IOptions<RecordingOptions> options)
{
    /// <summary>A client that follows nothing, remembers nothing and tells nothing about itself.</summary>
    public HttpClient CreateClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null, // no span would be made either: spans hold addresses
            ConnectTimeout = options.Value.FirstByteTimeout,
            MaxResponseHeadersLength = 32,
            MaxConnectionsPerServer = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ResponseDrainTimeout = TimeSpan.Zero,
            ConnectCallback = ConnectAsync,
        })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(host.Host, cancel);
        if (!options.Value.AllowInsecureDevelopmentHosts && !addresses.All(RecordingAddress.IsPublic))
        {
            throw new RecordingRefusedException(RecordingFailure.AddressNotPublic);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
