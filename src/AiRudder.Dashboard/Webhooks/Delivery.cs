namespace AiRudder.Dashboard.Webhooks;

/// <summary>What became of a delivery.</summary>
public enum DeliveryOutcome : byte
{
    /// <summary>Stored, not understood yet.</summary>
    Pending = 0,

    /// <summary>Its calls are in the tables.</summary>
    Processed = 1,

    /// <summary>Could not be understood; kept raw with its reason, can be replayed.</summary>
    Quarantined = 2,

    /// <summary>Of a kind whose shape nobody has described; kept raw.</summary>
    Uninterpreted = 3,
}

/// <summary>One POST from AIRUDDER, as it stands in the inbox. Its bytes are in <see cref="DeliveryBody"/>.</summary>
public sealed class Delivery
{
    /// <summary>Grows in the order of arrival.</summary>
    public long Id { get; set; }

    public int ConnectionId { get; set; }

    /// <summary>The kind named by the URL, or empty when the URL left it to the body.</summary>
    public required string UrlKind { get; set; }

    /// <summary>SHA-256 of the exact bytes received. Unique together with connection and URL kind.</summary>
    public required byte[] Sha256 { get; set; }

    /// <summary>Length of the body as received, in bytes.</summary>
    public long Bytes { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>Address the first copy came from.</summary>
    public required string Source { get; set; }

    /// <summary>Headers of the first copy as a JSON object of arrays, without cookies and authorization.</summary>
    public required string Headers { get; set; }

    /// <summary>How often these bytes arrived, the first time included.</summary>
    public int Copies { get; set; } = 1;

    public DateTimeOffset? LastCopyAt { get; set; }

    public DeliveryOutcome Outcome { get; set; }

    /// <summary>The kind recognised when the body was read; null until then.</summary>
    public string? Kind { get; set; }

    /// <summary>Why it was quarantined, left uninterpreted, or is waiting; in words for a person.</summary>
    public string? Reason { get; set; }

    /// <summary>JSON path of the field that caused <see cref="Reason"/>, where one is known.</summary>
    public string? ReasonField { get; set; }

    /// <summary>Byte position in the (decoded) body that caused <see cref="Reason"/>, where one is known.</summary>
    public long? ReasonPosition { get; set; }

    /// <summary>Number of calls made or touched.</summary>
    public int Calls { get; set; }

    /// <summary>Number of elements that could not become a call and are listed in <see cref="QuarantinedElement"/>.</summary>
    public int QuarantinedCalls { get; set; }

    /// <summary>How often processing was tried and failed.</summary>
    public int FailedAttempts { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    public DateTimeOffset? ProcessedAt { get; set; }

    /// <summary>
    /// How often storing it in several transactions was begun. Each of them first makes sure that no other process has begun anew since:
    /// what a clock says decides who tries, never who is right.
    /// </summary>
    public int Run { get; set; }

    /// <summary>Last sign of life of that run; null when none is under way.</summary>
    public DateTimeOffset? RunBeatAt { get; set; }

    /// <summary>The body's top-level fields without <c>details</c>, as JSON: what versions of its calls need beside their own element.</summary>
    public string? Envelope { get; set; }
}

/// <summary>How the stored bytes of a body relate to the bytes received.</summary>
public enum BodyEncoding : byte
{
    AsReceived = 0,
    Deflated = 1,
}

/// <summary>The bytes of a delivery: in the row, or in a file beside the database when they are many.</summary>
public sealed class DeliveryBody
{
    public long DeliveryId { get; set; }

    public BodyEncoding Encoding { get; set; }

    public byte[]? Content { get; set; }

    /// <summary>File name under <c>bodies</c> in the data directory; null when <see cref="Content"/> holds the bytes.</summary>
    public string? File { get; set; }
}

/// <summary>A further arrival of bytes that were already stored: a retry of the sender, or a duplicate.</summary>
public sealed class DeliveryCopy
{
    public long Id { get; set; }

    public long DeliveryId { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public required string Source { get; set; }
}

/// <summary>One element of <c>details</c> that could not become a call although its neighbours did.</summary>
public sealed class QuarantinedElement
{
    public long DeliveryId { get; set; }

    /// <summary>Position in <c>details</c>, from 0.</summary>
    public int Ordinal { get; set; }

    public required string Reason { get; set; }

    /// <summary>Byte position of the element in the decoded body.</summary>
    public long Position { get; set; }
}
