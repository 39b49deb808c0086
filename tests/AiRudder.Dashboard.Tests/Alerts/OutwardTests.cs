using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace AiRudder.Dashboard.Tests.Alerts;

public sealed class OutwardTests
{
    [Theory]
    [InlineData("https://hooks.example.com/x", null)]
    [InlineData("http://hooks.example.com/x", "https")]
    [InlineData("https://hooks.example.com:8443/x", "https")]
    [InlineData("https://user@hooks.example.com/x", "https")]
    [InlineData("https://elsewhere.example.com/x", "AllowedHosts")]
    [InlineData("https://127.0.0.1/x", "AllowedHosts")]
    [InlineData("nonsense", "https")]
    public void Webhook_ToAnythingButAListedHost_IsRefused(string address, string? reason)
    {
        using var road = new AlertRoad(outward: Options("hooks.example.com"));
        var refusal = road.Get<Outward>().Refuses(address);
        Assert.Equal(reason is null, refusal is null);
        Assert.Contains(reason ?? "", refusal ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_ListedHostInsideOurNetwork_IsNotReached()
    {
        using var road = new AlertRoad(outward: Options("localhost"));
        var rule = await SavedAsync(road, "https://localhost/x");

        Assert.Equal("The host leads to an address that is not public.", await road.Get<AlertSender>().TestAsync(rule.Id, SendingKind.Webhook, default));
    }

    [Fact]
    public async Task Webhook_Alert_IsSignedAndHoldsNoPersonalData()
    {
        await using var receiver = await Receiver.StartAsync();
        using var road = new AlertRoad(outward: receiver.Allowed);
        var rule = AlertRoad.AnswerRate();
        rule.WebhookUrl = receiver.Address;
        var (problems, key) = await road.Get<AlertRules>().SaveAsync(rule, "ann", false, default);
        Assert.Empty(problems);
        Assert.NotEqual(key, rule.WebhookSecret);
        AlertEvaluationTests.Dial(road, road.Build.Task(), "2026-03-15 10:00", connected: 1, of: 5);
        await road.EvaluateAsync("2026-03-15 10:20");

        await road.Get<AlertSender>().SendDueAsync(default);

        var (body, signature) = Assert.Single(receiver.Received);
        var seconds = road.Road.Clock.Now.ToUnixTimeSeconds();
        Assert.Equal($"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key!), Encoding.UTF8.GetBytes($"{seconds}.{body}")))}", signature);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(("opened", "answerRate", 0.2), (json.RootElement.GetProperty("event").GetString(), json.RootElement.GetProperty("figure").GetString(), json.RootElement.GetProperty("value").GetDouble()));
        Assert.DoesNotContain("+62", body, StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(await road.SendingsAsync()).SentAt);
    }

    [Fact]
    public async Task Webhook_ThatFails_IsTriedAgainWithPausesAndGivenUp()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Status = 500;
        using var road = new AlertRoad(outward: receiver.Allowed);
        var rule = await SavedAsync(road, receiver.Address);
        await using (var db = road.Road.Db())
        {
            db.Add(new AlertSending { RuleId = rule.Id, Kind = SendingKind.Webhook, Event = SendingEvent.Opened, CreatedAt = road.Road.Clock.Now, DueAt = road.Road.Clock.Now });
            await db.SaveChangesAsync();
        }

        await road.Get<AlertSender>().SendDueAsync(default);
        await road.Get<AlertSender>().SendDueAsync(default);
        var sending = Assert.Single(await road.SendingsAsync());
        Assert.Equal((1, "Answered 500.", road.Road.Clock.Now.AddSeconds(30)), (sending.Tries, sending.Failure, sending.DueAt));

        for (var i = 0; i < 10; i++)
        {
            road.Road.Clock.Now += TimeSpan.FromHours(5);
            await road.Get<AlertSender>().SendDueAsync(default);
        }

        sending = Assert.Single(await road.SendingsAsync());
        Assert.Equal((6, null, null), (sending.Tries, sending.DueAt, sending.SentAt));
        Assert.Equal(6, receiver.Received.Count);
    }

    [Fact]
    public async Task Webhook_Redirect_IsNotFollowed()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Status = 302;
        using var road = new AlertRoad(outward: receiver.Allowed);
        var rule = await SavedAsync(road, receiver.Address);

        Assert.Equal("Answered 302.", await road.Get<AlertSender>().TestAsync(rule.Id, SendingKind.Webhook, default));
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task Mail_WithoutAServer_SaysSo()
    {
        using var road = new AlertRoad();
        var rule = AlertRoad.AnswerRate();
        rule.MailTo = "ops@example.com";
        road.Add(rule);

        Assert.Equal("No mail server is set: Smtp:Host and Smtp:From.", await road.Get<AlertSender>().TestAsync(rule.Id, SendingKind.Mail, default));
    }

    [Theory]
    [InlineData("Alerts:AllowedHosts:0", "https://hooks.example.com")]
    [InlineData("Alerts:AllowInsecureDevelopmentHosts", "perhaps")]
    [InlineData("Smtp:Port", "0")]
    [InlineData("Smtp:UseTls", "1 s")]
    [InlineData("Smtp:Host", "no host")]
    [InlineData("Smtp:Host", "mail.example.com")]
    public void Setting_ThatIsWrong_HasItsSentence(string name, string value) =>
        Assert.Single(SettingsCheck.Problems(new ConfigurationBuilder().AddInMemoryCollection([new(name, value), new("Smtp:From", name == "Smtp:Host" && value == "mail.example.com" ? null : "a@example.com")]).Build()));

    private static async Task<AlertRule> SavedAsync(AlertRoad road, string url)
    {
        var rule = AlertRoad.AnswerRate();
        rule.WebhookUrl = url;
        Assert.Empty((await road.Get<AlertRules>().SaveAsync(rule, "ann", false, default)).Problems);
        return rule;
    }

    private static OutwardOptions Options(string host, bool insecure = false)
    {
        var options = new OutwardOptions();
        (options.Web.AllowedHosts, options.Web.AllowInsecureDevelopmentHosts) = ([host], insecure);
        return options;
    }

    /// <summary>Somebody's system, on this machine.</summary>
    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        public List<(string Body, string Signature)> Received { get; } = [];

        public int Status { get; set; } = 200;

        public string Address => app.Urls.Single() + "/hook";

        public OutwardOptions Allowed { get; } = Options("127.0.0.1", insecure: true);

        public static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var receiver = new Receiver(builder.Build());
            receiver.Map();
            await receiver.StartedAsync();
            return receiver;
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        private Task StartedAsync() => app.StartAsync();

        private void Map() => app.MapPost("/hook", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            Received.Add((await reader.ReadToEndAsync(), http.Request.Headers[Outward.SignatureHeader].ToString()));
            if (Status == 302)
                http.Response.Headers.Location = "/hook";

            http.Response.StatusCode = Status;
        });
    }
}
