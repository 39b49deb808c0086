using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;

namespace AiRudder.Dashboard.Exports;

/// <summary>
/// Writes an .xlsx file, row by row, straight to where it goes. Every text is a typed text cell: whatever it begins with, no
/// spreadsheet takes it for a formula. Sheets are written one after the other.
/// </summary>
public sealed class Workbook : IAsyncDisposable
{
    /// <summary>Rows a sheet can hold, the heading included.</summary>
    public const int MostRows = 1_048_576;

    /// <summary>Characters a cell can hold; longer text is cut there.</summary>
    public const int LongestText = 32_767;

    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/";

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("[]:*?/\\");

    private readonly Stream target;
    private readonly Outbox outbox;
    private readonly ZipArchive archive;
    private readonly List<string> sheets = [];
    private StreamWriter? sheet;
    private int row;

    private Workbook(Stream target, Outbox outbox, ZipArchive archive) => (this.target, this.outbox, this.archive) = (target, outbox, archive);

    /// <param name="target">Written to in order, never read nor sought; left open.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Workbook> CreateAsync(Stream target, CancellationToken cancel)
    {
        var outbox = new Outbox();
        return new Workbook(target, outbox, await ZipArchive.CreateAsync(outbox, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel));
    }

    /// <summary>Ends the sheet before and begins the next with its headings.</summary>
    /// <param name="name">At most 31 characters, none of them []:*?/\.</param>
    /// <param name="headings">First row.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task BeginSheetAsync(string name, IReadOnlyList<string> headings, CancellationToken cancel)
    {
        if (name.Length is 0 or > 31 || name.AsSpan().ContainsAny(NotInNames))
        {
            throw new ArgumentException("No sheet can have this name.", nameof(name));
        }

        await EndSheetAsync();
        sheets.Add(name);
        row = 0;
        sheet = new StreamWriter(await archive.CreateEntry($"xl/worksheets/sheet{sheets.Count}.xml", CompressionLevel.Fastest).OpenAsync(cancel), new UTF8Encoding(false), 16_384);
        await sheet.WriteAsync($"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{Main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>""".AsMemory(), cancel);
        await WriteAsync([.. headings.Select(heading => (Cell)heading)], style: 1, cancel);
    }

    public Task AddRowAsync(IReadOnlyList<Cell> cells, CancellationToken cancel) => WriteAsync(cells, style: 0, cancel);

    /// <summary>Ends the file; without it the file is none.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndSheetAsync();
        await AddPartAsync("xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Relationships}"><sheets>{string.Concat(sheets.Select((name, i) => $"""<sheet name="{Escaped(name)}" sheetId="{i + 1}" r:id="rId{i + 1}"/>"""))}</sheets></workbook>""");
        await AddPartAsync("xl/styles.xml", $"""<styleSheet xmlns="{Main}"><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>""");
        var parts = sheets.Select((_, i) => $"""<Relationship Id="rId{i + 1}" Type="{Relationships}/worksheet" Target="worksheets/sheet{i + 1}.xml"/>""");
        await AddPartAsync("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{Package}relationships">{string.Concat(parts)}<Relationship Id="styles" Type="{Relationships}/styles" Target="styles.xml"/></Relationships>""");
        await AddPartAsync("_rels/.rels", $"""<Relationships xmlns="{Package}relationships"><Relationship Id="rId1" Type="{Relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
        const string Kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        var overrides = sheets.Select((_, i) => $"""<Override PartName="/xl/worksheets/sheet{i + 1}.xml" ContentType="{Kind}.worksheet+xml"/>""");
        await AddPartAsync("[Content_Types].xml", $"""<Types xmlns="{Package}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{Kind}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{Kind}.styles+xml"/>{string.Concat(overrides)}</Types>""");
        await archive.DisposeAsync();
        await outbox.SendAsync(target, CancellationToken.None);
        await outbox.DisposeAsync();
    }

    private async Task WriteAsync(IReadOnlyList<Cell> cells, int style, CancellationToken cancel)
    {
        if (sheet is null)
        {
            throw new InvalidOperationException("Rows need a sheet: begin one first.");
        }

        if (++row > MostRows)
        {
            throw new InvalidOperationException($"A sheet holds no more than {MostRows} rows.");
        }

        var line = new StringBuilder(256).Append("<row>");
        foreach (var cell in cells)
        {
            var styled = style == 0 ? "" : $" s=\"{style}\"";
            _ = cell switch
            {
                { Number: { } number } => line.Append(CultureInfo.InvariantCulture, $"<c{styled}><v>{number:R}</v></c>"),
                { Text: { Length: > 0 } text } => line.Append(CultureInfo.InvariantCulture, $"<c t=\"inlineStr\"{styled}><is><t xml:space=\"preserve\">{Escaped(text)}</t></is></c>"),
                _ => line.Append("<c/>"),
            };
        }

        await sheet.WriteAsync(line.Append("</row>"), cancel);
        if (outbox.IsFull)
        {
            await outbox.SendAsync(target, cancel);
        }
    }

    private async Task EndSheetAsync()
    {
        if (sheet is null)
        {
            return;
        }

        await sheet.WriteAsync("</sheetData></worksheet>");
        await sheet.DisposeAsync();
        sheet = null;
    }

    private async Task AddPartAsync(string name, string xml)
    {
        await using var entry = await archive.CreateEntry(name, CompressionLevel.Fastest).OpenAsync();
        await entry.WriteAsync(Encoding.UTF8.GetBytes("""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""" + xml));
    }

    /// <summary>What XML cannot hold becomes the sign for "replaced"; a pair of surrogates stays whole.</summary>
    private static string Escaped(string text)
    {
        var length = Math.Min(text.Length, LongestText);
        length -= length < text.Length && char.IsHighSurrogate(text[length - 1]) ? 1 : 0;
        var safe = new StringBuilder(length + 16);
        for (var i = 0; i < length; i++)
        {
            var sign = text[i];
            if (char.IsHighSurrogate(sign) && i + 1 < length && char.IsLowSurrogate(text[i + 1]))
            {
                safe.Append(sign).Append(text[++i]);
                continue;
            }

            _ = sign switch
            {
                '&' => safe.Append("&amp;"),
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '"' => safe.Append("&quot;"),
                _ => safe.Append(XmlConvert.IsXmlChar(sign) ? sign : '\ufffd'),
            };
        }

        return safe.ToString();
    }
}

/// <summary>A cell: text, a number, or nothing.</summary>
public readonly record struct Cell(string? Text, double? Number)
{
    public static implicit operator Cell(string? text) => new(text, null);

    public static implicit operator Cell(double? number) => new(null, number);

    public static implicit operator Cell(int number) => new(null, number);
}
