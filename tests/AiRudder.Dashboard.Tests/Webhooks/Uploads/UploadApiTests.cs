using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks.Gaps;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Webhooks.Uploads;

/// <summary>Files of deliveries over HTTP: the same way as AIRUDDER's own, with the same idempotency.</summary>
[Trait("Requirement", "D10")]
public sealed class UploadApiTests(UploadApiTests.Sites sites) : IClassFixture<UploadApiTests.Sites>
{
    private const string Address = "/api/connections/Pinjaman%20Cepat/deliveries";

    private readonly TestSite site = sites.Site;

    [Fact]
    public async Task D10_Lines_BecomeDeliveriesAndCalls_AndAgainAreCopies()
    {
        var lines = string.Concat(Enumerable.Range(0, 100).Select(number => $$"""{"task_id":"u1","details":[{"call_id":"u1-{{number}}","callee":"+62811"}]}""" + "\n"));

        var first = await PostAsync(lines);
        var second = await PostAsync(lines);

        Assert.Equal((100, 0, 0), Counts(first));
        Assert.Equal((0, 100, 0), Counts(second));
        await using var db = await site.DbAsync();
        await Vendor.UntilAsync(async () => await db.Calls.CountAsync(call => call.VendorCallId!.StartsWith("u1-")), count => count == 100, "the calls are not there");
        Assert.All(await db.Deliveries.Where(row => row.Source == "upload").Select(row => row.Headers).ToListAsync(), headers => Assert.Contains("Administrator", headers, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task D5_BodyThatAirudderPosted_IsACopyWhenItsFileIsUploaded()
    {
        const string body = "{\"task_id\":\"u2\",\n \"details\":[{\"call_id\":\"u2\"}]}\n";
        var delivery = await site.PostAsync(body);
        var raw = await site.Api(Role.Administrator).GetByteArrayAsync($"/api/deliveries/{delivery["id"]}/raw");

        Assert.Equal((0, 1, 0), Counts(await PostAsync(Encoding.UTF8.GetString(raw))));
    }

    [Fact]
    public async Task D10_WhatCannotBeTaken_IsNamedByItsLine_AndTheRestIsStored()
    {
        var large = $$"""{"task_id":"u3","details":[{"call_id":"large","human_robot_summary":"{{new string('x', 1_500_000)}}"}]}""";
        var answer = await PostAsync($$"""
            {"task_id":"u3","details":[{"call_id":"u3-1"}]}
            {"task_id":"u3","details":[
            {{large}}
            {"task_id":"u3","x":"{{new string('y', 2_100_000)}}"}
            {"task_id":"u3","details":[{"call_id":"u3-2"}]}
            """);

        Assert.Equal((3, 0, 2), Counts(answer));
        Assert.Equal([2, 4], answer["errors"]!.AsArray().Select(error => error!["line"]!.GetValue<int>()));
        Assert.Contains("Webhooks:MaxBodyBytes", answer["errors"]![1]!["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        await using var db = await site.DbAsync();
        Assert.Equal(1, await db.DeliveryBodies.CountAsync(row => row.File != null));
    }

    [Fact]
    public async Task D10_FileLargerThanTheLimit_Is413_AndWhatCameBeforeIsKept()
    {
        var line = $$"""{"task_id":"u4","x":"{{new string('z', 1_000_000)}}"}""";
        using var answer = await SendAsync(string.Join('\n', Enumerable.Range(0, 9).Select(number => line.Replace("u4", $"u4-{number}", StringComparison.Ordinal))));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Contains("Webhooks:MaxUploadBytes", body["stopped"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.InRange(body["stored"]!.GetValue<int>(), 5, 7);
    }

    [Fact]
    public async Task D10_Gap_IsFilledByAFileThatWasTakenWhole_AndOnlyByThat()
    {
        int id;
        await using (var db = await site.DbAsync())
        {
            var gap = new ReceivingGap { From = DateTimeOffset.UtcNow.AddHours(-2), Until = DateTimeOffset.UtcNow.AddHours(-1), MayHaveLost = true };
            db.Add(gap);
            await db.SaveChangesAsync();
            id = gap.Id;
        }

        await PostAsync("{\"task_id\":\"u5\"}\noops\n", $"?gap={id}");
        Assert.Equal(GapState.Open, await StateAsync());
        await PostAsync("{\"task_id\":\"u5\"}\n{\"task_id\":\"u6\"}\n", $"?gap={id}");
        Assert.Equal(GapState.Filled, await StateAsync());

        async Task<GapState> StateAsync()
        {
            await using var db = await site.DbAsync();
            return (await db.ReceivingGaps.AsNoTracking().SingleAsync(row => row.Id == id)).State;
        }
    }

    [Fact]
    public async Task Kind_IsThatOfTheUrl_AndMustBeKnown()
    {
        await PostAsync("""{"x":"of a kind"}""", "?kind=Inbound-Call");
        using var wrong = await SendAsync("{}", "?kind=nonsense");

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        await using var db = await site.DbAsync();
        Assert.True(await db.Deliveries.AnyAsync(row => row.UrlKind == "inbound-call"));
    }

    [Theory]
    [InlineData("/api/connections/nobody/deliveries")]
    [InlineData(Address + "?gap=987654")]
    public async Task UnknownConnectionOrGap_Is404(string address)
    {
        using var answer = await site.Api(Role.Administrator).PostAsync(address, new StringContent("{}"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData(Role.Supervisor)]
    [InlineData(Role.Qa)]
    [Trait("Requirement", "S4")]
    public async Task S4_OnlyWhoMayReplay_MayUpload(Role role)
    {
        using var answer = await site.Api(role).PostAsync(Address, new StringContent("{}"));
        using var anonymous = await site.Anonymous().PostAsync(Address, new StringContent("{}"));
        using var browser = await (await site.SignInAsync(Role.Administrator)).PostAsync(Address, new StringContent("{}"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (answer.StatusCode, anonymous.StatusCode, browser.StatusCode));
    }

    [Fact]
    public async Task OpenApi_DescribesIt()
    {
        var document = (await site.Api(Role.Administrator).GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;

        var post = document["paths"]!["/api/connections/{name}/deliveries"]!["post"]!;
        Assert.NotNull(post["requestBody"]!["content"]!["application/x-ndjson"]);
        Assert.NotNull(post["responses"]!["413"]);
    }

    [Fact]
    public async Task D10_WhileItListens_ItRecordsThatItCanReceive()
    {
        site.Anonymous().Dispose();

        await Vendor.UntilAsync(
            async () =>
            {
                await using var db = await site.DbAsync();
                return await db.ReceivingSpans.CountAsync();
            },
            count => count > 0,
            "nothing says that it can receive");
    }

    private async Task<JsonObject> PostAsync(string file, string query = "")
    {
        using var answer = await SendAsync(file, query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private Task<HttpResponseMessage> SendAsync(string file, string query = "") =>
        site.Api(Role.Administrator).PostAsync(Address + query, new StringContent(file, Encoding.UTF8, "application/x-ndjson"));

    private static (int Stored, int Copies, int Failed) Counts(JsonObject answer) =>
        (answer["stored"]!.GetValue<int>(), answer["copies"]!.GetValue<int>(), answer["failed"]!.GetValue<int>());

    public sealed class Sites : IDisposable
    {
        public TestSite Site { get; } = new(new Dictionary<string, string?>(Vendor.OneConnection) { ["Webhooks:MaxBodyBytes"] = "2000000", ["Webhooks:MaxUploadBytes"] = "7000000" });

        public void Dispose() => Site.Dispose();
    }
}
