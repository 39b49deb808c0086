using System.Globalization;
using AiRudder.Dashboard.Benchmarks;
using AiRudder.Dashboard.Benchmarks.Receivers;
using AiRudder.Dashboard.Benchmarks.Store;

if (Receiver.IsWanted)
{
    await Receiver.RunAsync();
    return 0;
}

switch (args)
{
    case ["ingest", .. var rest] when rest.All(arg => arg == "--short"):
        Console.WriteLine(await new Ingest(isShort: rest.Length > 0, args).RunAsync());
        return 0;
    case ["live", .. var rest] when rest.All(arg => arg == "--short"):
        Console.WriteLine(await new Live(isShort: rest.Length > 0, args).RunAsync());
        return 0;
    case ["figures", .. var rest] when FiguresOptions.Read(rest) is { } options:
        Console.WriteLine(await new FiguresRun(options, args).RunAsync());
        return 0;
    case ["store", "--calls", var calls, "--folder", var folder] when int.TryParse(calls, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var count) && count > 0:
        await using (var store = await StoreFolder.OpenAsync(Path.GetFullPath(folder)))
        {
            await new StoreGenerator(store, count).RunAsync(Console.Error);
            await StoreIndex.FillAsync(store, Console.Error);
        }

        return 0;
    default:
        Console.Error.WriteLine("""
            Run it in Release.
            ingest [--short]
                what the product receives and processes, beside a receiver that does nothing and one that commits each body by itself
            live [--short]
                from the post of a call to its row on open pages, and what they take of memory; needs a Chromium
            figures [--short] [--calls N] [--folder FOLDER] [--smaller FOLDER]
                what the pages ask of a store of a million calls, beside the same figures from the calls in SQLite, PostgreSQL and DuckDB; folders
                filled with 'store' (the smaller one with a fifth of the calls) need not be filled again
            store --calls N --folder FOLDER
                fills a new data directory with N calls over twelve months
            """);
        return 2;
}
