using System.Diagnostics;
using System.Net;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>The disk is full for a while: on a small disk of its own where that is permitted, else played by the library below.</summary>
internal sealed class DiskFullFault : Fault
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Megabytes. What is acknowledged must fit once the ballast is gone: the few large bodies take about 45 of them, most for the index
    /// of what was said, because letters without sense repeat no three in a row.
    /// </summary>
    private const int SmallDisk = 160;

    public override string Name => "disk-full";

    public override string Proves => "D4, D7";

    public override async Task PlayAsync(string scratch, bool isShort, Verdict verdict)
    {
        var folder = Folder(scratch);
        if (Native.MountSmallDisk(folder, SmallDisk))
        {
            var ballast = Path.Combine(folder, "ballast");
            try
            {
                await PlayAsync(scratch, folder, null, () => Fill(ballast), () => File.Delete(ballast), isShort, verdict);
            }
            finally
            {
                Native.Unmount(folder);
            }
        }
        else if (await Shim.CreateAsync(scratch) is { } shim)
        {
            verdict.Note("no small disk may be mounted here: ENOSPC is played");
            await PlayAsync(scratch, folder, shim, () => shim.DiskFull = true, () => shim.DiskFull = false, isShort, verdict);
        }
        else
        {
            verdict.Skip("needs the right to mount a small disk, or gcc");
        }
    }

    private static async Task PlayAsync(string scratch, string folder, Shim? shim, Action fill, Action free, bool isShort, Verdict verdict)
    {
        await using var product = new Product(folder, shim: shim);
        using var ledger = new Ledger(scratch);
        using var sender = new Sender(product.Webhook, ledger);
        await product.StartAsync();
        await PostAsync(sender, 1);
        fill();
        await PostAsync(sender, isShort ? 4 : 20);
        verdict.Demand(ledger.Unavailable > 0, "nothing was refused although the disk was full");
        free();
        var freed = Stopwatch.GetTimestamp();
        await sender.RetryAsync(Recovery);
        verdict.Demand(!ledger.Unacknowledged.Any(), "receiving did not resume within 30 s");
        verdict.Demand(await product.StatusAsync("/health/ready") == HttpStatusCode.OK, "/health/ready is not well again");
        verdict.Note($"{ledger.Unavailable} answers of 503; all was accepted {Stopwatch.GetElapsedTime(freed).TotalSeconds:0.0} s after space was free");
        verdict.Count(ledger);
        await new Inspection(product, verdict).CompareAsync(ledger);
        var bodies = Path.Combine(folder, "bodies");
        var unfinished = Directory.Exists(bodies) ? Directory.EnumerateFiles(bodies, "*.part").Count() : 0;
        verdict.Demand(unfinished == 0, $"{unfinished} unfinished files keep the disk full");
    }

    private static async Task PostAsync(Sender sender, int seconds)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));

        // A few large ones, and not so many that what is acknowledged fills the disk by itself.
        var large = 0;
        await Task.WhenAll(
            sender.PostAsync(4, SentBody.Next, stop.Token, TimeSpan.FromMilliseconds(50)),
            sender.PostAsync(1, () => ++large <= 4 ? SentBody.Batch(2, 700_000) : SentBody.Next(), stop.Token, TimeSpan.FromMilliseconds(200)));
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 65536, 4096, 1 })
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full, but for less than this.
            }
        }
    }
}
