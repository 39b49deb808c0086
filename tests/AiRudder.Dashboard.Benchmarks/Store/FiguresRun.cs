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
            table.Growth(await PanelsAsync(store), await PanelsAsync(smaller));
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

    /// <summary>Warm: asked for some seconds before it is timed, until its code is compiled as it stays. One that takes seconds is not asked as often.</summary>
    private async Task<Taken> OursAsync(Question question)
    {
        var began = Stopwatch.GetTimestamp();
        do
        {
            await question.Ask();
        }
        while (Stopwatch.GetElapsedTime(began) < Warm);

        var taken = new List<double>();
        began = Stopwatch.GetTimestamp();
        while (taken.Count < Times && (taken.Count < 3 || Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30)))
        {
            var started = Stopwatch.GetTimestamp();
            await question.Ask();
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Taken.Of(taken);
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

    /// <summary>Medians of the panels.</summary>
    private async Task<IReadOnlyDictionary<string, double>> PanelsAsync(StoreFolder store)
    {
        var medians = new Dictionary<string, double>();
        foreach (var question in (await (await Questions.OfAsync(store)).AllAsync()).Where(it => it.IsPanel))
        {
            medians[question.Name] = (await OursAsync(question)).P50;
        }

        return medians;
    }

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
