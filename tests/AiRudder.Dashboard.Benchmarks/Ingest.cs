using System.Diagnostics;
using AiRudder.Dashboard.Benchmarks.Receivers;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>
/// Receiving and processing. What is compared is posted to in turn, round by round, so that a busy machine is busy for all of them; what
/// counts are the ratios of the medians.
/// </summary>
internal sealed class Ingest(bool isShort, string[] args)
{
    private const int BatchOfNumbers = 500;

    private readonly Table table = new(isShort, args);

    private int Rounds => isShort ? 1 : 3;

    private TimeSpan Round => TimeSpan.FromSeconds(isShort ? 1.5 : 3);

    public async Task<string> RunAsync()
    {
        var scratch = Directory.CreateTempSubdirectory("benchmark-").FullName;
        try
        {
            await using (var product = new Product(Folder(scratch, "product")))
            {
                await product.StartAsync();
                using var subject = new Subject(product);
                using var nothing = await Other.StartAsync(null);
                using var oneByOne = await Other.StartAsync(Folder(scratch, "one-by-one"));
                using var toNothing = new Load(nothing.Address);
                using var toOneByOne = new Load(oneByOne.Address);
                foreach (var load in new[] { subject.Load, toNothing, toOneByOne })
                {
                    await load.FloodAsync(16, TimeSpan.FromSeconds(isShort ? 1 : 3));
                }

                await subject.SettleAsync();
                await ThroughputAsync(subject, toNothing, toOneByOne);
                await ReceivingAsync(scratch, toNothing, toOneByOne);
                await AtFixedRatesAsync(subject, toNothing);
                await BesideBatchesAsync(subject);
                await SteadyAsync(subject);
                await ProcessingAsync(subject);
                await MemoryAsync(subject);
            }

            await StartAsync(scratch);
            return table.Write();
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task ThroughputAsync(Subject subject, Load toNothing, Load toOneByOne)
    {
        foreach (var posters in isShort ? new[] { 1, 64 } : [1, 8, 64, 256])
        {
            List<Measured> ours = [], nothing = [], oneByOne = [];
            for (var round = 0; round < Rounds; round++)
            {
                Tell($"{posters} posters, round {round + 1}");
                ours.Add(await subject.Load.FloodAsync(posters, Round));
                await subject.SettleAsync();
                nothing.Add(await toNothing.FloodAsync(posters, Round));
                oneByOne.Add(await toOneByOne.FloodAsync(posters, Round));
            }

            table.Throughput(posters, Measured.Median(ours), Measured.Median(nothing), Measured.Median(oneByOne));
        }
    }

    /// <summary>A node that only receives: what remains when the processing is done elsewhere, or later.</summary>
    private async Task ReceivingAsync(string scratch, Load toNothing, Load toOneByOne)
    {
        await using var product = new Product(Folder(scratch, "receiving"), new Dictionary<string, string> { ["Role"] = "Receive" });
        await product.StartAsync();
        using var load = new Load(product.Webhook);
        await load.FloodAsync(16, Round);
        List<Measured> ours = [], nothing = [], oneByOne = [];
        for (var round = 0; round < Rounds; round++)
        {
            Tell($"receiving alone, round {round + 1}");
            ours.Add(await load.FloodAsync(64, Round));
            nothing.Add(await toNothing.FloodAsync(64, Round));
            oneByOne.Add(await toOneByOne.FloodAsync(64, Round));
        }

        table.Receiving(Measured.Median(ours), Measured.Median(nothing), Measured.Median(oneByOne));
    }

    private async Task AtFixedRatesAsync(Subject subject, Load toNothing)
    {
        foreach (var (target, perSecond, goal, floor) in new[] { ("T7", 200, 1.5, 3.0), ("T6", 1000, 3.0, 5.0) })
        {
            List<Measured> ours = [], nothing = [];
            for (var round = 0; round < Rounds; round++)
            {
                Tell($"{perSecond} a second, round {round + 1}");
                ours.Add(await subject.Load.AtRateAsync(perSecond, Round));
                await subject.SettleAsync();
                nothing.Add(await toNothing.AtRateAsync(perSecond, Round));
            }

            table.FixedRate(target, perSecond, Measured.Median(ours), Measured.Median(nothing), goal, floor);
        }
    }

    private async Task BesideBatchesAsync(Subject subject)
    {
        List<Measured> alone = [], beside = [];
        var batches = 0;
        for (var round = 0; round < Rounds; round++)
        {
            Tell($"single calls beside batches, round {round + 1}");
            alone.Add(await subject.Load.AtRateAsync(100, 2 * Round));
            await subject.SettleAsync();
            using var stop = new CancellationTokenSource();
            var posting = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    batches += await subject.Load.PostAsync(SentBody.Batch(BatchOfNumbers).Bytes) ? 1 : 0;
                    await Task.Delay(500, CancellationToken.None);
                }
            });
            beside.Add(await subject.Load.AtRateAsync(100, 2 * Round));
            await stop.CancelAsync();
            await posting;
            await subject.SettleAsync();
        }

