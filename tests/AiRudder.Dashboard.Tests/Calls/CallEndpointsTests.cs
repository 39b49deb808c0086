using System.Net;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class CallEndpointsTests : IAsyncLifetime
{
    private readonly TestStore store = new();
    private CallsHost host = null!;

    public async Task InitializeAsync() => host = await CallsHost.StartAsync(store);

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        store.Dispose();
    }

    [Fact]
    public async Task List_Rows_HaveTheFieldsScriptsRelyOn()
    {
        new CallSeed(store).AddVendorSample();

        var row = (await JsonAsync("/api/calls")).GetProperty("items")[0];

        var names = row.EnumerateObject().Select(member => member.Name).ToHashSet();
        Assert.Superset(
            new HashSet<string>("id callId task robot callee label meaning result connected durationSeconds startedAt receivedAt ringType hangupType hangupBy callerNumber hasRecording flags".Split(' ')), names);
        Assert.Equal("1", row.GetProperty("id").GetString());
        Assert.Equal("task-1", row.GetProperty("task").GetString());
        Assert.Equal("+6212345678", row.GetProperty("callee").GetString());
        Assert.Equal("HangupFieldsDisagree", row.GetProperty("flags")[0].GetString());
    }

    [Fact]
    public async Task One_Everything_IsThereForThoseWhoMayReveal()
    {
        var call = new CallSeed(store).AddVendorSample();

        var document = await JsonAsync($"/api/calls/{call.Id}");

        Assert.Equal("hello robot", document.GetProperty("turns")[0].GetProperty("callee").GetString());
        Assert.Equal("MAI HOA", document.GetProperty("variables").GetProperty("receiver_name").GetString());
        Assert.Equal("NameCheck", document.GetProperty("answers")[0].GetProperty("subject").GetString());
        Assert.Equal("vendor", document.GetProperty("recording").GetProperty("state").GetString());
        Assert.Equal("callid38a0b923820dcc509a6f75849b", document.GetProperty("original").GetProperty("call_id").GetString());
        Assert.False(document.GetProperty("originalWithheld").GetBoolean());
        Assert.Equal("processed", document.GetProperty("deliveries")[0].GetProperty("outcome").GetString());
        Assert.Equal(1, document.GetProperty("versions").GetArrayLength());
        Assert.Equal(2, document.GetProperty("transfer").GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task P1_One_WithoutReveal_WithholdsNumbersVariablesAndOriginal()
    {
        var call = new CallSeed(store).AddVendorSample();
        host.As(Role.Qa);

        var text = await host.Client.GetStringAsync($"/api/calls/{call.Id}");

        Assert.DoesNotContain("6212345678", text, StringComparison.Ordinal);
        Assert.DoesNotContain("MAI HOA", text, StringComparison.Ordinal);
        Assert.Contains("\"originalWithheld\":true", text, StringComparison.Ordinal);
        Assert.Contains("\"original\":null", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Cursor_GoesOnWhereThePageEnded()
    {
        var seed = new CallSeed(store);
        for (var i = 0; i < 5; i++)
        {
            seed.Add();
        }

        var first = await JsonAsync("/api/calls?limit=3");
        var second = await JsonAsync($"/api/calls?limit=3&cursor={first.GetProperty("next").GetString()}");

        Assert.Equal("5 4 3 2 1", string.Join(' ', first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(row => row.GetProperty("id").GetString())));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task List_Ndjson_StreamsOneObjectALine()
    {
        var seed = new CallSeed(store);
        seed.Add();
        seed.Add();

        using var answer = await host.Client.GetAsync("/api/calls?format=ndjson");

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["2", "1"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("from=x", "from: 'x' is not a day")]
    [InlineData("limit=501", "limit: '501' is not")]
    [InlineData("sort=callee", "sort: 'callee' is not one of -occurredAt")]
    [InlineData("cursor=x", "cursor: it is not one")]
    [InlineData("format=xml", "format: 'xml' is not one of")]
    public async Task List_BadFilter_Is400WithTheSentence(string query, string sentence)
    {
        using var answer = await host.Client.GetAsync($"/api/calls?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(sentence, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/calls/99")]
    [InlineData("/api/calls/x")]
    [InlineData("/api/calls/99999999999999999999")]
    [InlineData("/api/calls/99/recording")]
    public async Task One_UnknownId_Is404WithProblem(string path)
    {
        using var answer = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Csv_Rows_AreMaskedForNobodyWhoMayRevealAndHarmless()
    {
        new CallSeed(store).Add(call => call.HangupBy = "=HYPERLINK(1)");

        var revealed = await host.Client.GetStringAsync("/api/calls.csv");
        host.As(Role.Supervisor);
        var masked = await host.Client.GetStringAsync("/api/calls.csv");

        Assert.StartsWith("id,callId,", revealed, StringComparison.Ordinal);
        Assert.Contains(",+628123450001,", revealed, StringComparison.Ordinal);
        Assert.Contains(",'=HYPERLINK(1),", revealed, StringComparison.Ordinal);
        Assert.Contains(",•••• 001,", masked, StringComparison.Ordinal);
        Assert.DoesNotContain("628123450001", masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/calls", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/calls.csv", Role.Qa, HttpStatusCode.Forbidden)]
    [InlineData("/api/calls/1/recording", null, HttpStatusCode.Unauthorized)]
    public async Task S4_Endpoints_RefuseWhoMayNot(string path, Role? role, HttpStatusCode status)
    {
        host.As(role);

        using var answer = await host.Client.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
    }

    private async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse(await host.Client.GetStringAsync(path)).RootElement;
}
