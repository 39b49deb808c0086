namespace AiRudder.Dashboard.Webhooks;

/// <summary>A body read to its end, on its way into the inbox.</summary>
public sealed record IncomingDelivery
{
    public required int ConnectionId { get; init; }

    /// <summary>The kind named by the URL, or empty.</summary>
    public required string UrlKind { get; init; }

    /// <summary>SHA-256 of the exact bytes.</summary>
    public required byte[] Sha256 { get; init; }

    public required long Bytes { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required string Source { get; init; }

    public required string Headers { get; init; }

    public required BodyEncoding Encoding { get; init; }

    /// <summary>The bytes, unless they lie in <see cref="File"/>.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Name of a file that is already on disk in the durable sense.</summary>
    public string? File { get; init; }
}

/// <summary>The answer of the inbox: durable, and known by this id.</summary>
/// <param name="Id">Id of the delivery; of the first copy when the same bytes came before.</param>
/// <param name="Copies">How often they have come, this time included.</param>
public readonly record struct StoredDelivery(long Id, int Copies);

/// <summary>Nothing was stored and the sender must hear so.</summary>
public sealed class InboxUnavailableException(string reason, Exception? inner = null) : Exception(reason, inner);
