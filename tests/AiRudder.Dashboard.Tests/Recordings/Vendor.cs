using System.Net;
using AiRudder.Dashboard.Recordings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiRudder.Dashboard.Tests.Recordings;

/// <summary>Somebody else's file server on loopback, well and badly behaved.</summary>
internal sealed class Vendor : IAsyncDisposable
{
    private readonly WebApplication app;

    private Vendor(WebApplication app) => this.app = app;

    /// <summary>A WAV header and numbered bytes: each place is recognised by its value.</summary>
    public static byte[] Sound { get; } = [.. "RIFF\0\0\0\0WAVEfmt "u8, .. Enumerable.Range(16, 99_984).Select(i => (byte)(i % 251))];

    public int Requests { get; private set; }

    public string Host { get; private set; } = "";

    /// <summary>Answers break off after this many bytes.</summary>
    public int? BreakOffAt { get; set; }

    /// <summary>Of <c>tagged.wav</c>.</summary>
    public string ETag { get; set; } = "\"one\"";

    /// <summary>What the last request wanted of the file.</summary>
    public string? LastRange { get; private set; }

    public Func<HttpContext, Task>? Instead { get; set; }

    public string Link(string name) => $"http://{Host}/{name}";

    public static async Task<Vendor> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseKestrelCore();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var vendor = new Vendor(app);
        app.Use((http, next) =>
        {
            vendor.Requests++;
            vendor.LastRange = http.Request.Headers.Range;
            return vendor.BreakOffAt is { } end ? vendor.BreakOffAsync(http, end) : vendor.Instead is { } instead ? instead(http) : next(http);
        });
        app.MapGet("/ranges.wav", () => Results.Bytes(Sound, "audio/wav", enableRangeProcessing: true, lastModified: DateTimeOffset.UnixEpoch));
        app.MapGet("/tagged.wav", () => Results.Bytes(Sound, "audio/wav", enableRangeProcessing: true, entityTag: new(vendor.ETag)));
        app.MapGet("/whole.wav", () => Results.Bytes(Sound, "application/octet-stream"));
        app.MapGet("/unknown-length.wav", async http =>
        {
            http.Response.ContentType = "audio/wav";
            await http.Response.StartAsync();
            await http.Response.Body.WriteAsync(Sound);
        });
        app.MapGet("/page.mp3", () => Results.Content("<html>" + new string('x', 2_000), "audio/mpeg"));
        app.MapGet("/wrong-header.wav", () => Results.Bytes(Sound, "text/html"));
        app.MapGet("/gone", () => Results.StatusCode(410));
        app.MapGet("/moved", () => Results.Redirect("/ranges.wav"));
        app.MapGet("/broken", () => Results.StatusCode(500));
        app.MapGet("/slow", http => Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted));
        app.MapGet("/slow-body", async http =>
        {
            http.Response.ContentType = "audio/wav";
            http.Response.ContentLength = Sound.Length;
            await http.Response.StartAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
        });
        await app.StartAsync();
        vendor.Host = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
        return vendor;
    }

    private async Task BreakOffAsync(HttpContext http, int end)
    {
        http.Response.ContentType = "audio/wav";
        http.Response.ContentLength = Sound.Length;
        http.Response.Headers.LastModified = "Thu, 01 Jan 1970 00:00:00 GMT";
        if (http.Request.Path == "/tagged.wav")
        {
            http.Response.Headers.ETag = ETag;
        }

        await http.Response.Body.WriteAsync(Sound.AsMemory(0, end));
        await http.Response.Body.FlushAsync();

        // A reset may overtake what was sent; the other side is given time to read it.
        await Task.Delay(300);
        http.Abort();
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
