using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AiRudder.Dashboard.Tests.Calls;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Recordings;

public sealed class RecordingEndpointTests : IAsyncLifetime
{
    private readonly TestStore store = new();
    private Vendor vendor = null!;
    private CallSeed seed = null!;

    public async Task InitializeAsync()
    {
        vendor = await Vendor.StartAsync();
        seed = new CallSeed(store);
    }

    public async Task DisposeAsync()
    {
        await vendor.DisposeAsync();
        store.Dispose();
    }

    [Theory]
    [InlineData("ranges.wav")]
    [InlineData("whole.wav")]
    public async Task S7_Whole_IsOurAnswerAndTheVendorsBytes(string file)
    {
        await using var host = await StartAsync();
        using var answer = await host.Client.GetAsync(Add(file));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("audio/wav", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        Assert.True(answer.Headers.CacheControl is { NoStore: true, Private: true });
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Null(answer.Content.Headers.LastModified);
        Assert.Equal(Vendor.Sound, await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("ranges.wav", "bytes=0-0", 0, 1)]
    [InlineData("ranges.wav", "bytes=70000-70009", 70_000, 10)]
    [InlineData("ranges.wav", "bytes=99990-", 99_990, 10)]
    [InlineData("ranges.wav", "bytes=-5", 99_995, 5)]
    [InlineData("ranges.wav", "bytes=99990-200000", 99_990, 10)]
    [InlineData("whole.wav", "bytes=70000-70009", 70_000, 10)]
    [InlineData("whole.wav", "bytes=-5", 99_995, 5)]
    [InlineData("whole.wav", "bytes=0-", 0, 100_000)]
    public async Task S7_SingleRange_Is206WithThosePlaces(string file, string range, int first, int length)
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, Add(file), range);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {first}-{first + length - 1}/100000", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(length, answer.Content.Headers.ContentLength);
        Assert.Equal(Vendor.Sound[first..(first + length)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=100000-")]
    [InlineData("bytes=-0")]
    public async Task S7_RangeBeyondTheEnd_Is416WithTheLength(string range)
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, Add("ranges.wav"), range);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal("bytes */100000", answer.Content.Headers.ContentRange!.ToString());
    }

    [Theory]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("seconds=1-2")]
    [InlineData("nonsense")]
    public async Task S7_SeveralOrUnreadableRanges_AreTheWhole(string range)
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, Add("ranges.wav"), range);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(100_000, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task S7_Head_DescribesWithoutSound()
    {
        await using var host = await StartAsync();
        using var answer = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Add("ranges.wav")));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(100_000, answer.Content.Headers.ContentLength);
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task S7_IfRange_OfThisVersionGivesThePartElseTheWhole()
    {
        await using var host = await StartAsync();
        var path = Add("ranges.wav");
        using var first = await SendAsync(host, path, "bytes=0-9");

        using var same = await SendAsync(host, path, "bytes=10-19", first.Headers.ETag!.ToString());
        using var other = await SendAsync(host, path, "bytes=10-19", "\"other\"");
        using var date = await SendAsync(host, path, "bytes=10-19", "Thu, 01 Jan 1970 00:00:00 GMT");

        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(HttpStatusCode.OK, date.StatusCode);
    }

    [Fact]
    public async Task S7_UnknownLength_IsStreamedWhole()
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, Add("unknown-length.wav"), "bytes=5-");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Vendor.Sound, await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("gone", HttpStatusCode.NotFound, "The recording is gone")]
    [InlineData("nowhere", HttpStatusCode.NotFound, "The recording is gone")]
    [InlineData("moved", HttpStatusCode.BadGateway, "Refused: the vendor redirected")]
    [InlineData("broken", HttpStatusCode.BadGateway, "The vendor refused or failed")]
    [InlineData("page.mp3", HttpStatusCode.BadGateway, "Not audio")]
    [InlineData("wrong-header.wav", HttpStatusCode.BadGateway, "Not audio")]
    [InlineData("slow", HttpStatusCode.GatewayTimeout, "The vendor did not answer in time")]
    [InlineData("slow-body", HttpStatusCode.GatewayTimeout, "The vendor did not answer in time")]
    public async Task S7_Failure_IsNamedAndNeverShowsTheLink(string file, HttpStatusCode status, string title)
    {
        await using var host = await StartAsync(("Recordings:FirstByteTimeout", status == HttpStatusCode.GatewayTimeout ? "00:00:00.5" : "00:00:30"));

        await AssertRefusedAsync(host, Add(file), status, title);
        Assert.DoesNotContain(host.Logged, line => line.Contains(vendor.Link(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task S7_TooLarge_IsRefused()
    {
        await using var host = await StartAsync(("Recordings:MaxBytes", "99999"));

        await AssertRefusedAsync(host, Add("ranges.wav"), HttpStatusCode.BadGateway, "Too large");
        await AssertRefusedAsync(host, Add("whole.wav"), HttpStatusCode.BadGateway, "Too large");
    }

    [Fact]
    public async Task S7_UnknownLengthBeyondTheLimit_IsCutOff()
    {
        await using var host = await StartAsync(("Recordings:MaxBytes", "60000"));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => host.Client.GetByteArrayAsync(Add("unknown-length.wav")));
    }

    [Theory]
    [InlineData("https://localhost/x.mp3", "Refused: the host's address is not public")]
    [InlineData("http://localhost/x.mp3", "Refused: the link is not a plain https address")]
    [InlineData("https://localhost:8443/x.mp3", "Refused: the link is not a plain https address")]
    [InlineData("https://user:secret@localhost/x.mp3", "Refused: the link is not a plain https address")]
    [InlineData("https://localhost.evil.example/x.mp3", "Refused: host not allowed")]
    [InlineData("https://169.254.169.254/x.mp3", "Refused: host not allowed")]
    [InlineData("file:///etc/passwd", "Refused: the link is not a plain https address")]
    [InlineData("not a link", "Refused: the link is not a plain https address")]
    public async Task S7_WithoutTheDevelopmentSetting_PrivateAndOddAddressesAreRefused(string link, string title)
    {
        await using var host = await CallsHost.StartAsync(store, ("Recordings:AllowedHosts:0", "localhost"));
        var call = seed.Add(detail: detail => detail.RecordingLink = link);

        await AssertRefusedAsync(host, $"/api/calls/{call.Id}/recording", HttpStatusCode.BadGateway, title);
    }

    [Fact]
    public async Task NoRecording_IsNamed()
    {
        await using var host = await StartAsync();

        await AssertRefusedAsync(host, $"/api/calls/{seed.Add().Id}/recording", HttpStatusCode.NotFound, "The call has no recording");
    }

    [Fact]
    public async Task Jumps_AfterTheFirst_CostTheVendorOneRequestEach()
    {
        await using var host = await StartAsync();
        var path = Add("ranges.wav");
        (await SendAsync(host, path, "bytes=0-9")).Dispose();
        var before = vendor.Requests;

        (await SendAsync(host, path, "bytes=50-59")).Dispose();

        Assert.Equal(1, vendor.Requests - before);
    }

    [Fact]
    public async Task FileThatTurnsIntoSomethingElse_IsNotPassedOn()
    {
        await using var host = await StartAsync();
        var path = Add("ranges.wav");
        (await SendAsync(host, path, "bytes=0-9")).Dispose();
        vendor.Instead = http => Microsoft.AspNetCore.Http.Results.Content(new string('x', 100_000), "audio/wav").ExecuteAsync(http);

        await AssertRefusedAsync(host, path, HttpStatusCode.BadGateway, "Not audio");
    }

    [Fact]
    public async Task InsecureHosts_AreSaidLoudlyAtStart()
    {
        await using var host = await StartAsync();
        await using var plain = await CallsHost.StartAsync(store);

        Assert.Contains(host.Logged, line => line.Contains("AllowInsecureDevelopmentHosts is ON", StringComparison.Ordinal));
        Assert.DoesNotContain(plain.Logged, line => line.Contains("AllowInsecureDevelopmentHosts", StringComparison.Ordinal));
    }

    private Task<CallsHost> StartAsync(params (string, string)[] settings) =>
        CallsHost.StartAsync(store, [("Recordings:AllowInsecureDevelopmentHosts", "true"), ("Recordings:AllowedHosts:0", vendor.Host), .. settings]);

    private string Add(string file) => $"/api/calls/{seed.Add(detail: detail => detail.RecordingLink = vendor.Link(file)).Id}/recording";

    private static Task<HttpResponseMessage> SendAsync(CallsHost host, string path, string range, string? ifRange = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Range", range);
        if (ifRange is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Range", ifRange);
        }

        return host.Client.SendAsync(request);
    }

    private static async Task AssertRefusedAsync(CallsHost host, string path, HttpStatusCode status, string title)
    {
        using var answer = await host.Client.GetAsync(path);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(title, problem.GetProperty("title").GetString());
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }
}
