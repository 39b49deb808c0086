using System.Globalization;
using System.Text;
using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Exports;

/// <summary>Writes calls as a file, row by row: what is in memory is the row at hand.</summary>
public static class CallFile
{
    /// <summary>What one file holds at most: as many as a sheet can.</summary>
    public const int MostRows = 1_000_000;

    public static string ContentType(ExportFormat format) => format == ExportFormat.Csv ? "text/csv; charset=utf-8" : Workbook.ContentType;

    /// <param name="body">Written to in order; left open.</param>
    /// <param name="format">Kind of file.</param>
    /// <param name="columns">Which columns, in this order.</param>
    /// <param name="headings">Their headings.</param>
    /// <param name="lines">The calls.</param>
    /// <param name="written">Told how many rows there are after each.</param>
    /// <param name="cancel">Stops it; the file is none then.</param>
    public static Task WriteAsync(
        Stream body, ExportFormat format, IReadOnlyList<CallColumn> columns, IReadOnlyList<string> headings, IAsyncEnumerable<CallLine> lines, Func<int, ValueTask>? written, CancellationToken cancel) =>
        format == ExportFormat.Csv ? WriteCsvAsync(body, columns, headings, lines, written, cancel) : WriteWorkbookAsync(body, columns, headings, lines, written, cancel);

    private static async Task WriteCsvAsync(Stream body, IReadOnlyList<CallColumn> columns, IReadOnlyList<string> headings, IAsyncEnumerable<CallLine> lines, Func<int, ValueTask>? written, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(false), 16_384, leaveOpen: true);
        await writer.WriteAsync(CsvText.Line(headings).AsMemory(), cancel);
        var rows = 0;
        await foreach (var line in lines.WithCancellation(cancel))
        {
            var cells = columns.Select(column => column.Value(line)).Select(cell => cell.Text ?? cell.Number?.ToString("R", CultureInfo.InvariantCulture));
            await writer.WriteAsync(CsvText.Line(cells).AsMemory(), cancel);
            await (written?.Invoke(++rows) ?? ValueTask.CompletedTask);
        }
    }

    private static async Task WriteWorkbookAsync(Stream body, IReadOnlyList<CallColumn> columns, IReadOnlyList<string> headings, IAsyncEnumerable<CallLine> lines, Func<int, ValueTask>? written, CancellationToken cancel)
    {
        await using var book = await Workbook.CreateAsync(body, cancel);
        await book.BeginSheetAsync(T("Calls"), headings, cancel);
        var rows = 0;
        await foreach (var line in lines.WithCancellation(cancel))
        {
            await book.AddRowAsync([.. columns.Select(column => column.Value(line))], cancel);
            await (written?.Invoke(++rows) ?? ValueTask.CompletedTask);
        }
    }
}
