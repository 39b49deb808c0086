using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Simulator;

/// <summary>A webhook on loopback that keeps what it gets and answers what it is told to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(int status)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Requests.Enqueue(new Posted(body.ToArray(), context.Request.Headers.UserAgent.ToString(), context.Request.ContentType));
            context.Response.StatusCode = status;
            if (status != StatusCodes.Status204NoContent)
            {
                await context.Response.WriteAsync("{}");
            }
        });
    }

    public ConcurrentQueue<Posted> Requests { get; } = new();

    public Uri Webhook => new(_app.Urls.First() + "/webhooks/airudder/token");

    public IEnumerable<JsonNode> Calls => Requests.SelectMany(request => request.Json["details"]!.AsArray()).Select(call => call!);

    public static async Task<Receiver> StartAsync(int status = 200)
    {
        var receiver = new Receiver(status);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Posted(byte[] Body, string UserAgent, string? ContentType)
    {
        public JsonNode Json => JsonNode.Parse(Body) ?? throw new JsonException("The body is null.");
    }
}
