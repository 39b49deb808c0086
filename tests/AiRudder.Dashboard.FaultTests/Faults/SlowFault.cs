using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>Connections that idle, dawdle, stop half-way, and floods of callers nobody knows; the sender at work notices nothing.</summary>
internal sealed class SlowFault : Fault
{
    public override string Name => "slow";

    public override string Proves => "L5, S1";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        await using var product = new Product(Folder(scratch));
        await product.StartAsync();
        await using var companion = new Companion(product, scratch);
        var sockets = new List<Socket>();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(isShort ? 6 : 60));
        var path = product.Webhook.AbsolutePath;
        var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\n";
        var floods = Enumerable.Range(0, 4).Select(_ => FloodAsync(product, stop.Token)).ToList();
        try
        {
            for (var i = 0; i < 2000; i++)
            {
                sockets.Add(await ConnectAsync(product, ""));
            }

            var dawdlers = new List<Socket>();
            for (var i = 0; i < 200; i++)
            {
                dawdlers.Add(await ConnectAsync(product, head));
                dawdlers.Add(await ConnectAsync(product, head + "Content-Length: 100000\r\n\r\n{\"task_id\":"));
                var half = await ConnectAsync(product, head + "Content-Length: 100000\r\n\r\n{\"task_id\":");
                half.Shutdown(SocketShutdown.Send);
                sockets.Add(half);
            }

            sockets.AddRange(dawdlers);
            while (!stop.IsCancellationRequested)
            {
                foreach (var socket in dawdlers)
                {
                    Drip(socket);
                }

                await Task.Delay(500);
            }

            verdict.Note($"{sockets.Count} idle, slow and half-closed connections; {(await Task.WhenAll(floods)).Sum()} requests with unknown tokens");
            await companion.EndAsync(verdict, TimeSpan.FromSeconds(3));
            verdict.Demand(await product.StatusAsync("/health/ready") == HttpStatusCode.OK, "/health/ready is not well");
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(floods);
            sockets.ForEach(socket => socket.Dispose());
        }

        var inspection = new Inspection(product, verdict);
        await inspection.CompareAsync(companion.Ledger);
    }

    private static async Task<Socket> ConnectAsync(Product product, string text)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, product.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    private static void Drip(Socket socket)
    {
        try
        {
            socket.Send("a"u8);
        }
        catch (SocketException)
        {
            // It was shown the door, as it should be in the end.
        }
    }

    private static async Task<int> FloodAsync(Product product, CancellationToken stop)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            var address = new Uri($"http://127.0.0.1:{product.Port}/webhooks/airudder/{count.ToString(CultureInfo.InvariantCulture).PadLeft(43, 'x')}");
            using var answer = await http.PostAsync(address, new StringContent("{}"), CancellationToken.None);
            count++;
        }

        return count;
    }
}
