using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiRudder.Dashboard.FaultTests.Faults;

/// <summary>
/// What the product must not be: it answers 200 first and writes later. Only for <see cref="ControlFault"/>, which starts this
/// program again with an environment variable set.
/// </summary>
internal static class FakeReceiver
{
    public const string Variable = "FAULT_FAKE_RECEIVER";

    public static bool IsWanted => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <param name="args">The file to write to, and the port.</param>
    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{args[1]}");
        await using var app = builder.Build();
        var buffered = new ConcurrentQueue<string>();
        var last = File.Exists(args[0]) ? File.ReadLines(args[0]).Count() : 0;
        app.MapPost("/", async (HttpContext http) =>
        {
            buffered.Enqueue(Convert.ToHexStringLower(await SHA256.HashDataAsync(http.Request.Body)));
            http.Response.Headers["X-Delivery-Id"] = Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture);
            return Results.Text("{}", "application/json");
        });
        await app.StartAsync();
        while (true)
        {
            await Task.Delay(300);
            var lines = new List<string>();
            while (buffered.TryDequeue(out var line))
            {
                lines.Add(line);
            }

            await File.AppendAllLinesAsync(args[0], lines);
        }
    }
}
