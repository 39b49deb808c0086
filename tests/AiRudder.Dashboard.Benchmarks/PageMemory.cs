using AiRudder.Dashboard.Benchmarks.Circuits;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>What open pages take of the server's memory.</summary>
internal sealed class PageMemory(Subject subject, Visitor visitor, string pipe, Targets targets, bool isShort)
{
    private const int Each = 200;

    /// <summary>Open already: what the first pages bring along, and what pages leave behind that closed, is not a page's.</summary>
    private const int Before = 25;

    /// <summary>Long enough for the parts of a page to have drawn what came last.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(4);

    private readonly NumberedCalls traffic = new(subject.Load);

    public async Task MeasureAsync()
    {
        await traffic.PostAsync(50, 150);

        // So that nothing is compiled while it is measured.
        foreach (var path in new[] { "/glossary", "/" })
        {
            await Visitor.CloseAsync(await visitor.OpenAsync(path, 10));
        }

        await EachAsync("/glossary", "an idle page", 120, 150);
        await EachAsync("/", "a live floor, a hundred rows", 250, 350);
        await ManyAsync(isShort ? 150 : 500);
    }

    private async Task EachAsync(string path, string what, double goal, double floor)
    {
        Console.Error.WriteLine($"memory of {what}");
        var open = await visitor.OpenAsync(path, Before);
        var before = await HeldAsync();
        open.AddRange(await visitor.OpenAsync(path, Each));
        var after = await HeldAsync();
        await Visitor.CloseAsync(open);
        targets.AtMost("T21", $"KB of heap for {what}, of {Each} beside {Before}", (after - before) / 1024.0 / Each, goal, floor);
    }

    private async Task<long> HeldAsync()
    {
        await traffic.PostAsync(10, 50);
        await Task.Delay(Calm);
        return (await Heap.OfAsync(pipe)).Held;
    }

    private async Task ManyAsync(int count)
    {
        Console.Error.WriteLine($"memory with {count} live pages");
        var open = await visitor.OpenAsync("/", count);
        await traffic.PostAsync(10, isShort ? 100 : 300);
        var heap = await Heap.OfAsync(pipe);
        await Visitor.CloseAsync(open);
        const double Megabyte = 1024 * 1024;
        var what = Targets.Text($"resident memory in MB with {count} live pages while 10 calls a second land (heap after a collection: {heap.Held / Megabyte:0} MB)");
        if (isShort)
        {
            targets.Row("–", what, heap.Resident / Megabyte, "–", "");
        }
        else
        {
            targets.AtMost("T22", what, heap.Resident / Megabyte, 300, 400);
        }
    }
}
