using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Connections;

/// <summary>What an administrator does with connections. Answers sentences about what is wrong, or none.</summary>
public sealed class ConnectionAdministration(IDbContextFactory<DashboardDb> contexts, ConnectionDirectory directory, TimeProvider time)
{
    /// <summary>Tokens valid at once: the old and the new one while AIRUDDER's staff change the address.</summary>
    private const int MostTokens = 2;

    /// <returns>The new connection's token, to be shown once, or what is wrong.</returns>
    public async Task<(string? Token, string? Problem)> AddAsync(string name, string timeZone, string? country, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await ProblemAsync(db, null, name, timeZone, country, cancel) is { } problem)
        {
            return (null, problem);
        }

        var token = ConnectionSettings.NewToken();
        var connection = new Connection { Name = name.Trim(), TimeZone = timeZone, Country = Code(country), CreatedAt = time.GetUtcNow() };
        connection.Tokens.Add(new ConnectionToken { Hash = ConnectionSettings.HashOf(token), CreatedAt = time.GetUtcNow() });
        db.Add(connection);
        await db.SaveChangesAsync(cancel);
        await directory.ReloadAsync(cancel);
        return (token, null);
    }

    public async Task<string?> ChangeAsync(int id, string name, string timeZone, string? country, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await ProblemAsync(db, id, name, timeZone, country, cancel) is { } problem)
        {
            return problem;
        }

        var connection = await db.Connections.SingleAsync(row => row.Id == id, cancel);
        connection.Name = name.Trim();
        connection.TimeZone = timeZone;
        connection.Country = Code(country);
        await db.SaveChangesAsync(cancel);
        await directory.ReloadAsync(cancel);
        return null;
    }

    /// <returns>A further token, to be shown once; the old one stays valid until it is retired.</returns>
    public async Task<(string? Token, string? Problem)> AddTokenAsync(int id, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.ConnectionTokens.CountAsync(row => row.ConnectionId == id && row.RetiredAt == null, cancel) >= MostTokens)
        {
            return (null, T("{0} addresses are valid already: retire the one AIRUDDER no longer uses first.", MostTokens));
        }

        var token = ConnectionSettings.NewToken();
        db.Add(new ConnectionToken { ConnectionId = id, Hash = ConnectionSettings.HashOf(token), CreatedAt = time.GetUtcNow() });
        await db.SaveChangesAsync(cancel);
        await directory.ReloadAsync(cancel);
        return (token, null);
    }

    /// <summary>Refuses the token from now on. Whoever still posts to it is counted and seen on the deliveries page.</summary>
    public async Task RetireAsync(int tokenId, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var now = time.GetUtcNow();
        await db.ConnectionTokens.Where(row => row.Id == tokenId && row.RetiredAt == null).ExecuteUpdateAsync(row => row.SetProperty(it => it.RetiredAt, now), cancel);
        await directory.ReloadAsync(cancel);
    }

    private static async Task<string?> ProblemAsync(DashboardDb db, int? id, string name, string timeZone, string? country, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > 200)
        {
            return T("The name must have 1 to 200 characters.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _))
        {
            return T("'{0}' is not a time zone; an IANA id such as Asia/Jakarta is needed, because AIRUDDER's times carry no zone.", timeZone);
        }

        if (Code(country) is { } code && !(code.Length == 2 && code.All(char.IsAsciiLetter)))
        {
            return T("'{0}' is not a country code; two letters such as ID, or nothing.", country);
        }

        var wanted = name.Trim();
        var names = await db.Connections.Where(row => row.Id != id).Select(row => row.Name).ToListAsync(cancel);
        return names.Exists(other => other.Equals(wanted, StringComparison.OrdinalIgnoreCase)) ? T("There is a connection '{0}' already.", wanted) : null;
    }

    private static string? Code(string? country) => string.IsNullOrWhiteSpace(country) ? null : country.Trim().ToUpperInvariant();
}
