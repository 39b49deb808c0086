using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.Benchmarks.Receivers;

/// <summary>One of the receivers the product is compared with, running.</summary>
internal sealed class Other : IDisposable
{
    private readonly Process process;

    private Other(Process process, Uri address)
    {
        this.process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <param name="folder">For a store; null for the one that does nothing.</param>
    public static async Task<Other> StartAsync(string? folder)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var start = new ProcessStartInfo("dotnet", [typeof(Other).Assembly.Location])
        {
            Environment = { [Receiver.Port] = port.ToString(CultureInfo.InvariantCulture), [Receiver.Folder] = folder ?? "" },
        };
        var process = Process.Start(start)!;
        Children.Add(process);
        var address = new Uri($"http://127.0.0.1:{port}/");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var i = 0; i < 500; i++)
        {
            try
            {
                using var answer = await http.PostAsync(address, new ByteArrayContent(Bodies.Next()));
                answer.EnsureSuccessStatusCode();
                return new Other(process, address);
            }
            catch (HttpRequestException) when (!process.HasExited)
            {
                await Task.Delay(20);
            }
        }

        throw new InvalidOperationException("A receiver did not start.");
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
