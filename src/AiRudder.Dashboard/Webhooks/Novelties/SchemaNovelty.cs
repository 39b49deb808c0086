namespace AiRudder.Dashboard.Webhooks.Novelties;

/// <summary>Something in the bodies that neither the documentation knows nor the vendor had sent before.</summary>
public sealed class SchemaNovelty
{
    public const int LongestPath = 200;

    public const int LongestValue = 64;

    /// <summary>Stands for everything beyond the limits.</summary>
    public const string Others = "(others)";

    /// <summary>Stands for a name or value that is cut out because it may be somebody's.</summary>
    public const string Odd = "(odd)";

    public int Id { get; set; }

    public int ConnectionId { get; set; }

    /// <summary>From the top of the body, such as <c>details[].transfer.TransferStatus</c>; kinds other than calls stand before a colon.</summary>
    public required string Path { get; set; }

    /// <summary>What JSON it is: string, number, truth value, object, array.</summary>
    public required string JsonKind { get; set; }

    /// <summary>The word, when the path is known and its word is new; else empty.</summary>
    public required string Value { get; set; }

    public NoveltyKind What { get; set; }

    public DateTimeOffset FirstAt { get; set; }

    public DateTimeOffset LastAt { get; set; }

    /// <summary>How often it was seen.</summary>
    public long Count { get; set; }

    /// <summary>A delivery that holds it.</summary>
    public long DeliveryId { get; set; }

    /// <summary>Since when an administrator knows of it; null while it is news.</summary>
    public DateTimeOffset? ExpectedAt { get; set; }

    public string? ExpectedBy { get; set; }
}

public enum NoveltyKind : byte
{
    /// <summary>Nobody knew the field.</summary>
    Field = 0,

    /// <summary>The field holds another kind of JSON than it should.</summary>
    Type = 1,

    /// <summary>A word never seen in this field.</summary>
    Value = 2,
}

/// <summary>What makes two sightings one novelty.</summary>
public readonly record struct NoveltyKey(int ConnectionId, string Path, string JsonKind, string Value, NoveltyKind What);
