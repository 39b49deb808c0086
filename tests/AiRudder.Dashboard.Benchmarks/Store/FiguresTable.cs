using System.Text;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>The result as Markdown: milliseconds, how many times as long the others take, and the targets.</summary>
internal sealed class FiguresTable(FiguresOptions options, string[] args)
{
    private readonly StringBuilder questions = new();
    private readonly StringBuilder skipped = new();
    private readonly Targets targets = new();
    private Taken? newest;
    private StoreSize size = new(0, 0, 0);

    public void Question(Question question, Taken ours, Taken? scan, Taken? postgres, Taken? duck)
    {
        questions.AppendLine(Targets.Text($"| {question.Name} | {ours.P50:0.0} / {ours.P95:0.0} | {Beside(scan)} | {Beside(postgres)} | {Beside(duck)} |"));
        if (question.IsPanel)
        {
            targets.AtMost("T11", $"{question.Name}, median ms", ours.P50, 10, 30);
        }

        if (question.IsThirtyDays && scan is not null)
        {
            targets.AtLeast("T13", "scan of the calls ÷ the product's panel, all tasks, 30 days", scan.P50 / ours.P50, 100, 30);
        }

        switch (question.Target)
        {
            case "T14":
                newest ??= ours;
                targets.AtMost("T14", $"{question.Name}, ms", ours.P50, 10, 30);
                break;
            case "T15":
                targets.AtMost("T15", $"{question.Name} ÷ the first page", ours.P50 / (newest?.P50 ?? double.NaN), 1.2, 1.5);
                break;
            case "T15b":
                targets.AtMost("T15", $"{question.Name}, ms", ours.P50, 30, 100);
                break;
            case "T16":
                targets.AtMost("T16", $"{question.Name}, ms", ours.P50, 3, 10);
                break;
            case "T16b":
                targets.AtMost("T16", $"{question.Name}, ms", ours.P50, 10, 30);
                break;
        }

        string Beside(Taken? other) => other is null ? "–" : Targets.Text($"{other.P50:0.0} ({other.P50 / ours.P50:0.0}×)");
    }

    public void Skipped(string why) => skipped.AppendLine(why).AppendLine();

    public void Growth(string panel, double here, double smaller) =>
        targets.AtMost("T12", Targets.Text($"{panel}: these calls ({here:0.0} ms) ÷ a fifth of them ({smaller:0.0} ms)"), here / smaller, 1.2, 1.5);

    /// <summary>Bytes per call, without the fields that are only shown (transcripts, uploaded variables, links): they weigh what the vendor sends.</summary>
    public void Disk((long File, long Shown, long Words) bytes, StoreSize stored)
    {
        size = stored;
        targets.AtMost("T24", "bytes of disk per call without body and shown fields: call, dials, deliveries, indexes and rollups", (bytes.File - bytes.Shown - bytes.Words) / (double)stored.Calls, 350, 450);
        targets.Row("–", "bytes per call beside it: shown fields, with a transcript for one call in ten", bytes.Shown / (double)stored.Calls, "–", "");
        targets.Row("–", "bytes per call beside it: index of what was said", bytes.Words / (double)stored.Calls, "–", "");
    }

    public string Write() => $"""
        `dotnet run -c Release --project tests/AiRudder.Dashboard.Benchmarks -- {string.Join(' ', args)}` on {Targets.Today}: {Targets.Machine}.
        {Targets.Text($"{size.Calls:N0} calls, {size.Dials:N0} dials, {size.Tasks:N0} tasks over twelve months; warm; medians of {(options.IsShort ? 15 : 40)} questions to the product and {(options.IsShort ? 3 : 5)} to the others, in turns.")}

        | question | product, p50 / p95 ms | SQLite, from the calls, ms | PostgreSQL, from the calls, ms | DuckDB, from the calls, ms |
        | --- | --- | --- | --- | --- |
        {questions.ToString().TrimEnd()}

        {skipped}{targets}
        """;
}
