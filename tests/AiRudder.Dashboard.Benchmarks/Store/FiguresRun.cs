using System.Diagnostics;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>
/// Figures of a filled store: what the product's pages ask, beside the same figures from the calls themselves in SQLite, PostgreSQL and
/// DuckDB. Question by question everybody takes a turn, so that a busy machine is busy for all; what counts are the ratios.
/// </summary>
internal sealed class FiguresRun(FiguresOptions options, string[] args)
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(3);

    private readonly FiguresTable table = new(options, args);

    private int Times => options.IsShort ? 15 : 40;

    public async Task<string> RunAsync()
    {
        var scratch = Directory.CreateTempSubdirectory("benchmark-").FullName;
        try
        {
            await using var store = await FilledAsync(options.Folder ?? Path.Combine(scratch, "store"), options.Calls);
            await using var smaller = await FilledAsync(options.Smaller ?? Path.Combine(scratch, "smaller"), options.Calls / 5);
            await using var scan = new PlainScan(store.File);
            await AskAsync(store, scan, scratch);
            await GrowthAsync(store, smaller);
            table.Disk(scan.Bytes(), await StoreSize.OfAsync(store));
            return table.Write();
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task AskAsync(StoreFolder store, PlainScan scan, string scratch)
    {
        var (calls, dials, meanings) = (Path.Combine(scratch, "c.csv"), Path.Combine(scratch, "d.csv"), Path.Combine(scratch, "m.csv"));
        Tell("taking the calls out for the others");
        scan.Export("c", calls);
        scan.Export("d", dials);
        scan.Export("m", meanings);
        await using var postgres = await IfThereAsync("PostgreSQL", async () => await Postgres.StartAsync(calls, dials, meanings));
        await using var duck = await IfThereAsync("DuckDB", async () => await DuckDb.StartAsync(scratch, calls, dials, meanings));
        foreach (var question in await (await Questions.OfAsync(store)).AllAsync())
        {
            Tell(question.Name);
            var ours = await OursAsync(question);
            table.Question(
                question,
                ours,
                await OthersAsync(scan, question, options.IsShort ? 3 : 5),
                await OthersAsync(postgres, question, options.IsShort ? 3 : 5),
                await OthersAsync(duck, question, options.IsShort ? 3 : 5));
        }
    }

    private async Task<Taken> OursAsync(Question question)
    {
        await WarmAsync(question);
        var taken = new List<double>();
        var began = Stopwatch.GetTimestamp();
        while (taken.Count < Times && (taken.Count < 3 || Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30)))
        {
            taken.Add(await OnceAsync(question));
        }

        return Taken.Of(taken);
    }

    /// <summary>Asked for some seconds before it is timed, until its code is compiled as it stays.</summary>
    private static async Task WarmAsync(Question question)
    {
        var began = Stopwatch.GetTimestamp();
        do
        {
            await question.Ask();
        }
        while (Stopwatch.GetElapsedTime(began) < Warm);
    }

    private static async Task<double> OnceAsync(Question question)
    {
        var started = Stopwatch.GetTimestamp();
        await question.Ask();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<Taken?> OthersAsync(IAnswers? others, Question question, int times)
    {
        if (others is null || question.Sql.Length == 0)
        {
            return null;
        }

        await others.AskAsync(question.Sql, 1);
        return await others.AskAsync(question.Sql, times);
    }

    /// <summary>The panels of both stores, which take turns.</summary>
    private async Task GrowthAsync(StoreFolder store, StoreFolder smaller)
    {
        var (many, few) = (await PanelsAsync(store), await PanelsAsync(smaller));
        foreach (var (large, small) in many.Zip(few))
        {
            Tell($"{large.Name}, in both stores");
            await WarmAsync(large);
            await WarmAsync(small);
            List<double> ofLarge = [], ofSmall = [];
            for (var i = 0; i < Times; i++)
            {
                ofLarge.Add(await OnceAsync(large));
                ofSmall.Add(await OnceAsync(small));
            }

            table.Growth(large.Name, Figures.Median(ofLarge), Figures.Median(ofSmall));
        }
    }

    private static async Task<List<Question>> PanelsAsync(StoreFolder store) =>
        [.. (await (await Questions.OfAsync(store)).AllAsync()).Where(question => question.IsPanel)];

    private async Task<T?> IfThereAsync<T>(string name, Func<Task<T>> start)
        where T : class
    {
        Tell($"loading {name}");
        try
        {
            return await start();
        }
        catch (NotThereException reason)
        {
            table.Skipped($"{name} was skipped: {reason.Message}");
            return null;
        }
    }

    private static async Task<StoreFolder> FilledAsync(string path, int calls)
    {
        var filled = File.Exists(Path.Combine(path, "dashboard.db"));
        var store = await StoreFolder.OpenAsync(path);
        if (!filled)
        {
            await new StoreGenerator(store, calls).RunAsync(Console.Error);
        }

        await StoreIndex.FillAsync(store, Console.Error);
        return store;
    }

    private static void Tell(string what) => Console.Error.WriteLine(what);
}
