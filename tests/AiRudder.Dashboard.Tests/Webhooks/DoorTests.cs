using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiRudder.Dashboard.Tests.Webhooks;

/// <summary>The answers of the webhook address: section 3 of the requirements, line by line.</summary>
public sealed class DoorTests(DoorTests.Sites sites) : IClassFixture<DoorTests.Sites>
{
    private readonly TestSite site = sites.Site;

    public static TheoryData<string, byte[], string?> Bodies => new()
    {
        { "a call", """{"task_id":"t","details":[{"call_id":"c"}]}"""u8.ToArray(), "application/json" },
        { "an unknown kind", """{"hello":"world"}"""u8.ToArray(), "application/json" },
        { "malformed", """{"task_id":"t","details":[{"""u8.ToArray(), "application/json" },
        { "empty", [], "application/json" },
        { "whitespace", " \r\n "u8.ToArray(), "application/json" },
        { "null", "null"u8.ToArray(), "application/json" },
        { "an array", "[]"u8.ToArray(), "application/json" },
        { "wrong content type", "{}"u8.ToArray(), "text/plain; charset=koi8-r" },
        { "no content type", """{"a":1}"""u8.ToArray(), null },
        { "a content type that is none", """{"a":2}"""u8.ToArray(), "§ / ; charset" },
        { "odd charset", """{"a":3}"""u8.ToArray(), "application/json; charset=martian-7" },
        { "a mark in front", [0xef, 0xbb, 0xbf, .. """{"a":4}"""u8], "application/json" },
        { "a form", "a=1&b=2"u8.ToArray(), "application/x-www-form-urlencoded" },
        { "a broken multipart form", "--x"u8.ToArray(), "multipart/form-data; boundary=x" },
        { "bytes of no meaning", [0, 1, 2, 0xff, 0xfe, 0x80], "application/octet-stream" },
        { "something that only claims to be packed", "not packed"u8.ToArray(), "application/json" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    [Trait("Requirement", "D3")]
    public async Task D3_Post_WithAnyBody_Is200AndKeptAsItWas(string what, byte[] body, string? contentType)
    {
        using var client = site.Anonymous();
        using var content = new ByteArrayContent(body);
        if (contentType is not null)
            Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", contentType));

        if (what.Contains("packed", StringComparison.Ordinal))
            content.Headers.ContentEncoding.Add("gzip");

        using var answer = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), content);

        await AssertStoredAsync(answer);
        var delivery = await site.SettledAsync(Vendor.IdOf(answer));
        Assert.NotEqual("pending", delivery["outcome"]!.GetValue<string>());
        Assert.Equal(body, await site.Api(Role.Administrator).GetByteArrayAsync($"/api/deliveries/{Vendor.IdOf(answer)}/raw"));
    }

