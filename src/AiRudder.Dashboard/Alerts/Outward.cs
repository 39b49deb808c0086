using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Recordings;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Alerts;

/// <summary>A message that could not be handed over, with the reason as people may read it.</summary>
public sealed class OutwardException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>What an outside system is told. Ids and figures only: no number, name or word of anybody.</summary>
/// <param name="Id">The same when the message is repeated.</param>
/// <param name="Event">"opened", "resolved" or "test".</param>
/// <param name="Call">Our id of the call that met the rule first.</param>
public sealed record OutwardMessage(
    long Id, string Event, long? Alert, int RuleId, string Rule, string Kind, string? Connection, string? Task, string? Figure, double? Value, long? N, double? Threshold, long? Calls, string? Call,
    DateTimeOffset? OpenedAt, DateTimeOffset? ResolvedAt)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static OutwardMessage Of(AlertSending sending, AlertRule rule, Alert? alert, long? call, ConnectionDirectory directory) => new(
        sending.Id, sending.Event.ToString().ToLowerInvariant(), alert?.Id, rule.Id, rule.Name, rule.Kind.ToString().ToLowerInvariant(),
        directory.ById.GetValueOrDefault(alert?.ConnectionId ?? 0)?.Name, rule.Task, rule.Figure, alert?.Value, alert?.N, rule.Kind is AlertKind.Call or AlertKind.Feed ? null : rule.Threshold,
        alert is { Calls: > 0 } ? alert.Calls : null, call?.ToString(CultureInfo.InvariantCulture), alert?.OpenedAt, alert?.ResolvedAt);

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>One fact a line.</summary>
    public string ToText()
    {
        using var document = JsonDocument.Parse(ToJson());
        return string.Join("\r\n", document.RootElement.EnumerateObject().Select(member => $"{member.Name}: {member.Value}"));
    }
}

/// <summary>
/// Hands messages to outside systems. A webhook goes only to listed hosts over https, to addresses that are checked when the connection
/// is made, so that nobody who may edit rules reaches the network behind this server.
/// </summary>
public sealed class Outward(IOptions<OutwardOptions> options, IDataProtectionProvider protection, TimeProvider time) : IDisposable
{
    private static readonly string NoAnswer = Noted("No answer within {0:0} seconds.");
    private static readonly string Answered = Noted("Answered {0}.");
    private static readonly string NotReached = Noted("The host could not be reached ({0}).");
    private static readonly string MailNotTaken = Noted("The mail server did not take it ({0}).");

    /// <summary>Why a message was not taken, for whoever reads it.</summary>
    public static readonly KeptSentences Failures = new(NoAnswer, Answered, NotReached, MailNotTaken);

    public const string SignatureHeader = "X-AiRudder-Signature";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient client = new VendorConnection(Options.Create(options.Value.Web)).CreateClient();
    private readonly IDataProtector protector = protection.CreateProtector("Alerts.WebhookSecret");

    public bool CanMail => options.Value.Host is not null;

    /// <summary>Why an address cannot be used; null when it can.</summary>
    public string? Refuses(string address)
    {
        var failure = RecordingAddress.Check(address, options.Value.Web).Failure;
        return failure is null ? null
            : failure == RecordingFailure.HostNotAllowed ? Noted("The host of the webhook is not in the setting Alerts:AllowedHosts.")
            : Noted("The webhook must be an https address on port 443 without user name.");
    }

    /// <summary>A new key, and how it is kept.</summary>
    public (string Key, string Sealed) NewSecret()
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return (key, protector.Protect(key));
    }

    /// <summary>"t=seconds,v1=hex": HMAC-SHA256 with the rule's key over the seconds, a dot and the body.</summary>
    public static string Sign(string key, long seconds, string body) => string.Create(
        CultureInfo.InvariantCulture, $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.{body}"))))}");

    /// <exception cref="OutwardException">It was not taken.</exception>
    public async Task SendAsync(SendingKind kind, AlertRule rule, OutwardMessage message, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await (kind == SendingKind.Webhook ? PostAsync(rule, message, patience.Token) : MailAsync(rule, message, patience.Token));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new OutwardException(KeptSentences.Write(NoAnswer, Patience.TotalSeconds));
        }
    }

    public void Dispose() => client.Dispose();

    private async Task PostAsync(AlertRule rule, OutwardMessage message, CancellationToken cancel)
    {
        if (rule.WebhookUrl is not { } url || rule.WebhookSecret is not { } secret)
        {
            throw new OutwardException(Noted("The rule has no webhook any more."));
        }

        if (Refuses(url) is { } refusal)
        {
            throw new OutwardException(refusal);
        }

        var body = message.ToJson();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add(SignatureHeader, Sign(Open(secret), time.GetUtcNow().ToUnixTimeSeconds(), body));
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!answer.IsSuccessStatusCode)
            {
                throw new OutwardException(KeptSentences.Write(Answered, (int)answer.StatusCode));
            }
        }
        catch (HttpRequestException error)
        {
            throw new OutwardException(error.InnerException is RecordingRefusedException || error.GetBaseException() is RecordingRefusedException
                ? Noted("The host leads to an address that is not public.")
                : KeptSentences.Write(NotReached, error.HttpRequestError), error);
        }
        catch (RecordingRefusedException error)
        {
            throw new OutwardException(Noted("The host leads to an address that is not public."), error);
        }
    }

    private async Task MailAsync(AlertRule rule, OutwardMessage message, CancellationToken cancel)
    {
        if (options.Value is not { Host: { } host, From: { } from } smtp || rule.MailTo is not { } to)
        {
            throw new OutwardException(Noted("No mail server is set: Smtp:Host and Smtp:From."));
        }

        using var mail = new MailMessage(from, to)
        {
            Subject = string.Concat($"Alert {message.Event}: {rule.Name}".Where(letter => !char.IsControl(letter))), SubjectEncoding = Encoding.UTF8, Body = message.ToText(), BodyEncoding = Encoding.UTF8,
        };
        using var server = new SmtpClient(host, smtp.Port) { EnableSsl = smtp.UseTls };
        if (smtp.User is { } user)
        {
            server.Credentials = new System.Net.NetworkCredential(user, smtp.Password);
        }

        try
        {
            await server.SendMailAsync(mail, cancel);
        }
        catch (SmtpException error)
        {
            // Its text may repeat an address.
            throw new OutwardException(KeptSentences.Write(MailNotTaken, error.StatusCode), error);
        }
    }

    private string Open(string secret)
    {
        try
        {
            return protector.Unprotect(secret);
        }
        catch (CryptographicException error)
        {
            throw new OutwardException(Noted("The key of the signatures cannot be read any more: make a new one."), error);
        }
    }
}
