using System.IO.Compression;
using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Calls;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRudder.Dashboard.Tests.Exports;

public sealed class ExportTests : IDisposable
{
    private static readonly ClaimsPrincipal Rani = Person("rani", Role.Supervisor);
    private static readonly ClaimsPrincipal Ada = Person("ada", Role.Administrator);

    private readonly TestStore store = new();
    private readonly TestClock clock = new();
    private readonly LabelTable labels;
    private readonly ExportDesk desk;
    private readonly ExportWorker worker;
    private readonly CallSeed seed;

    public ExportTests()
    {
        labels = new LabelTable(store.Contexts, clock);
        desk = new ExportDesk(store.Contexts, store.Services.GetRequiredService<WriteGate>(), store.Services.GetRequiredService<DataDirectory>(), clock);
        worker = new ExportWorker(store.Contexts, new CallQueries(store.Contexts, labels), desk, clock, NullLogger<ExportWorker>.Instance);
        seed = new CallSeed(store);
    }

    public void Dispose()
    {
        worker.Dispose();
        labels.Dispose();
        store.Dispose();
    }

    [Fact]
    public async Task S8_Export_CellsThatCalculate_AreHarmlessAndNumbersStayUsable()
    {
        foreach (var label in new[] { "=1+1", "+SUM(A1)", "-2", "@x", "\tx", "\rx", "\0x", "＝1", "＋1", "－1", "＠x" })
        {
            seed.Add(call => call.Label = label);
        }

        var csv = await FileOf(Ada, ExportFormat.Csv, "?sort=occurredAt", "number,intention");
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("Number,Intention", lines[0]);
        Assert.Equal("+628123450001,'=1+1", lines[1]);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("'", line.Split(',', 2)[1].TrimStart('"'), StringComparison.Ordinal));
    }

    [Fact]
    public async Task S8_Export_Workbook_HasTypedTextCellsOnly()
    {
        seed.Add(call => call.Label = "=cmd|'/c calc'!A0");

        await OrderAsync(Ada, ExportFormat.Xlsx, "", "number,intention,talk");
        var (job, path) = (await desk.FindAsync(Ada, 1, default))!.Value;
        using var book = await ZipFile.OpenReadAsync(path);
        using var reader = new StreamReader(await book.GetEntry("xl/worksheets/sheet1.xml")!.OpenAsync());
        var sheet = await reader.ReadToEndAsync();

        Assert.EndsWith(".xlsx", job.Name, StringComparison.Ordinal);
        Assert.Contains("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">=cmd|'/c calc'!A0</t></is></c><c><v>32</v></c>", sheet, StringComparison.Ordinal);
        Assert.Contains("+628123450001", sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("<f>", sheet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P1_Export_WithoutReveal_IsMasked()
    {
        seed.Add();

        var csv = await FileOf(Rani, ExportFormat.Csv, "", "number,caller");

        Assert.Equal("Number,Our number\r\n•••• 001,•••• 100\r\n", csv);
    }

    [Fact]
    public async Task Export_FilterOrderAndColumns_AreThoseOfTheScreen()
    {
        seed.Add(call => call.DurationSeconds = 10);
        seed.Add(call => call.DurationSeconds = 30);
        seed.Add(call => call.DurationSeconds = 20);
        seed.Add(call => (call.DurationSeconds, call.Label) = (99, "B"));

        Assert.Equal("Talk,AIRUDDER's call id\r\n30,call-2\r\n20,call-3\r\n10,call-1\r\n", await FileOf(Rani, ExportFormat.Csv, "?label=A&sort=-duration", "callId,talk"));
    }

    [Theory]
    [InlineData("es", "Conversación,Transferencia\r\n32,tomada\r\n")]
    [InlineData("zh-CN", "对话,转接\r\n32,已接起\r\n")]
    [InlineData("fr", "Talk,Transfer\r\n32,taken over\r\n")]
    public async Task Export_WordsOfTheFile_AreInTheLanguageOfWhoAsked(string culture, string begin)
    {
        seed.Add(call => (call.TransferRequestedAt, call.TransferSucceededAt) = (CallSeed.Start, CallSeed.Start));
        using (new InLanguage(culture))
        {
            Assert.Null(await desk.OrderAsync(Rani, ExportFormat.Csv, "", CallColumns.Parse("talk,transfer").Columns, null, default));
        }

        Assert.True(await worker.WorkAsync(default));
        var file = await File.ReadAllTextAsync((await desk.FindAsync(Rani, 1, default))!.Value.Path);

        Assert.StartsWith(begin, file, StringComparison.Ordinal);
        Assert.Equal(culture == "fr", file.Contains("taken over", StringComparison.Ordinal));
        Assert.Equal("Talk,Transfer", string.Join(',', CallColumns.Parse("talk,transfer").Columns.Select(column => T(column.Words))));
    }

    [Fact]
    public async Task Export_MarkedCalls_AreThoseAlone()
    {
        for (var i = 0; i < 4; i++)
        {
            seed.Add();
        }

        Assert.Equal("AIRUDDER's call id\r\ncall-3\r\ncall-1\r\n", await FileOf(Rani, ExportFormat.Csv, "", "callId", [1, 3, 77]));
    }

    [Fact]
    public async Task S4_Export_FileOfSomebodyElse_IsNotGivenOut()
    {
        seed.Add();
        await OrderAsync(Ada, ExportFormat.Csv, "", "number");

        Assert.NotNull(await desk.FindAsync(Ada, 1, default));
        Assert.Null(await desk.FindAsync(Rani, 1, default));
        Assert.Empty(await desk.ListAsync(Rani, default));

        // Numbers in full are for whoever may still see them.
        Assert.Null(await desk.FindAsync(Person("ada", Role.Supervisor), 1, default));
        Assert.NotNull(await desk.OrderAsync(Person("budi", Role.Qa), ExportFormat.Csv, "", CallColumns.Usual, null, default));
    }

    [Fact]
    public async Task Export_CancelledWhileItWaits_IsNotMade()
    {
        seed.Add();
        await desk.OrderAsync(Rani, ExportFormat.Csv, "", CallColumns.Usual, null, default);

        await desk.CancelAsync(Ada, 1, default);
        Assert.Equal(ExportState.Waiting, (await desk.ListAsync(Rani, default))[0].State);
        await desk.CancelAsync(Rani, 1, default);

        Assert.False(await worker.WorkAsync(default));
        Assert.Equal(ExportState.Cancelled, (await desk.ListAsync(Rani, default))[0].State);
    }

    [Fact]
    public async Task Export_UnderWayWhenTheServerEnded_BeginsAnewAndLeavesNoHalfFile()
    {
        seed.Add();
        await desk.OrderAsync(Rani, ExportFormat.Csv, "", CallColumns.Usual, null, default);
        await using (var db = store.Contexts.CreateDbContext())
        {
            await db.ExportJobs.ExecuteUpdateAsync(row => row.SetProperty(it => it.State, ExportState.Running).SetProperty(it => it.Node, Environment.MachineName));
        }

        Directory.CreateDirectory(Path.Combine(store.Folder, "exports"));
        var half = Path.Combine(store.Folder, "exports", "half.part");
        await File.WriteAllTextAsync(half, "x");
        await worker.BeginAnewAsync(default);

        Assert.False(File.Exists(half));
        Assert.True(await worker.WorkAsync(default));
        Assert.Equal((ExportState.Done, 1), (await desk.ListAsync(Rani, default)) is [var job] ? (job.State, job.Rows) : default);
    }

    [Fact]
    public async Task Export_OlderThanADay_IsDeletedWithItsFile()
    {
        seed.Add();
        await OrderAsync(Rani, ExportFormat.Csv, "", "number");
        var path = (await desk.FindAsync(Rani, 1, default))!.Value.Path;
        clock.Now += ExportDesk.Kept - TimeSpan.FromMinutes(1);
        await worker.DeleteOldAsync(default);
        Assert.True(File.Exists(path));

        clock.Now += TimeSpan.FromMinutes(2);
        await worker.DeleteOldAsync(default);

        Assert.False(File.Exists(path));
        Assert.Empty(await desk.ListAsync(Rani, default));
    }

    [Fact]
    public async Task Export_ManyAtOnce_AreRefusedInWords()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await desk.OrderAsync(Rani, ExportFormat.Csv, "", CallColumns.Usual, null, default));
        }

        Assert.Contains("under way", await desk.OrderAsync(Rani, ExportFormat.Csv, "", CallColumns.Usual, null, default), StringComparison.Ordinal);
        Assert.Contains("500", await desk.OrderAsync(Ada, ExportFormat.Csv, "", CallColumns.Usual, [.. Enumerable.Range(1, 501).Select(i => (long)i)], default), StringComparison.Ordinal);
    }

    private async Task OrderAsync(ClaimsPrincipal person, ExportFormat format, string query, string columns, IReadOnlyCollection<long>? ids = null)
    {
        Assert.Null(await desk.OrderAsync(person, format, query, CallColumns.Parse(columns).Columns, ids, default));
        Assert.True(await worker.WorkAsync(default));
    }

    private async Task<string> FileOf(ClaimsPrincipal person, ExportFormat format, string query, string columns, IReadOnlyCollection<long>? ids = null)
    {
        await OrderAsync(person, format, query, columns, ids);
        return await File.ReadAllTextAsync((await desk.FindAsync(person, 1, default))!.Value.Path);
    }

    private static ClaimsPrincipal Person(string id, Role role) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id), new Claim(ClaimTypes.Role, role.ToString())], "test"));
}
