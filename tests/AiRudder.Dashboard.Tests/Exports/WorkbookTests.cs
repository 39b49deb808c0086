using System.IO.Compression;
using System.Xml.Linq;
using AiRudder.Dashboard.Exports;

namespace AiRudder.Dashboard.Tests.Exports;

[Trait("Requirement", "S8")]
public sealed class WorkbookTests
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    [Fact]
    public async Task Rows_OfAnyText_ReadBackAsTheyWere()
    {
        string[] texts = ["=1+1", "+62812", " blank ", "<b>&\"'", "多行\nzwei", "🙂", "@x", "-5"];

        var cells = await RoundAsync(book => book.AddRowAsync([.. texts.Select(text => (Cell)text)], default));

        Assert.Equal(texts, cells.Select(cell => cell.Value));
        Assert.All(cells, cell => Assert.Equal("inlineStr", cell.Attribute("t")!.Value));
    }

    [Fact]
    public async Task Numbers_AreNumbersAndNothingIsEmpty()
    {
        var cells = await RoundAsync(book => book.AddRowAsync([1.5, 7, (string?)null, (double?)null], default));

        Assert.Equal(["1.5", "7", "", ""], cells.Select(cell => cell.Value));
        Assert.All(cells, cell => Assert.Null(cell.Attribute("t")));
    }

    [Fact]
    public async Task Text_ThatXmlCannotHold_IsReplaced()
    {
        var cells = await RoundAsync(book => book.AddRowAsync(["a\0b\u0001c\ud800d"], default));

        Assert.Equal("a\ufffdb\ufffdc\ufffdd", Assert.Single(cells).Value);
    }

    [Fact]
    public async Task Text_LongerThanACell_IsCutBetweenSigns()
    {
        var cells = await RoundAsync(book => book.AddRowAsync([new string('a', Workbook.LongestText - 1) + "🙂"], default));

        Assert.Equal(new string('a', Workbook.LongestText - 1), Assert.Single(cells).Value);
    }

    [Fact]
    public async Task Parts_AreTheOnesAWorkbookNeedsAndNameEachOther()
    {
        using var archive = await ArchiveAsync(book => book.BeginSheetAsync("Second & last", ["x"], default));

        Assert.Equal(
            ["[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"],
            archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.Equal(["First", "Second & last"], Load(archive, "xl/workbook.xml").Descendants(Main + "sheet").Select(sheet => sheet.Attribute("name")!.Value));
        var targets = Load(archive, "xl/_rels/workbook.xml.rels").Root!.Elements().Select(part => "xl/" + part.Attribute("Target")!.Value);
        Assert.All(targets, target => Assert.NotNull(archive.GetEntry(target)));
    }

    /// <summary>As the answer of a request demands it.</summary>
    [Fact]
    public async Task Target_IsWrittenToAsynchronouslyAndBeforeTheEnd()
    {
        var target = new AsynchronousOnly();
        await using (var book = await Workbook.CreateAsync(target, default))
        {
            await book.BeginSheetAsync("Many", ["id"], default);
            for (var i = 0; i < 20_000; i++)
                await book.AddRowAsync([$"{Guid.NewGuid()}"], default);

            Assert.True(target.Length > 100_000);
        }

        using var archive = new ZipArchive(new MemoryStream(target.ToArray()));
        Assert.Equal(20_001, Load(archive, "xl/worksheets/sheet1.xml").Descendants(Main + "row").Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("longer than thirty-one characters")]
    public async Task Sheet_NameThatNoneCanHave_IsRefused(string name)
    {
        await using var book = await Workbook.CreateAsync(new MemoryStream(), default);
        await Assert.ThrowsAsync<ArgumentException>(() => book.BeginSheetAsync(name, [], default));
    }

    private static async Task<List<XElement>> RoundAsync(Func<Workbook, Task> write)
    {
        using var archive = await ArchiveAsync(write);
        return [.. Load(archive, "xl/worksheets/sheet1.xml").Descendants(Main + "row").Last().Elements()];
    }

    private static async Task<ZipArchive> ArchiveAsync(Func<Workbook, Task> write)
    {
        var target = new MemoryStream();
        await using (var book = await Workbook.CreateAsync(target, default))
        {
            await book.BeginSheetAsync("First", ["heading"], default);
            await write(book);
        }

        return new ZipArchive(new MemoryStream(target.ToArray()));
    }

    private static XDocument Load(ZipArchive archive, string part)
    {
        using var stream = archive.GetEntry(part)!.Open();
        return XDocument.Load(stream, LoadOptions.PreserveWhitespace);
    }

    private sealed class AsynchronousOnly : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("synchronous");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new InvalidOperationException("synchronous");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            base.Write(buffer.ToArray(), 0, buffer.Length);
            return default;
        }
    }
}
