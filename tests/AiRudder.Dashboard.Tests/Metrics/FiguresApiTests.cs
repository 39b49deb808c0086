using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Metrics;

/// <summary>The HTTP API of the figures: names, shapes and refusals that scripts rely on.</summary>
public sealed class FiguresApiTests : IDisposable
{
    private readonly TestSite site = new();
    private readonly HttpClient client;

    public FiguresApiTests()
    {
        client = site.Api(Role.Supervisor);
        var connection = new Connection { Name = "Pinjaman Cepat", TimeZone = "Asia/Jakarta" };
        using (var db = site.Contexts.CreateDbContext())
        {
            db.Add(connection);
            db.SaveChanges();
        }

        var build = new CallBuilder(site.Contexts, connection);
        build.Meaning("A", Meaning.RightParty, "Promises to pay", color: 2);
        var task = build.Task("task/1 ü", status: "calling", listSize: 10);
        build
            .Call(task, build.At("2026-03-14 10:00"), call => call with { Redials = [build.At("2026-03-14 09:00")] })
            .Call(task, build.At("2026-03-14 11:00"), call => call.Unanswered())
            .Call(build.Task("task2"), build.At("2026-03-15 00:10"), call => call with { Label = null })
            .Save();
    }

    private async Task<JsonElement> Get(string path) => await client.GetFromJsonAsync<JsonElement>(path);

    [Fact]
    public async Task Summary_OfOneDay_HasEveryFigureWithItsParts()
    {
        var answer = await Get("/api/metrics/summary?from=2026-03-14&to=2026-03-14&connection=Pinjaman%20Cepat");

        Assert.Equal(("2026-03-14", "2026-03-14", "Asia/Jakarta"), (answer.GetProperty("from").GetString(), answer.GetProperty("to").GetString(), answer.GetProperty("zone").GetString()));
        var figures = answer.GetProperty("figures");
        string[] names =
        [
            "deliveries", "numbersHeard", "attempts", "connected", "answerRate", "reach", "attemptsPerNumber", "averageCallDuration", "averageRobotTalk", "averageRingTime", "shortCallShare",
            "noResponseRate", "turnsPerCall", "transferRequests", "transferRate", "transferSuccess", "rightPartyOfConnects", "promiseOfRightParty", "unmappedShare", "contradictionRate", "coverage",
        ];
        Assert.All(names, name => Assert.Equal(
            ["value", "numerator", "denominator", "unit", "provisional", "reason"],
            figures.GetProperty(name).EnumerateObject().Select(field => field.Name)));
        var rate = figures.GetProperty("answerRate");
        Assert.Equal((1.0 / 3, 1, 3, "fraction", true), (rate.GetProperty("value").GetDouble(), rate.GetProperty("numerator").GetInt32(), rate.GetProperty("denominator").GetInt32(), rate.GetProperty("unit").GetString(), rate.GetProperty("provisional").GetBoolean()));
        var promise = figures.GetProperty("promiseOfRightParty");
        Assert.Equal(JsonValueKind.Null, promise.GetProperty("value").ValueKind);
        Assert.NotEqual(JsonValueKind.Null, promise.GetProperty("reason").ValueKind);
    }

    [Fact]
    public async Task Definitions_ExplainEveryFigureOfTheSummary()
    {
        var summary = await Get("/api/metrics/summary?from=2026-03-14&to=2026-03-14");
        var definitions = await Get("/api/metrics/definitions");

        Assert.Equal(
            summary.GetProperty("figures").EnumerateObject().Select(figure => figure.Name).Order(StringComparer.Ordinal),
            definitions.EnumerateArray().Select(definition => definition.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        var rate = definitions.EnumerateArray().Single(definition => definition.GetProperty("name").GetString() == "answerRate");
        Assert.Equal(("Answer rate (per attempt)", "connected attempts ÷ attempts", "fraction", "attempts"), (rate.GetProperty("title").GetString(), rate.GetProperty("formula").GetString(), rate.GetProperty("unit").GetString(), rate.GetProperty("denominator").GetString()));
    }

    [Fact]
    public async Task Tasks_PageByPage_HaveTheFieldsOfTheInterface()
    {
        var first = await Get("/api/tasks?limit=1");
        var second = await Get($"/api/tasks?limit=1&cursor={first.GetProperty("next").GetString()}");
        var third = await Get($"/api/tasks?limit=1&cursor={second.GetProperty("next").GetString()}");

        Assert.Equal("task2", first.GetProperty("items")[0].GetProperty("id").GetString());
        var task = second.GetProperty("items")[0];
        Assert.Equal(("task/1 ü", "calling", CallBuilder.Robot, "line-1"), (task.GetProperty("id").GetString(), task.GetProperty("status").GetString(), task.GetProperty("robot").GetString(), task.GetProperty("line").GetString()));
        Assert.Equal((2, 10, 3, 1, true), (task.GetProperty("numbers").GetInt32(), task.GetProperty("listSize").GetInt32(), task.GetProperty("attempts").GetInt32(), task.GetProperty("connected").GetInt32(), task.GetProperty("provisional").GetBoolean()));
        Assert.Equal("""{"A":1}""", task.GetProperty("labels").GetRawText());
        Assert.Equal(0, third.GetProperty("items").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, third.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Tasks_AsLines_AreOneObjectEach()
    {
        var lines = (await client.GetStringAsync("/api/tasks?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("""{"id":""", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Task_ByAirudderId_WhateverItHolds()
    {
        var task = await Get($"/api/tasks/{Uri.EscapeDataString("task/1 ü")}");

        Assert.Equal("task/1 ü", task.GetProperty("id").GetString());
        Assert.Equal((1, 2, 0), (task.GetProperty("ladder")[0].GetProperty("attempt").GetInt32(), task.GetProperty("ladder")[0].GetProperty("dials").GetInt32(), task.GetProperty("ladder")[0].GetProperty("connects").GetInt32()));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/tasks/unheard-of")).StatusCode);
    }

    [Fact]
    public async Task Intentions_PerRobotAndLabel_SayWhatTheyMean()
    {
        var items = (await Get("/api/intentions")).GetProperty("items");

        Assert.Equal(2, items.GetArrayLength());
        var promise = items.EnumerateArray().Single(item => item.GetProperty("label").GetString() == "A");
        Assert.Equal(("Promises to pay", 2, true, 1, 0.5), (promise.GetProperty("words").GetString(), promise.GetProperty("color").GetInt32(), promise.GetProperty("mapped").GetBoolean(), promise.GetProperty("connected").GetInt32(), promise.GetProperty("share").GetDouble()));
        Assert.Equal("RightParty", promise.GetProperty("meanings")[0].GetString());
    }

    [Theory]
    [InlineData("/api/metrics/summary?from=yesterday&connected=perhaps", "from: 'yesterday'", "connected: 'perhaps'")]
    [InlineData("/api/tasks?limit=0", "limit: '0'", "1 to 500")]
    [InlineData("/api/intentions?format=xml", "format: 'xml'", "ndjson")]
    public async Task Filter_ThatCannotBeRead_IsAProblemInSentences(string path, string one, string other)
    {
        var answer = await client.GetAsync(path);

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var detail = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();
        Assert.Contains(one, detail, StringComparison.Ordinal);
        Assert.Contains(other, detail, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        client.Dispose();
        site.Dispose();
    }
}
