using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Novelties;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>Opens stored bodies: as the bytes received, or as JSON.</summary>
public sealed class BodyReader(IDbContextFactory<DashboardDb> contexts, BodyFiles files, SchemaWatch schema, IOptions<WebhookOptions> options)
{
    /// <summary>Bytes; the calls of a larger body are not held in memory but read again while they are written, see <see cref="BigDelivery"/>.</summary>
    public const long SmallBody = 512 * 1024;

    /// <summary>Calls; more are not held either, however small they are.</summary>
    private const int FewCalls = 2_000;

    /// <summary>The exact bytes received; null when the delivery or its body is gone.</summary>
    public async Task<Stream?> OpenAsync(long deliveryId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return Open(await db.DeliveryBodies.AsNoTracking().SingleOrDefaultAsync(row => row.DeliveryId == deliveryId, cancel));
    }

    private Stream? Open(DeliveryBody? body) => body switch
    {
        null => null,
        { File: { } file } => files.Exists(file) ? files.Open(file) : null,
        { Encoding: BodyEncoding.Deflated } => new DeflateStream(new MemoryStream(body.Content!), CompressionMode.Decompress),
        _ => new MemoryStream(body.Content!),
    };

    /// <summary>Reads the delivery's JSON once from its beginning.</summary>
    /// <exception cref="UnreadableBodyException">It is not there, or not JSON.</exception>
    public async Task<BodyShape> ScanAsync(Delivery delivery, DeliveryBody? body, Func<BodyElement, ValueTask>? onElement, CancellationToken cancel)
    {
        await using var received = Open(body) ?? throw new UnreadableBodyException(Noted("The body is no longer kept."));
        var (encoding, charset) = ReadHeaders(delivery.Headers);
        await using var json = await BodyDecoder.OpenAsync(received, delivery.Bytes, encoding, charset, options.Value.MaxBodyBytes, cancel);
        return await new BodyScan(json).ReadAsync(onElement, cancel);
    }

    /// <summary>
    /// The first pass over a delivery: what it is, its envelope, and its calls when they are few enough to hold.
    /// </summary>
    public async Task<ReadDelivery> ReadAsync(Delivery delivery, DeliveryBody? body, CancellationToken cancel)
    {
        var drafts = delivery.Bytes <= SmallBody ? new List<CallDraft>() : null;
        var numbers = new List<(string Callee, int? CallTimes, Guid Content)>();
        var sighting = schema.Begin(delivery);
        var shape = await ScanAsync(
            delivery,
            body,
            element =>
            {
                sighting.Element(element.Json.Span);
                var draft = CallDraft.Read(element, keepOriginal: drafts is not null);
                if (draft.Element is { CallId: null, Callee: { } callee })
                {
                    numbers.Add((callee, draft.Element.CallTimes, new Guid(draft.ContentIdentity)));
                }

                drafts?.Add(draft);
                if (drafts?.Count > FewCalls)
                {
                    drafts = null;
                }

                return ValueTask.CompletedTask;
            },
            cancel);
        if (shape.Envelope is not { } bytes)
        {
            var what = shape.Root switch { JsonTokenType.None => Noted("The body is empty."), JsonTokenType.Null => Noted("The body is null."), _ => Noted("The body is JSON, but no object.") };
            throw new UnreadableBodyException(what, 0);
        }

        var kind = delivery.UrlKind.Length > 0 ? delivery.UrlKind : DeliveryKind.Recognise(shape);
        sighting.Envelope(bytes, kind);
        schema.Learn(sighting);
        if (DeliveryKind.HasCalls(kind) && !shape.HasDetails)
        {
            throw new UnreadableBodyException(Noted("A call body needs a details array, and this one has none."), null, "details");
        }

        var envelope = ReadEnvelope(bytes);
        var shared = numbers
            .GroupBy(it => new Guid(CallDraft.NumberIdentity(envelope.TaskId, it.Callee, it.CallTimes)))
            .Where(group => group.DistinctBy(it => it.Content).Skip(1).Any())
            .Select(group => group.Key.ToByteArray())
            .ToList();
        return new ReadDelivery(body!, kind, envelope, Encoding.UTF8.GetString(bytes), drafts, shared);
    }

    private static CallEnvelope ReadEnvelope(byte[] json)
    {
        try
        {
            using var root = JsonDocument.Parse(json, WireJson.Envelope);
            return CallEnvelope.Read(root.RootElement, []);
        }
        catch (JsonException)
        {
            throw new UnreadableBodyException(KeptSentences.Write(DeliveryReasons.TooDeep, WireJson.Envelope.MaxDepth));
        }
    }

    private static (string? ContentEncoding, string? Charset) ReadHeaders(string json)
    {
        var headers = new Dictionary<string, string[]>(JsonSerializer.Deserialize<Dictionary<string, string[]>>(json) ?? [], StringComparer.OrdinalIgnoreCase);
        headers.TryGetValue("Content-Encoding", out var encoding);
        headers.TryGetValue("Content-Type", out var type);
        return (encoding?.FirstOrDefault(), MediaTypeHeaderValue.TryParse(type?.FirstOrDefault(), out var parsed) ? parsed.CharSet : null);
    }
}

/// <summary>A delivery after the first pass over its body.</summary>
/// <param name="Body">Where its bytes are.</param>
/// <param name="Kind">From the URL, or recognised.</param>
/// <param name="Envelope">The top-level fields, read as a call body's.</param>
/// <param name="EnvelopeJson">The same as received.</param>
/// <param name="Drafts">The calls; null when they are too many to hold and must be read again.</param>
/// <param name="SharedNumbers">See <see cref="CallIngestor.BeginAsync"/>.</param>
public sealed record ReadDelivery(DeliveryBody Body, string Kind, CallEnvelope Envelope, string EnvelopeJson, IReadOnlyList<CallDraft>? Drafts, IReadOnlyList<byte[]> SharedNumbers);
