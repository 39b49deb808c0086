using System.Diagnostics;
using System.Text;
using AiRudder.Dashboard.Benchmarks.Circuits;
using AiRudder.Dashboard.FaultTests.Rig;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>
/// From the post of a call to its row on open pages, and what open pages cost: processor time, acknowledgements, memory. One page is open in
/// a browser; the many are circuits without one, because a machine that draws fifty pages measures the drawing.
/// </summary>
internal sealed class Live(bool isShort, string[] args)
{
    private const int Pages = 50;
    private const int PerSecond = 100;
    private const string Email = "bench@example.com";
    private const string Password = "seven patient herons wade slowly";

    /// <summary>No part of a floor rests as long as this: calls that are further apart are each drawn for themselves.</summary>
    private const double Apart = 3.2;

    /// <summary>What comes later than this after the last post is not waited for.</summary>
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(3);

    private readonly StringBuilder times = new();
    private readonly Targets targets = new();

    private TimeSpan Round => TimeSpan.FromSeconds(isShort ? 10 : 25);

    public async Task<string> RunAsync()
    {
        var scratch = Directory.CreateTempSubdirectory("benchmark-").FullName;
        try
        {
            await using (var product = await StartAsync(Path.Combine(scratch, "times"), null))
            {
                using var subject = new Subject(product);
                using var visitor = await Visitor.SignInAsync(product.Http.BaseAddress!, Email, Password);
                await TimesAsync(subject, visitor);
                await FanOutAsync(subject, visitor);
                await IngestAsync(subject, visitor);
            }

            var pipe = Path.Combine(scratch, "heap");
            await using (var product = await StartAsync(Path.Combine(scratch, "memory"), pipe))
            {
                using var subject = new Subject(product);
                using var visitor = await Visitor.SignInAsync(product.Http.BaseAddress!, Email, Password);
                await new PageMemory(subject, visitor, pipe, targets, isShort).MeasureAsync();
            }

            return Write();
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<Product> StartAsync(string folder, string? pipe)
    {
        var settings = new Dictionary<string, string>
        {
            ["FirstAdministrator__Email"] = Email, ["FirstAdministrator__Password"] = Password, ["Circuits__PerPerson"] = "1000", ["Circuits__Most"] = "1000",
        };
        if (pipe is not null)
        {
            Heap.AddTo(settings, pipe);
        }

        var product = new Product(Directory.CreateDirectory(folder).FullName, settings);
        await product.StartAsync();
        return product;
    }

    private async Task TimesAsync(Subject subject, Visitor visitor)
    {
        var traffic = new NumberedCalls(subject.Load);
        await WarmAsync(traffic, visitor);
        await QuietAsync(subject);
        await using var tab = await Tab.OpenAsync(subject.Product.Http.BaseAddress!, Email, Password);
        await traffic.PostAsync(5, 15);

        Tell("1 call a second, one tab");
        await tab.WatchAsync();
        var count = (int)Round.TotalSeconds;
        var busy = await BusyAsync(subject.Product, async () =>
        {
            await traffic.PostAsync(1, count, tab.Sent);
            await Task.Delay(Last);
        });
        Time("T18", "1 call a second, one tab in Chromium", await tab.EndAsync(), tab.Missing, busy, 50, 50);

        var open = await visitor.OpenAsync("/", Pages);
        await traffic.PostAsync(50, 100);
        Tell($"{PerSecond} calls a second, {Pages} pages and one tab");
        using var sightings = new Sightings(open);
        await tab.WatchAsync();
        count = (int)(PerSecond * Round.TotalSeconds);
        busy = await BusyAsync(subject.Product, async () =>
        {
            await traffic.PostAsync(PerSecond, count, number =>
            {
                sightings.Sent(number);
                tab.Sent(number);
            });
            await Task.Delay(Last);
        });
        var seen = sightings.End();
        Time("T17", $"{PerSecond} calls a second, {Pages} pages open, at each of them", seen, sightings.Missing, busy, 150, 300);
        Time("–", "the same in the document of one tab in Chromium beside them", await tab.EndAsync(), tab.Missing, busy, null, null);
        await Visitor.CloseAsync(open);
    }

    /// <summary>A product runs for weeks: what it takes while its code is still being compiled, the first half a minute of such traffic, is not what is asked for.</summary>
    private async Task WarmAsync(NumberedCalls traffic, Visitor visitor)
    {
        Tell("warming up");
        var open = await visitor.OpenAsync("/", Pages);
        await traffic.PostAsync(PerSecond, PerSecond * (isShort ? 30 : 60));
        await Visitor.CloseAsync(open);
    }

    /// <summary>
    /// The processor time that pages take for a call: at full rate, and for calls so far apart that each of them makes every part of every page
    /// read and draw. From both is taken what the same takes without a page, and from that what pages take without a call.
    /// </summary>
    private async Task FanOutAsync(Subject subject, Visitor visitor)
    {
        var traffic = new NumberedCalls(subject.Load);
        var many = (int)(PerSecond * Round.TotalSeconds);
        var few = isShort ? 3 : 10;
        var alone = await CostAsync("no page");
        var open = await visitor.OpenAsync("/", Pages);
        await traffic.PostAsync(50, 100);
        var beside = await CostAsync($"{Pages} pages");
        await Visitor.CloseAsync(open);
        var (folded, each) = (beside.Many - alone.Many, beside.Few - alone.Few);
        var what = Targets.Text($"processor time of {Pages} pages for a call, at {PerSecond} calls a second ({folded:0.00} ms) ÷ for calls {Apart} s apart, each drawn for itself ({each:0.00} ms)");
        if (folded > 0 && each > 0)
        {
            targets.AtMost("T19", what, folded / each, 0.2, 0.35);
        }
        else
        {
            targets.Row("T19", what, double.NaN, "≤ 0.2 (0.35)", "not measured: the machine was too busy with other things");
        }

        async Task<(double Many, double Few)> CostAsync(string what)
        {
            Tell($"processor time with {what}");
            await QuietAsync(subject);
            var idle = await BusyAsync(subject.Product, () => Task.Delay(Round / 2));
            return (await OfCallsAsync(PerSecond, many), await OfCallsAsync(1 / Apart, few));

            async Task<double> OfCallsAsync(double perSecond, int count)
            {
                var started = Stopwatch.GetTimestamp();
                var busy = await BusyAsync(subject.Product, async () =>
                {
                    await traffic.PostAsync(perSecond, count);
                    await QuietAsync(subject);
                });
                return (busy - idle) * Stopwatch.GetElapsedTime(started).TotalMilliseconds / count;
            }
        }
    }

    private async Task IngestAsync(Subject subject, Visitor visitor)
    {
        await subject.Load.FloodAsync(16, TimeSpan.FromSeconds(1));
        await subject.SettleAsync();
        List<double> without = [], with = [];
        for (var round = 0; round < (isShort ? 1 : 5); round++)
        {
            Tell($"acknowledgements, round {round + 1}");
            without.Add((await subject.Load.FloodAsync(64, TimeSpan.FromSeconds(2))).PerSecond);
            await subject.SettleAsync();
            var open = await visitor.OpenAsync("/", Pages);
            with.Add((await subject.Load.FloodAsync(64, TimeSpan.FromSeconds(2))).PerSecond);
            await subject.SettleAsync();
            await Visitor.CloseAsync(open);
        }

        var (beside, alone) = (Figures.Median(with), Figures.Median(without));
        targets.AtLeast("T20", Targets.Text($"acknowledgements a second, 64 posters, with {Pages} pages open ({beside:N0}) ÷ with none ({alone:N0})"), beside / alone, 0.9, 0.8);
    }

    /// <summary>Waits until what came last is processed and drawn, which on a busy machine takes its time: until the product works no less than before.</summary>
    private static async Task QuietAsync(Subject subject)
    {
        await subject.SettleAsync();
        await Task.Delay(Last);
        var (before, now) = (double.MaxValue, await BusyAsync(subject.Product, () => Task.Delay(TimeSpan.FromSeconds(1))));
        for (var i = 0; i < 20 && now < 0.7 * before; i++)
        {
            (before, now) = (now, await BusyAsync(subject.Product, () => Task.Delay(TimeSpan.FromSeconds(1))));
        }
    }

    /// <summary>Cores the product uses meanwhile.</summary>
    private static async Task<double> BusyAsync(Product product, Func<Task> meanwhile)
    {
        var (before, started) = (product.ProcessorTime(), Stopwatch.GetTimestamp());
        await meanwhile();
        return (product.ProcessorTime() - before) / Stopwatch.GetElapsedTime(started);
    }

    private void Time(string target, string what, List<double> taken, int missing, double busy, double? goal, double? floor)
    {
        var p95 = At(0.95);
        var word = goal is null ? "" : p95 <= goal ? "reached" : p95 <= floor ? "within the floor" : "**missed**";
        var held = goal is null ? "–" : goal == floor ? $"p95 ≤ {goal:0}" : $"p95 ≤ {goal:0} ({floor:0})";
        times.AppendLine(Targets.Text($"| {target} | {what} | {At(0.5):N0} / {p95:N0} | {held} | {missing} of {taken.Count + missing} | {busy:0.00} | {word} |"));

        double At(double share) => taken.Count == 0 ? double.NaN : taken[Math.Min(taken.Count - 1, (int)(taken.Count * share))];
    }

    private static void Tell(string what) => Console.Error.WriteLine(what);

    private string Write() => $"""
        `dotnet run -c Release --project tests/AiRudder.Dashboard.Benchmarks -- {string.Join(' ', args)}` on {Targets.Today}: {Targets.Machine}.
        Sender, server, the pages' circuits and the headless Chromium share these cores. Time from the post to the batch with the row, or to the row in the document; what had not come {Last.TotalSeconds:0} seconds after the last post is counted apart.

        | # | what | p50 / p95 ms | goal (floor) | not seen | server, cores | |
        | --- | --- | --- | --- | --- | --- | --- |
        {times.ToString().TrimEnd()}

        {targets}
        """;
}
