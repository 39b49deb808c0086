using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Connections;

/// <summary>One entry of <c>Connections</c> in the settings.</summary>
public sealed class ConnectionSetting
{
    public string? Name { get; set; }

    public string? Token { get; set; }

    public string? TimeZone { get; set; }

    public string? Country { get; set; }
}

/// <summary>Connections that the settings name are made or updated at start; an empty installation gets a first one.</summary>
public static partial class ConnectionSettings
{
    /// <summary>256 bits in URL-safe text.</summary>
    public const int ShortestToken = 43;

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>One sentence for each setting that cannot be used.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection("Connections").GetChildren())
        {
            var setting = Read(section);
            if (string.IsNullOrWhiteSpace(setting.Name) || setting.Name.Length > 200)
            {
                yield return $"{section.Path}:Name is missing or too long; it needs a name of 1 to 200 characters.";
            }
            else if (!names.Add(setting.Name))
            {
                yield return $"{section.Path}:Name '{setting.Name}' is used twice; every connection needs a name of its own.";
            }

            if (setting.Token is null || setting.Token.Length < ShortestToken || !UrlSafe().IsMatch(setting.Token))
            {
                yield return $"{section.Path}:Token is missing, too short or not URL-safe; it needs at least {ShortestToken} characters of A–Z, a–z, 0–9, '-' and '_'.";
            }
            else if (!tokens.Add(setting.Token))
            {
                yield return $"{section.Path}:Token is the same as another connection's; every connection needs an address of its own.";
            }

            if (setting.TimeZone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(setting.TimeZone, out _))
            {
                yield return $"{section.Path}:TimeZone '{setting.TimeZone}' is not a time zone; it needs an IANA id such as Asia/Jakarta, because AIRUDDER's times carry no zone.";
            }

            if (setting.Country is { Length: > 0 } country && !(country.Length == 2 && country.All(char.IsAsciiLetter)))
            {
                yield return $"{section.Path}:Country '{country}' is not a country code; it needs two letters such as ID, or nothing.";
            }
        }
    }

    /// <summary>Makes and updates the connections of the settings.</summary>
    /// <returns>The token of the first connection when this start made it without being told one: to be shown once.</returns>
    public static async Task<string?> ApplyAsync(IServiceProvider services, IConfiguration configuration, CancellationToken cancel)
    {
        var time = services.GetRequiredService<TimeProvider>();
        await using var db = await services.GetRequiredService<IDbContextFactory<DashboardDb>>().CreateDbContextAsync(cancel);
        var existing = await db.Connections.Include(connection => connection.Tokens).ToListAsync(cancel);
        foreach (var setting in configuration.GetSection("Connections").GetChildren().Select(Read))
        {
            // The address is what AIRUDDER knows: one that comes under another name is the same connection renamed.
            var hash = HashOf(setting.Token!);
            var holder = existing.FirstOrDefault(row => Holds(row, hash));
            var connection = existing.FirstOrDefault(row => string.Equals(row.Name, setting.Name, StringComparison.OrdinalIgnoreCase)) ?? holder;
            if (connection is null)
            {
                connection = new Connection { Name = setting.Name!, TimeZone = setting.TimeZone!, CreatedAt = time.GetUtcNow() };
                existing.Add(connection);
                db.Add(connection);
            }

            if (holder is not null && holder != connection)
            {
                // Both exist: the settings say whose the address is from now on.
                holder.Tokens.RemoveAll(token => token.Hash.AsSpan().SequenceEqual(hash));
                await db.SaveChangesAsync(cancel);
            }

            connection.Name = setting.Name!;
            connection.TimeZone = setting.TimeZone!;
            connection.Country = setting.Country?.ToUpperInvariant();
            if (connection.Tokens.Find(token => token.Hash.AsSpan().SequenceEqual(hash)) is { } known)
            {
                known.RetiredAt = null;
            }
            else
            {
                connection.Tokens.Add(new ConnectionToken { Hash = hash, CreatedAt = time.GetUtcNow() });
            }
        }

        string? shown = null;
        if (existing.Count == 0)
        {
            shown = NewToken();
            var first = new Connection { Name = "AIRUDDER", TimeZone = LocalZone(), CreatedAt = time.GetUtcNow() };
            first.Tokens.Add(new ConnectionToken { Hash = HashOf(shown), CreatedAt = time.GetUtcNow() });
            db.Add(first);
        }

        await db.SaveChangesAsync(cancel);
        await services.GetRequiredService<ConnectionDirectory>().ReloadAsync(cancel);
        return shown;
    }

    /// <summary>The zone of this machine is the best guess for an account nobody has described yet; the page says so and lets it be changed.</summary>
    private static string LocalZone() =>
        TimeZoneInfo.Local.HasIanaId ? TimeZoneInfo.Local.Id : TimeZoneInfo.TryConvertWindowsIdToIanaId(TimeZoneInfo.Local.Id, out var iana) ? iana : "Etc/UTC";

    private static bool Holds(Connection connection, byte[] hash) => connection.Tokens.Exists(token => token.Hash.AsSpan().SequenceEqual(hash));

    private static ConnectionSetting Read(IConfigurationSection section)
    {
        var setting = new ConnectionSetting();
        section.Bind(setting);
        return setting;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex UrlSafe();
}
