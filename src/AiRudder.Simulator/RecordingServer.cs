using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Simulator;

/// <summary>Serves the recordings that calls link to, on the loopback address. It keeps nothing: a name says what to make.</summary>
public sealed class RecordingServer : IAsyncDisposable
{
    private const int CachedFiles = 16;

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lazy<byte[]>> _cache = [];
    private readonly Queue<string> _oldest = [];

    private RecordingServer(int port)
    {
        // The empty builder reads no environment, so the address of a program around us is never taken for ours.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddLogging();
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>Ends in a slash.</summary>
    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts on 127.0.0.1.</summary>
    /// <param name="port">0 takes any free one.</param>
    /// <param name="cancellationToken">Stops the start, not the server.</param>
    public static async Task<RecordingServer> StartAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        var server = new RecordingServer(port);
        try
        {
            await server._app.StartAsync(cancellationToken);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.BaseAddress = new Uri(addresses.Addresses.First());
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task ServeAsync(HttpContext context)
    {
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var name = context.Request.Path.Value?.TrimStart('/') ?? "";
        var result = !reads ? Results.StatusCode(StatusCodes.Status405MethodNotAllowed)
            : CallKey.TryParse(name, out var key) ? Results.Bytes(Recording(name, key), "audio/wav", enableRangeProcessing: true)
            : Results.NotFound();
        return result.ExecuteAsync(context);
    }

    private byte[] Recording(string name, CallKey key)
    {
        Lazy<byte[]> recording;
        lock (_lock)
        {
            if (!_cache.TryGetValue(name, out recording!))
            {
                recording = _cache[name] = new Lazy<byte[]>(() => Speech.Wav(key));
                _oldest.Enqueue(name);
                if (_oldest.Count > CachedFiles)
                {
                    _cache.Remove(_oldest.Dequeue());
                }
            }
        }

        return recording.Value;
    }
}
