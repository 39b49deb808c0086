using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>The same kills against a receiver that answers before it writes: the rig must see the loss, or it proves nothing.</summary>
internal sealed class ControlFault : Fault
{
    public override string Name => "control";

    public override string Proves => "the rig";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        var file = Path.Combine(scratch, "received.txt");
        using var ledger = new Ledger(scratch);
        var port = FreePort();
        using var sender = new Sender(new Uri($"http://127.0.0.1:{port}/"), ledger);
        using var stop = new CancellationTokenSource();
        var posting = sender.PostAsync(4, SentBody.Next, stop.Token, TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 2; i++)
        {
            var before = ledger.Acknowledged.Count;
            var start = new ProcessStartInfo("dotnet") { Environment = { [FakeReceiver.Variable] = "1" } };
            foreach (var argument in new[] { typeof(ControlFault).Assembly.Location, file, $"{port}" })
            {
                start.ArgumentList.Add(argument);
            }

            using var receiver = Process.Start(start)!;
            Children.Add(receiver);
            for (var wait = 0; wait < 500 && ledger.Acknowledged.Count < before + 20; wait++)
            {
                await Task.Delay(20);
            }

            await Task.Delay(Between(0.3, 0.8));
            receiver.Kill();
            await receiver.WaitForExitAsync();
        }

        await stop.CancelAsync();
        await posting;
        var held = File.ReadLines(file).ToHashSet();
        var present = ledger.Acknowledged.Keys.Count(held.Contains);
        verdict.Count(ledger);
        foreach (var restarted in verdict.Notes.Where(note => note.StartsWith("! the same body", StringComparison.Ordinal)))
        {
            throw new FaultException(restarted);
        }

        verdict.Count(present, ledger.Acknowledged.Count - present, 0);
        verdict.LossWasWanted();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
