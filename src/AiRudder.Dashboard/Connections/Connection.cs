namespace AiRudder.Dashboard.Connections;

/// <summary>An AIRUDDER account whose calls this installation receives.</summary>
public sealed class Connection
{
    public int Id { get; set; }

    /// <summary>The name people chose; unique without regard to case.</summary>
    public required string Name { get; set; }

    /// <summary>IANA id of the zone in which AIRUDDER writes this account's times: the bodies carry none.</summary>
    public required string TimeZone { get; set; }

    /// <summary>ISO 3166 code, or null when nobody said.</summary>
    public string? Country { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public List<ConnectionToken> Tokens { get; } = [];
}

/// <summary>The secret part of a webhook address. Only its SHA-256 is kept; the token itself is shown once.</summary>
public sealed class ConnectionToken
{
    public int Id { get; set; }

    public int ConnectionId { get; set; }

    /// <summary>SHA-256 of the token's UTF-8 bytes.</summary>
    public required byte[] Hash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Since when the token is refused; null while it is valid. Two may be valid at once, for rotation.</summary>
    public DateTimeOffset? RetiredAt { get; set; }
}