    [Theory]
    [InlineData("call")]
    [InlineData("Call")]
    [InlineData("task")]
    [InlineData("other")]
    [InlineData("no-such-kind")]
    [InlineData("..%2f..%2fetc")]
    [InlineData("call/and/more")]
    [InlineData("ünïcode")]
    [InlineData("call/")]
    [Trait("Requirement", "D3")]
    public async Task Post_WithAnyKind_Is200(string kind)
    {
        using var client = site.Anonymous();

        using var answer = await client.PostAsync(new Uri($"{Vendor.Url(Vendor.OnlyToken)}/{kind}", UriKind.Relative), Json($$"""{"kind":"{{kind}}"}"""));

        await AssertStoredAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "D3")]
    public async Task Post_WithATrailingSlash_Is200()
    {
        using var client = site.Anonymous();

        using var answer = await client.PostAsync(Vendor.Url(Vendor.OnlyToken) + "/", Json("{}"));

        await AssertStoredAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "D3")]
    public async Task Post_WithAQuery_Is200()
    {
        using var client = site.Anonymous();

        using var answer = await client.PostAsync(Vendor.Url(Vendor.OnlyToken) + "?token=other&x=%", Json("{}"));

        await AssertStoredAsync(answer);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("HEAD")]
    [Trait("Requirement", "S1")]
    public async Task Request_WithoutAValidToken_Is404AndAllLookAlike(string method)
    {
        using var client = site.Anonymous();
        var seen = new List<string>();
        foreach (var path in new[] { Vendor.Url(Vendor.Token("unknown")), Vendor.Url(sites.Retired), Vendor.Url("short"), Vendor.Url(Vendor.Token("unknown"), "call"), Vendor.Url(sites.Retired, "call"), Vendor.Url("%20"), "/webhooks/airudder/", "/webhooks/airudder" })
        {
            using var request = new HttpRequestMessage(new(method), path) { Content = method == "POST" ? Json("{}") : null };
            using var answer = await client.SendAsync(request);
            seen.Add($"{(int)answer.StatusCode}\n{string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal))}\n{await answer.Content.ReadAsStringAsync()}");
        }

        Assert.StartsWith("404", seen[0], StringComparison.Ordinal);
        Assert.Single(seen.Distinct());
    }

    [Fact]
    [Trait("Requirement", "S1")]
    public async Task Post_WithARetiredToken_IsCountedAsThat()
    {
        using var client = site.Anonymous();
        var refusals = site.Services.GetRequiredService<DoorLog>();
        var before = (refusals[Refusal.RetiredToken], refusals[Refusal.UnknownToken]);

        using var retired = await client.PostAsync(Vendor.Url(sites.Retired), Json("{}"));
        using var unknown = await client.PostAsync(Vendor.Url(Vendor.Token("nobody's")), Json("{}"));

        Assert.Equal((before.Item1 + 1, before.Item2 + 1), (refusals[Refusal.RetiredToken], refusals[Refusal.UnknownToken]));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("BREW")]
    public async Task Request_WithTokenAndOtherMethod_Is405WithAllow(string method)
    {
        using var client = site.Anonymous();
        using var request = new HttpRequestMessage(new(method), Vendor.Url(Vendor.OnlyToken));

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Requirement", "L1")]
    public async Task L1_Post_AboveTheLimit_Is413AndNothingIsKept(bool chunked)
    {
        using var client = site.Anonymous();
        var before = await CountAsync();
        var body = new byte[Sites.MaxBodyBytes + 1];
        using var request = new HttpRequestMessage(HttpMethod.Post, Vendor.Url(Vendor.OnlyToken)) { Content = chunked ? new Unannounced(body) : new ByteArrayContent(body) };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-Delivery-Id"));
        Assert.Equal(before, await CountAsync());
        var bodies = Path.Combine(site.Folder, "bodies");
        Assert.Empty(Directory.Exists(bodies) ? Directory.EnumerateFiles(bodies, "*.part") : []);
    }

    [Fact]
    [Trait("Requirement", "L1")]
    public async Task Post_OfExactlyTheLimit_Is200()
    {
        using var client = site.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, Vendor.Url(Vendor.OnlyToken)) { Content = new Unannounced(new byte[Sites.MaxBodyBytes]) };

        using var answer = await client.SendAsync(request);

        await AssertStoredAsync(answer);
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task Post_OfSixIdenticalBodiesAtOnce_IsOneDeliveryWithFiveCopies()
    {
        using var client = site.Anonymous();
        var body = $$"""{"task_id":"six","details":[{"call_id":"{{Guid.NewGuid()}}"}]}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PostAsync(Vendor.Url(Vendor.OnlyToken), Json(body))));

        foreach (var answer in answers)
            await AssertStoredAsync(answer);

        var id = Assert.Single(answers.Select(Vendor.IdOf).Distinct());
        Assert.Equal(1, (await site.SettledAsync(id))["calls"]!.GetValue<int>());
        Assert.Equal(6, await site.CopiesAsync(id, 6));
        await using var db = await site.DbAsync();
        var number = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(5, await db.DeliveryCopies.CountAsync(row => row.DeliveryId == number));
        Assert.Equal(1, await db.CallVersions.CountAsync(row => row.DeliveryId == number));
    }

    [Fact]
    [Trait("Requirement", "D5")]
    public async Task Post_OfTheSameBodyToAnotherKind_IsAnotherDeliveryOfTheSameCall()
    {
        var body = $$"""{"task_id":"kinds","details":[{"call_id":"{{Guid.NewGuid()}}"}]}""";

        var one = await site.PostAsync(body);
        var other = await site.PostAsync(body, "workflow-call");

        Assert.NotEqual(one["id"]!.GetValue<string>(), other["id"]!.GetValue<string>());
        Assert.Equal(one["callIds"]!.ToJsonString(), other["callIds"]!.ToJsonString());
    }

    [Fact]
    [Trait("Requirement", "P2")]
    public async Task Delivery_KeepsTheHeadersButNoSecrets()
    {
        using var client = site.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, Vendor.Url(Vendor.OnlyToken)) { Content = Json("""{"headers":1}""") };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Airudder", null));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "c2VjcmV0");
        request.Headers.Add("Cookie", "a=secret");

        using var answer = await client.SendAsync(request);

        await using var db = await site.DbAsync();
        var id = long.Parse(Vendor.IdOf(answer), System.Globalization.CultureInfo.InvariantCulture);
        var headers = (await db.Deliveries.SingleAsync(row => row.Id == id)).Headers;
        Assert.Contains("Airudder", headers, StringComparison.Ordinal);
        Assert.DoesNotContain("ecret", headers, StringComparison.Ordinal);
        Assert.DoesNotContain("c2Vj", headers, StringComparison.Ordinal);
        Assert.DoesNotContain(Vendor.OnlyToken, headers, StringComparison.Ordinal);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task AssertStoredAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(long.Parse(Vendor.IdOf(answer), System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    private async Task<int> CountAsync()
    {
        await using var db = await site.DbAsync();
        return await db.Deliveries.CountAsync();
    }

    /// <summary>A body whose length is not said beforehand.</summary>
    private sealed class Unannounced(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var at = 0; at < body.Length; at += 100_000)
                await stream.WriteAsync(body.AsMemory(at, Math.Min(100_000, body.Length - at)));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    public sealed class Sites : IDisposable
    {
        public const int MaxBodyBytes = 3 * 1024 * 1024;

        public Sites()
        {
            Site = new TestSite(new Dictionary<string, string?>(Vendor.OneConnection) { ["Webhooks:MaxBodyBytes"] = $"{MaxBodyBytes}" });
            using var db = Site.Contexts.CreateDbContext();
            db.Add(new ConnectionToken { ConnectionId = db.Connections.Single().Id, Hash = ConnectionSettings.HashOf(Retired), CreatedAt = DateTimeOffset.UnixEpoch, RetiredAt = DateTimeOffset.UnixEpoch });
            db.SaveChanges();
            Site.Services.GetRequiredService<ConnectionDirectory>().ReloadAsync(default).GetAwaiter().GetResult();
        }

        public TestSite Site { get; }

        public string Retired { get; } = Vendor.Token("retired");

        public void Dispose() => Site.Dispose();
    }
}

/// <summary>The door when it cannot store.</summary>
[Trait("Requirement", "D4")]
public sealed class ClosedDoorTests
{
    [Fact]
    public async Task D4_Post_WhenTheStoreFails_Is503AndRecovers()
    {
        var failing = true;
        using var site = new TestSite(Vendor.OneConnection, services: services =>
        {
            var real = services.Single(service => service.ServiceType == typeof(IInboxStore));
            services.Replace(ServiceDescriptor.Singleton<IInboxStore>(provider => new Failing((IInboxStore)real.ImplementationFactory!(provider), () => failing)));
        });
        using var client = site.Anonymous();

        using (var refused = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new StringContent("{}")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(60), refused.Headers.RetryAfter?.Delta);
            Assert.False(refused.Headers.Contains("X-Delivery-Id"));
        }

        failing = false;
        using var stored = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new StringContent("{}"));
        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        await using var db = await site.DbAsync();
        Assert.Equal(1, (await db.Deliveries.SingleAsync()).Copies);
    }

    [Fact]
    public async Task Post_WhenBodiesCannotBeWritten_Is503()
    {
        using var site = new TestSite(Vendor.OneConnection);
        using var client = site.Anonymous();

        // A file where the folder of bodies should be: large bodies cannot be kept, small ones can.
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "bodies"), "");
        using var large = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new ByteArrayContent(new byte[2 * 1024 * 1024]));
        using var small = await client.PostAsync(Vendor.Url(Vendor.OnlyToken), new StringContent("{}"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, large.StatusCode);
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    private sealed class Failing(IInboxStore inner, Func<bool> failing) : IInboxStore
    {
        public Task<IReadOnlyList<StoredDelivery>> CommitAsync(IReadOnlyList<IncomingDelivery> deliveries, CancellationToken cancel) =>
            failing() ? throw new IOException("no space left") : inner.CommitAsync(deliveries, cancel);

        public Task ProveAsync(CancellationToken cancel) => failing() ? throw new IOException("no space left") : inner.ProveAsync(cancel);

        public Task BringInAsync(CancellationToken cancel) => inner.BringInAsync(cancel);
    }
}
