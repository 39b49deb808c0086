using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>The process is asked to stop under load, and starts again with a backlog.</summary>
internal sealed class RestartFault : Fault
{
    public override string Name => "restart";

    public override string Proves => "D9, D11";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        var folder = Folder(scratch);
        using var ledger = new Ledger(scratch);
        await using (var receiver = new Product(folder, new Dictionary<string, string> { ["Role"] = "Receive" }))
        {
            verdict.Note($"start without a backlog: {(await receiver.StartAsync()).TotalSeconds:0.0} s");
            using var sender = new Sender(receiver.Webhook, ledger);
            using var stop = new CancellationTokenSource();
            var posting = sender.PostAsync(16, SentBody.Next, stop.Token, TimeSpan.FromMilliseconds(5));
            await Task.Delay(TimeSpan.FromSeconds(isShort ? 2 : 30));
            await StopAsync(receiver, ledger, verdict);
            await stop.CancelAsync();
            await posting;
        }

        await using var product = new Product(folder);
        using var again = new Sender(product.Webhook, ledger);
        var started = Stopwatch.GetTimestamp();
        product.Spawn();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30) && await again.PostAsync(SentBody.Next()) != HttpStatusCode.OK)
        {
            await Task.Delay(20);
        }

        var first = Stopwatch.GetElapsedTime(started);
        verdict.Note($"start to first 200 with a backlog of {ledger.Acknowledged.Count} deliveries: {first.TotalSeconds:0.0} s");
        verdict.Demand(first < TimeSpan.FromSeconds(10), $"the first 200 came only after {first.TotalSeconds:0.0} s");
        await again.RetryAsync(TimeSpan.FromSeconds(30));
        verdict.Count(ledger);
        await new Inspection(product, verdict).CompareAsync(ledger, TimeSpan.FromMinutes(3));
    }

    /// <summary>One request ends its body after the process was asked to stop, and one never does.</summary>
    private static async Task StopAsync(Product product, Ledger ledger, Verdict verdict)
    {
        var sent = SentBody.Next();
        var body = sent.Bytes;
        ledger.Try(sent);
        using var late = await BeginAsync(product, body);
        using var never = await BeginAsync(product, body);
        await Task.Delay(100);
        var stopping = product.TerminateAsync();
        await Task.Delay(500);
        await late.SendAsync(body.AsMemory(10));
        var answer = new byte[4096];
        var read = await late.ReceiveAsync(answer).WaitAsync(TimeSpan.FromSeconds(15));
        var status = Encoding.ASCII.GetString(answer, 0, read).Split("\r\n")[0];
        verdict.Demand(status is "HTTP/1.1 200 OK" or "HTTP/1.1 503 Service Unavailable", $"a request in flight ended in '{status}'");
        var took = await stopping;
        verdict.Note($"a request in flight ended in '{status}'; exit {took?.TotalSeconds:0.0} s after SIGTERM");
        verdict.Demand(took < TimeSpan.FromSeconds(30), $"exit took {took?.TotalSeconds:0.0} s");
    }

    private static async Task<Socket> BeginAsync(Product product, byte[] body)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, product.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST {product.Webhook.AbsolutePath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n"));
        await socket.SendAsync(body.AsMemory(0, 10));
        return socket;
    }
}
