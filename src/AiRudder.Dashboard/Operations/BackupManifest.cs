using System.Text.Json;
using System.Text.Json.Serialization;
using AiRudder.Dashboard.Storage;

namespace AiRudder.Dashboard.Operations;

/// <summary>What a backup says about itself. It is the last entry of the archive, because only then everything is known.</summary>
/// <param name="Format">Of the archive; a restore reads its own and no newer one.</param>
/// <param name="Version">Of the product that wrote it.</param>
/// <param name="CreatedAt">When the database was read: all that was acknowledged before is in.</param>
/// <param name="Provider">Where the database is kept.</param>
/// <param name="Migrations">Upgrades that the schema has; empty when the database is not in the archive.</param>
/// <param name="Missing">Body files that the database refers to and that were not there.</param>
/// <param name="Entries">Everything else in the archive.</param>
public sealed record BackupManifest(
    int Format, string Version, DateTimeOffset CreatedAt, StorageProvider Provider, IReadOnlyList<string> Migrations, IReadOnlyList<string> Missing, IReadOnlyList<BackupEntry> Entries)
{
    public const int Newest = 1;

    /// <summary>Its own name in the archive.</summary>
    public const string Name = "manifest.json";

    /// <summary>The database's name in the archive.</summary>
    public const string Database = "database.db";

    private const string CommentStart = "AiRudder.Dashboard backup; SHA-256 of the manifest: ";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <returns>Null when these bytes are no manifest.</returns>
    public static BackupManifest? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(bytes, Json) is { Entries: not null, Migrations: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The archive's comment, which seals the manifest as the manifest seals everything else.</summary>
    public static string CommentOf(ReadOnlySpan<byte> manifest) => CommentStart + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(manifest));
}

/// <param name="Path">In the archive, and below the data directory but for the database.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, in lower-case hexadecimal digits.</param>
public sealed record BackupEntry(string Path, long Bytes, string Sha256);
