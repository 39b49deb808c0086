using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiRudder.Dashboard.Benchmarks.Circuits;

/// <summary>
/// A page that is open without a browser: the server renders and sends to it what it would send to one. Batches are acknowledged and scripts
/// answered at once, so that what is measured is the server.
/// </summary>
internal sealed partial class Circuit : IAsyncDisposable
{
    private const int WantsReference = 1;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly HttpClient http;
    private readonly HubConnection connection;
    private readonly TaskCompletionSource shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int references;
    private string? id;

    private Circuit(HttpClient http, CookieContainer cookies)
    {
        this.http = http;
        var builder = new HubConnectionBuilder().WithUrl(new Uri(http.BaseAddress!, "/_blazor"), HttpTransportType.WebSockets, options =>
        {
            options.SkipNegotiation = true;
            options.Cookies = cookies;
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IHubProtocol, BlazorPack>());
        connection = builder.Build();
        connection.On<long, byte[]>("JS.RenderBatch", RenderAsync);
        connection.On<long, string, string, int, long, int>("JS.BeginInvokeJS", AnswerAsync);
        connection.On<long, string>("JS.AttachComponent", (_, _) => { });
        connection.On<long>("JS.EndUpdateRootComponents", _ => { });
        connection.On<string>("JS.Error", error => shown.TrySetException(new InvalidOperationException($"The circuit failed: {error}")));
        connection.Closed += error =>
        {
            shown.TrySetException(error ?? new InvalidOperationException("The server closed the circuit."));
            return Task.CompletedTask;
        };
    }

    /// <summary>Told of every batch as it arrives.</summary>
    public Action<byte[]>? Arrived { get; set; }

    /// <summary>Loads a page and opens its circuit, and returns when it has drawn for the first time.</summary>
    public static async Task<Circuit> OpenAsync(HttpClient http, CookieContainer cookies, string path)
    {
        var page = await http.GetStringAsync(new Uri(path, UriKind.Relative));
        var circuit = new Circuit(http, cookies);
        await circuit.StartAsync(path, page);
        return circuit;
    }

    public async ValueTask DisposeAsync()
    {
        if (id is not null)
        {
            // As a browser that leaves: without it the server would keep the circuit for a while.
            using var leave = new MultipartFormDataContent { { new StringContent(id), "circuitId" } };
            using var answer = await http.PostAsync(new Uri("/_blazor/disconnect", UriKind.Relative), leave);
        }

        await connection.DisposeAsync();
    }

    private async Task StartAsync(string path, string page)
    {
        await connection.StartAsync();
        var address = new Uri(http.BaseAddress!, path).ToString();
        id = await connection.InvokeAsync<string?>("StartCircuit", http.BaseAddress!.ToString(), address, "[]", "")
            ?? throw new InvalidOperationException("The server opened no circuit.");
        var operations = new JsonArray();
        foreach (Match marker in Marker().Matches(page))
        {
            var descriptor = JsonNode.Parse(marker.Groups[1].Value)!;
            if ((string?)descriptor["type"] == "server")
            {
                operations.Add(new JsonObject { ["type"] = "add", ["ssrComponentId"] = operations.Count + 1, ["marker"] = descriptor });
            }
        }

        var batch = new JsonObject { ["batchId"] = 0, ["operations"] = operations };
        await connection.SendAsync("UpdateRootComponents", batch.ToJsonString(), State().Match(page).Groups[1].Value);
        await shown.Task.WaitAsync(Longest);
    }

    private async Task RenderAsync(long batch, byte[] bytes)
    {
        Arrived?.Invoke(bytes);
        await connection.SendAsync("OnRenderCompleted", batch, null);
        shown.TrySetResult();
    }

    private async Task AnswerAsync(long call, string function, string arguments, int wanted, long target, int kind)
    {
        // Nothing waits for the answer of a call without a number.
        if (call == 0)
        {
            return;
        }

        var result = wanted == WantsReference ? $$"""{"__jsObjectId":{{++references}}}""" : function == "wanted" ? "false" : "null";
        await connection.SendAsync("EndInvokeJSFromDotNet", call, true, $"[{call},true,{result}]");
    }

    [GeneratedRegex("<!--Blazor:({.*?})-->")]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:([A-Za-z0-9+/=]+)-->")]
    private static partial Regex State();
}
