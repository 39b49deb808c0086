using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Reviews;

/// <summary>Reviews out again: JSON, lines, CSV and a workbook; masked, authorised, and blind where they must be.</summary>
public sealed class ReviewEndpointsTests(ReviewEndpointsTests.Reviewed reviewed) : IClassFixture<ReviewEndpointsTests.Reviewed>
{
    private readonly TestSite site = reviewed.Site;

    [Fact]
    public async Task List_PagesByCursorAndFilters()
    {
        using var api = site.Api(Role.Supervisor);
        var first = await JsonAsync(api, "/api/reviews?limit=2");
        var rest = await JsonAsync(api, $"/api/reviews?limit=2&cursor={first.GetProperty("next").GetString()}");

        Assert.Equal(["3", "2", "1"], first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(row => row.GetProperty("call").GetString()));
        Assert.Equal(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        var defect = Assert.Single((await JsonAsync(api, "/api/reviews?defect=true")).GetProperty("items").EnumerateArray());
        Assert.Equal((0, true), (defect.GetProperty("score").GetDouble(), defect.GetProperty("fatalFailed").GetBoolean()));
        Assert.Equal(5, defect.GetProperty("items").GetArrayLength());
        Assert.Single((await JsonAsync(api, "/api/reviews?label=B")).GetProperty("items").EnumerateArray());
        Assert.Empty((await JsonAsync(api, "/api/reviews?reviewer=nobody@example.com")).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync("/api/reviews?source=7&cursor=x")).StatusCode);
    }

    [Fact]
    public async Task Lines_AreOneObjectEach()
    {
        using var api = site.Api(Role.Qa);
        var lines = (await api.GetStringAsync("/api/reviews?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, lines.Select(line => JsonDocument.Parse(line)).Count());
    }

    [Fact]
    public async Task P1_WithoutReveal_NoNumberLeavesTheServer()
    {
        foreach (var path in new[] { "/api/reviews", "/api/reviews?format=ndjson", "/api/reviews.csv" })
        {
            using var api = site.Api(Role.Supervisor);
            var text = await api.GetStringAsync(path);
            Assert.DoesNotContain("628120000001", text, StringComparison.Ordinal);
            Assert.Contains("•••• 001", JsonOrText(text), StringComparison.Ordinal);
        }

        using var full = site.Api(Role.Administrator);
        Assert.Contains("+628120000001", await full.GetStringAsync("/api/reviews.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S8_Csv_CommentThatLooksLikeAFormula_IsHarmless()
    {
        using var api = site.Api(Role.Administrator);
        Assert.Contains("'=HYPERLINK", await api.GetStringAsync("/api/reviews.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S8_Workbook_IsSoundAndItsTextsAreTyped()
    {
        using var api = site.Api(Role.Supervisor);
        var answer = await api.GetAsync("/api/reviews.xlsx");
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Content.Headers.ContentType!.MediaType);
        using var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync());

        Assert.All(archive.Entries, entry => { using var part = entry.Open(); XDocument.Load(part); });
        using var sheet = archive.GetEntry("xl/worksheets/sheet1.xml")!.Open();
        var document = XDocument.Load(sheet);
        XNamespace main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        Assert.Equal(4, document.Descendants(main + "row").Count());
        Assert.Empty(document.Descendants(main + "f"));
        var formula = Assert.Single(document.Descendants(main + "c"), cell => cell.Value.StartsWith("=HYPERLINK", StringComparison.Ordinal));
        Assert.Equal("inlineStr", formula.Attribute("t")!.Value);
        Assert.DoesNotContain("628120000001", document.ToString(), StringComparison.Ordinal);
        using var items = archive.GetEntry("xl/worksheets/sheet2.xml")!.Open();
        Assert.Equal(16, XDocument.Load(items).Descendants(main + "row").Count());
    }

    [Theory]
    [InlineData(Role.Qa, HttpStatusCode.Forbidden)]
    [InlineData(Role.Supervisor, HttpStatusCode.OK)]
    [InlineData(Role.Administrator, HttpStatusCode.OK)]
    public async Task S4_Files_NeedTheRightToExport(Role role, HttpStatusCode status)
    {
        using var api = site.Api(role);
        Assert.Equal(status, (await api.GetAsync("/api/reviews.csv")).StatusCode);
        Assert.Equal(status, (await api.GetAsync("/api/reviews.xlsx")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/api/reviews")).StatusCode);
    }

    [Fact]
    public async Task Reviewed_FilterOfCalls_FindsThem()
    {
        using var api = site.Api(Role.Supervisor);

        Assert.Equal(["3", "2", "1"], Ids(await JsonAsync(api, "/api/calls?reviewed=true")));
        Assert.Equal(["4"], Ids(await JsonAsync(api, "/api/calls?reviewed=false")));
        Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync("/api/calls?reviewed=perhaps")).StatusCode);

        static IEnumerable<string?> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("id").GetString());
    }

    private static string JsonOrText(string text) => text.Replace("\\u2022", "•", StringComparison.OrdinalIgnoreCase);

    private static async Task<JsonElement> JsonAsync(HttpClient api, string path) => JsonDocument.Parse(await api.GetStringAsync(path)).RootElement;

    /// <summary>A site with four calls, of which three were reviewed.</summary>
    public sealed class Reviewed : IAsyncLifetime
    {
        public TestSite Site { get; } = new(new Dictionary<string, string?> { ["Connections:0:Name"] = "one", ["Connections:0:Token"] = new string('t', 43), ["Connections:0:TimeZone"] = "Asia/Jakarta" });

        public async Task InitializeAsync()
        {
            var services = Site.Services;
            await using var db = Site.Contexts.CreateDbContext();
            var builder = new CallBuilder(Site.Contexts, await db.Connections.SingleAsync());
            var task = builder.Task();
            for (var i = 1; i <= 4; i++)
            {
                var number = i;
                builder.Call(task, new DateTimeOffset(2026, 3, 14, 4, i, 0, TimeSpan.Zero), entry => entry with { Callee = $"+62812000000{number}", Label = number == 2 ? "B" : "A" });
            }

            builder.Save();
            var card = await ReviewExamples.AddAsync(services.GetRequiredService<Scorecards>(), "somebody", default);
            var version = await db.ScorecardVersions.SingleAsync(row => row.ScorecardId == card);
            var items = await db.ScorecardItems.Where(item => item.VersionId == version.Id).OrderBy(item => item.Ordinal).ToListAsync();
            for (var call = 1; call <= 3; call++)
            {
                var draft = items.Aggregate(new ReviewDraft { Comment = call == 1 ? "=HYPERLINK(1) called back from +628120000001" : null }, (all, item) => all.With(item.Id, call == 2 && item.Ordinal == 1 ? 0 : item.MaxPoints));
                Assert.Null(await services.GetRequiredService<ReviewDesk>().SubmitAsync(call, version.Id, "somebody", draft, null, default));
            }
        }

        public async Task DisposeAsync() => await Site.DisposeAsync();
    }
}
