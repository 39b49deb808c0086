using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Tests.Calls;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Recordings;

/// <summary>Our own copy over HTTP: RFC 9110, sections 14 and 13.1.5.</summary>
public sealed class KeptEndpointTests : IAsyncLifetime
{
    private static readonly string Tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Vendor.Sound))}\"";

    private RecordingBench bench = null!;
    private CallsHost host = null!;
    private string path = "";
    private long id;

    public async Task InitializeAsync()
    {
        bench = await RecordingBench.StartAsync();
        id = await bench.KeptAsync();
        path = $"/api/calls/{id}/recording";
        bench.Vendor.Instead = _ => throw new InvalidOperationException("The vendor was asked for what is here.");
        host = await CallsHost.StartAsync(bench.Store, ("Recordings:AllowInsecureDevelopmentHosts", "true"), ("Recordings:AllowedHosts:0", bench.Vendor.Host));
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task S7_Kept_Whole_IsTheBytesWithOurHeadersOnly()
    {
        using var answer = await SendAsync(HttpMethod.Get, null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("audio/wav", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(100_000, answer.Content.Headers.ContentLength);
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        Assert.Equal(Tag, answer.Headers.ETag!.ToString());
        Assert.False(answer.Headers.ETag.IsWeak);
        Assert.True(answer.Headers.CacheControl is { NoStore: true, Private: true });
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Null(answer.Content.Headers.LastModified);
        Assert.Equal(Vendor.Sound, await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-", 0, 100_000)]
    [InlineData("bytes=65535-65536", 65_535, 2)]
    [InlineData("bytes=65536-65536", 65_536, 1)]
    [InlineData("bytes=70000-70009", 70_000, 10)]
    [InlineData("bytes=99990-", 99_990, 10)]
    [InlineData("bytes=99990-200000", 99_990, 10)]
    [InlineData("bytes=-5", 99_995, 5)]
    [InlineData("bytes=-200000", 0, 100_000)]
    public async Task S7_Kept_SingleRange_Is206WithThosePlaces(string range, int first, int length)
    {
        using var answer = await SendAsync(HttpMethod.Get, range);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {first}-{first + length - 1}/100000", answer.Content.Headers.ContentRange!.ToString());
        Assert.Equal(length, answer.Content.Headers.ContentLength);
        Assert.Equal(Vendor.Sound[first..(first + length)], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    [Trait("Requirement", "P3")]
    public async Task P3_Heard_IsWrittenDownWithThePartBeforeItIsSent_LookedAtIsNot()
    {
        using var head = await SendAsync(HttpMethod.Head, null);
        using var beyond = await SendAsync(HttpMethod.Get, "bytes=100000-");
        using var part = await SendAsync(HttpMethod.Get, "bytes=-5");
        using var whole = await SendAsync(HttpMethod.Get, null);

        await using var db = bench.Store.Contexts.CreateDbContext();
        var rows = await db.Set<AuditEntry>().Where(row => row.Target == $"call {id}").OrderBy(row => row.Id).ToListAsync();
        Assert.Equal(["bytes 99995-99999 of 100000", "whole, 100000 bytes"], rows.Select(row => row.Detail));
        Assert.All(rows, row => Assert.Equal(AuditAction.Listen, row.Action));
    }

    [Fact]
    [Trait("Requirement", "P3")]
    public async Task P3_Heard_CannotBeWrittenDown_NoSoundIsSent()
    {
        await using var db = bench.Store.Contexts.CreateDbContext();
        await db.Database.ExecuteSqlRawAsync("""CREATE TRIGGER "full" BEFORE INSERT ON "AuditEntries" BEGIN SELECT RAISE(ABORT, 'disk full'); END""");

        using var answer = await SendAsync(HttpMethod.Get, "bytes=0-9");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.NotEqual(10, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData("bytes=100000-")]
    [InlineData("bytes=100000-100001")]
    [InlineData("bytes=-0")]
    public async Task S7_Kept_BeyondTheEnd_Is416WithTheLength(string range)
    {
        using var answer = await SendAsync(HttpMethod.Get, range);

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, answer.StatusCode);
        Assert.Equal("bytes */100000", answer.Content.Headers.ContentRange!.ToString());
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=5-2")]
    [InlineData("seconds=1-2")]
    [InlineData("nonsense")]
    public async Task S7_Kept_SeveralOrUnreadableRanges_AreTheWhole(string range)
    {
        using var answer = await SendAsync(HttpMethod.Get, range);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(100_000, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=0-9")]
    [InlineData("bytes=100000-")]
    public async Task S7_Kept_Head_DescribesTheWholeWithoutSound(string? range)
    {
        using var answer = await SendAsync(HttpMethod.Head, range);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(100_000, answer.Content.Headers.ContentLength);
        Assert.Equal(Tag, answer.Headers.ETag!.ToString());
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("own", HttpStatusCode.PartialContent)]
    [InlineData("\"other\"", HttpStatusCode.OK)]
    [InlineData("weak", HttpStatusCode.OK)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", HttpStatusCode.OK)]
    public async Task S7_Kept_IfRange_OfThisVersionGivesThePartElseTheWhole(string ifRange, HttpStatusCode status)
    {
        using var answer = await SendAsync(HttpMethod.Get, "bytes=10-19", ifRange switch { "own" => Tag, "weak" => "W/" + Tag, var other => other });

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? 100_000 : 10, (await answer.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task S7_Kept_DamagedOnDisk_IsCutOffBeforeTheBadPlace()
    {
        var file = Assert.Single(Directory.GetFiles(bench.Folder));
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[SoundChunks.Stored + 100] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        using var good = await SendAsync(HttpMethod.Get, "bytes=0-65535");
        Assert.Equal(65_536, (await good.Content.ReadAsByteArrayAsync()).Length);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => host.Client.GetByteArrayAsync(path));
        Assert.Contains(host.Logged, line => line.Contains("damaged on disk", StringComparison.Ordinal));
    }

    [Fact]
    public async Task S7_Kept_FileElsewhere_IsStreamedFromTheVendor()
    {
        File.Delete(Assert.Single(Directory.GetFiles(bench.Folder)));
        bench.Vendor.Instead = null;

        Assert.Equal(Vendor.Sound, await host.Client.GetByteArrayAsync(path));
    }

    [Fact]
    public async Task P4_AfterItsRetention_TheRecordingIsGoneByName()
    {
        bench.Clock.Now += TimeSpan.FromDays(31);
        await bench.Get<RecordingRetention>().EndAsync(default);

        using var answer = await SendAsync(HttpMethod.Get, null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("retention", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task CallDocument_States_FollowTheTable()
    {
        var expected = bench.Land();
        await bench.FollowAsync();
        var unknown = bench.Land();
        var none = bench.Land(null);

        Assert.Equal(("kept", (long?)100_000), await StateAsync(id));
        Assert.Equal(("expected", null), await StateAsync(expected));
        Assert.Equal(("vendor", null), await StateAsync(unknown));
        Assert.Equal(("none", null), await StateAsync(none));
    }

    [Theory]
    [InlineData(Role.Qa, HttpStatusCode.Forbidden)]
    [InlineData(Role.Supervisor, HttpStatusCode.OK)]
    public async Task S4_Download_TakesThePermissionToTakeOut(Role role, HttpStatusCode status)
    {
        host.As(role);

        using var answer = await host.Client.GetAsync(path + "?download");
        using var heard = await host.Client.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, heard.StatusCode);
        Assert.Equal("inline", heard.Content.Headers.ContentDisposition!.DispositionType);
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal($"attachment; filename=\"call-{id}.wav\"", answer.Content.Headers.ContentDisposition!.ToString());
        }
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string? range, string? ifRange = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", range);
        }

        if (ifRange is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Range", ifRange);
        }

        return host.Client.SendAsync(request);
    }

    private async Task<(string? State, long? Bytes)> StateAsync(long callId)
    {
        var recording = JsonDocument.Parse(await host.Client.GetStringAsync($"/api/calls/{callId}")).RootElement.GetProperty("recording");
        return (recording.GetProperty("state").GetString(), recording.GetProperty("bytes") is { ValueKind: JsonValueKind.Number } bytes ? bytes.GetInt64() : null);
    }
}
