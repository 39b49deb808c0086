using System.Text;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>The result as Markdown: figures, ratios, and the targets they are held against.</summary>
internal sealed class Table(bool isShort, string[] args)
{
    private readonly StringBuilder throughput = new();
    private readonly Targets targets = new();

    public void Throughput(int posters, Measured ours, Measured nothing, Measured oneByOne)
    {
        throughput.AppendLine(Targets.Text($"| {posters} | {ours.PerSecond:N0} | {ours.P50:0.0} / {ours.P99:0.0} | {nothing.PerSecond:N0} | {nothing.P50:0.0} / {nothing.P99:0.0} | {oneByOne.PerSecond:N0} | {oneByOne.P50:0.0} / {oneByOne.P99:0.0} |{(ours.Refused > 0 ? $" {ours.Refused} refused" : "")}"));
        if (posters == 64)
        {
            targets.AtLeast("T1", "durable acknowledgements ÷ do-nothing endpoint, 64 posters", ours.PerSecond / nothing.PerSecond, 0.25, 0.12);
            targets.AtLeast("T5", "÷ one commit per request, 64 posters", ours.PerSecond / oneByOne.PerSecond, 5, 3);
        }
    }

    /// <summary>The same figures for a node that only receives.</summary>
    public void Receiving(Measured ours, Measured nothing, Measured oneByOne)
    {
        targets.AtLeast("T1", Targets.Text($"the same, a node with Role Receive ({ours.PerSecond:N0}/s, p99 {ours.P99:0.0} ms)"), ours.PerSecond / nothing.PerSecond, 0.25, 0.12);
        targets.AtLeast("T5", "the same, a node with Role Receive", ours.PerSecond / oneByOne.PerSecond, 5, 3);
    }

    public void FixedRate(string target, int perSecond, Measured ours, Measured nothing, double goal, double floor) =>
        targets.AtMost(target, $"p99 at a fixed {perSecond:N0}/s ({ours.P99:0.0} ms) ÷ p99 of do-nothing ({nothing.P99:0.0} ms)", ours.P99 / nothing.P99, goal, floor, Refused(ours));

    public void BesideBatches(Measured alone, Measured beside, int batches, int numbers) =>
        targets.AtMost("T9", Targets.Text($"p99 of single calls at 100/s beside batches of {numbers} numbers ({beside.P99:0.0} ms, {batches} batches) ÷ without ({alone.P99:0.0} ms)"), beside.P99 / alone.P99, 3, 5, Refused(beside));

    public void Steady(int seconds, Measured ours)
    {
        targets.Row("L3", $"100/s for {seconds} s: p99 in ms", ours.P99, "≤ 500", ours.P99 <= 500 && ours.Refused == 0 ? "reached" : "**missed**", Refused(ours));
        targets.Row("L3", "the same: slowest answer in ms", ours.Slowest, "≤ 10,000", ours.Slowest <= 10_000 ? "reached" : "**missed**");
    }

    public void Processing(double singles, int calls, double batch)
    {
        targets.Row("–", "calls a second from stored to visible, single calls at full load", singles, "–", "");
        targets.Row("–", $"the same for one body of {calls:N0} numbers", batch, "–", "");
    }

    public void Memory(long bytes, TimeSpan answered, TimeSpan processed, long growth) =>
        targets.Row("L2", Targets.Text($"memory grown in MB while a body of {bytes / 1_000_000} MB passes (answered after {answered.TotalSeconds:0.0} s, visible after {processed.TotalSeconds:0.0} s)"), growth, "≤ 512", growth <= 512 ? "reached" : "**missed**");

    public void Start(double empty, double full)
    {
        targets.AtMost("T23", "start to first 200 in s, empty folder", empty, 1.5, 3);
        targets.AtMost("T23", "the same on what this run stored", full, 1.5, 3);
    }

    public string Write()
    {
        return $"""
            `dotnet run -c Release --project tests/AiRudder.Dashboard.Benchmarks -- {string.Join(' ', args)}` on {Targets.Today}: {Targets.Machine}.
            Senders and receivers share these cores; bodies of 4 KB with one call each; {(isShort ? "one short round" : "medians of three alternating rounds")}.

            | posters | product, acks/s | p50 / p99 ms | do-nothing, answers/s | p50 / p99 ms | one commit per request, acks/s | p50 / p99 ms |
            | --- | --- | --- | --- | --- | --- | --- |
            {throughput.ToString().TrimEnd()}

            {targets}
            """;
    }

    private static string Refused(Measured ours) => ours.Refused == 0 ? "" : $"; {ours.Refused} refused";
}
