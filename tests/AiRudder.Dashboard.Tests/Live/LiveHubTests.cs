using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Live;

/// <summary>The hub as a program without our libraries uses it: SignalR's JSON protocol over a plain WebSocket.</summary>
[Trait("Requirement", "L6")]
public sealed class LiveHubTests : IDisposable
{
    private const char EndOfMessage = '\u001e';

    private readonly TestSite site = new(Vendor.OneConnection);

    public LiveHubTests()
    {
        site.UseKestrel(0);
        site.StartServer();
    }

    [Theory]
    [InlineData(Role.Qa)]
    [InlineData(Role.Administrator)]
    public async Task Client_WithAToken_HearsOfADelivery(Role role)
    {
        using var socket = await ConnectAsync(TestSite.TokenOf(role));
        await SendAsync(socket, """{"protocol":"json","version":1}""");
        Assert.Equal("{}", await ReceiveAsync(socket));

        var delivery = await site.PostAsync("""{"task_id":"task of the hub","details":[{"call_id":"a","callee":"+6281234567"},{"call_id":"b"}]}""");

        JsonObject message;
        do
        {
            var text = await ReceiveAsync(socket);
            Assert.DoesNotContain("6281234567", text, StringComparison.Ordinal);
            message = JsonNode.Parse(text)!.AsObject();
        }
        while (message["type"]!.GetValue<int>() != 1);

        Assert.Equal("DeliveryLanded", message["target"]!.GetValue<string>());
        var landed = message["arguments"]![0]!;
        Assert.Equal(
            $$"""{"deliveryId":"{{delivery["id"]}}","connection":"Pinjaman Cepat","taskIds":["task of the hub"],"callIds":{{delivery["callIds"]!.ToJsonString()}},"calls":2}""",
            landed.ToJsonString());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not-a-token-that-anybody-gave-out-0123456789")]
    [Trait("Requirement", "S4")]
    public async Task Client_WithoutAToken_IsRefused(string? token) =>
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(token));

    public void Dispose() => site.Dispose();

    private async Task<ClientWebSocket> ConnectAsync(string? token)
    {
        var socket = new ClientWebSocket();
        if (token is not null)
            socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");

        await socket.ConnectAsync(new UriBuilder(site.ClientOptions.BaseAddress) { Scheme = "ws", Path = "/hubs/live" }.Uri, default);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + EndOfMessage), WebSocketMessageType.Text, endOfMessage: true, default);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var text = new StringBuilder();
        var letter = new byte[1];
        while (true)
        {
            await socket.ReceiveAsync(letter, patience.Token);
            if (letter[0] == EndOfMessage)
                return text.ToString();

            text.Append((char)letter[0]);
        }
    }
}
