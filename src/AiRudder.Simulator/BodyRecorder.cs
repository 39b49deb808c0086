using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace AiRudder.Simulator;

/// <summary>Writes every different body to a file on its way out, or instead of sending it when there is nowhere to send to.</summary>
internal sealed class BodyRecorder : DelegatingHandler
{
    private readonly string _directory;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _written = [];

    public BodyRecorder(string directory, HttpMessageHandler? onwards)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
        InnerHandler = onwards ?? new NowhereHandler();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body));
        int number;
        lock (_lock)
        {
            number = _written.Add(hash) ? _written.Count : 0;
        }

        if (number > 0)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{number:000000}-{hash[..12]}.json");
            await File.WriteAllBytesAsync(Path.Combine(_directory, name), body, cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private sealed class NowhereHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