        table.BesideBatches(Measured.Median(alone), Measured.Median(beside), batches, BatchOfNumbers);
    }

    private async Task SteadyAsync(Subject subject)
    {
        var seconds = isShort ? 10 : 60;
        Tell($"100 a second for {seconds} s");
        table.Steady(seconds, await subject.Load.AtRateAsync(100, TimeSpan.FromSeconds(seconds)));
        await subject.SettleAsync();
    }

    private async Task ProcessingAsync(Subject subject)
    {
        List<double> singles = [], batch = [];
        var calls = isShort ? 5_000 : 50_000;
        for (var round = 0; round < Rounds; round++)
        {
            Tell($"processing, round {round + 1}");
            await subject.Load.FloodAsync(64, Round);
            var started = Stopwatch.GetTimestamp();
            var pending = await subject.PendingAsync();
            await subject.SettleAsync();
            singles.Add(pending / Stopwatch.GetElapsedTime(started).TotalSeconds);

            var body = SentBody.Batch(calls).Bytes;
            if (!await subject.Load.PostAsync(body))
            {
                throw new InvalidOperationException("A large batch was not accepted.");
            }

            batch.Add(calls / (await subject.SettleAsync()).TotalSeconds);
        }

        table.Processing(Figures.Median(singles), calls, Figures.Median(batch));
    }

    private async Task MemoryAsync(Subject subject)
    {
        var megabytes = isShort ? 25 : 100;
        Tell($"a body of {megabytes} MB");
        await using var memory = new MemoryWatch(subject.Product);
        var body = SentBody.Batch(megabytes, 1_000_000).Bytes;
        var started = Stopwatch.GetTimestamp();
        if (!await subject.Load.PostAsync(body))
        {
            throw new InvalidOperationException("A large body was not accepted.");
        }

        var answered = Stopwatch.GetElapsedTime(started);
        await subject.SettleAsync();
        table.Memory(body.Length, answered, Stopwatch.GetElapsedTime(started), memory.Growth);
    }

    /// <summary>On an empty folder, and on the one that all of the above was stored in.</summary>
    private async Task StartAsync(string scratch)
    {
        List<double> empty = [], full = [];
        for (var round = 0; round < (isShort ? 2 : 5); round++)
        {
            Tell($"start, round {round + 1}");
            empty.Add(await FirstAnswerAsync(Folder(scratch, $"empty-{round}")));
            full.Add(await FirstAnswerAsync(Path.Combine(scratch, "product")));
        }

        table.Start(Figures.Median(empty), Figures.Median(full));
    }

    private static async Task<double> FirstAnswerAsync(string folder)
    {
        await using var product = new Product(folder);
        using var load = new Load(product.Webhook);
        var started = Stopwatch.GetTimestamp();
        product.Spawn();
        while (!await load.PostAsync(Bodies.Next()))
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException("The product did not start.");
            }

            await Task.Delay(10);
        }

        var first = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await product.TerminateAsync();
        return first;
    }

    private static string Folder(string scratch, string name) => Directory.CreateDirectory(Path.Combine(scratch, name)).FullName;

    private static void Tell(string what) => Console.Error.WriteLine(what);
}
