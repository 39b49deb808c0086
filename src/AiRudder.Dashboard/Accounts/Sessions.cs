using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Live.Walls;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Who is signed in. A session is a row beside its account, so that sign-out, disabling and a new password count on every node
/// and for every copy of the cookie; when its person last did something is known on the node that serves them.
/// </summary>
public sealed class Sessions(IDbContextFactory<DashboardDb> contexts, IOptions<IdentityOptions> identity, AccountSettings settings, AuditLog audit, TimeProvider time)
{
    private const string IdClaim = "session";
    private const string StartClaim = "session-start";
    private const string Provider = "session";

    private readonly ConcurrentDictionary<string, long> lastSeen = new();

    /// <param name="http">Of the form that let somebody in.</param>
    /// <param name="account">Whose session it is.</param>
    /// <param name="why">What it is in the audit; it names the session, so that what is done in live pages can be traced to an address.</param>
    public async Task<ClaimsPrincipal> BeginAsync(HttpContext http, Account account, AuditAction why)
    {
        var now = time.GetUtcNow();
        var id = Guid.NewGuid().ToString("N");
        await using (var db = await contexts.CreateDbContextAsync(http.RequestAborted))
        {
            await ForgetOldAsync(db, account.Id, now);
            db.UserTokens.Add(new() { UserId = account.Id, LoginProvider = Provider, Name = id, Value = now.ToString("O", CultureInfo.InvariantCulture) });
            await db.SaveChangesAsync(http.RequestAborted);
        }

        var person = await http.RequestServices.GetRequiredService<IUserClaimsPrincipalFactory<Account>>().CreateAsync(account);
        ((ClaimsIdentity)person.Identity!).AddClaims(
        [
            new(IdClaim, id),
            new(StartClaim, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64),
        ]);
        Touch(person);
        await audit.WriteAsync(person, http, why, "session");
        await http.SignInAsync(IdentityConstants.ApplicationScheme, person);
        return person;
    }

    public async Task EndAsync(HttpContext http)
    {
        if (http.User.FindFirstValue(IdClaim) is { } id && http.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } account)
        {
            lastSeen.TryRemove(id, out _);
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            await db.UserTokens.Where(row => row.UserId == account && row.LoginProvider == Provider && row.Name == id).ExecuteDeleteAsync(CancellationToken.None);
        }

        await http.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    /// <summary>Id of the session somebody is in; null for a token and for nobody.</summary>
    public static string? IdOf(ClaimsPrincipal? person) => person?.FindFirstValue(IdClaim);

    /// <summary>The person did something: asked for a page, clicked, typed.</summary>
    public void Touch(ClaimsPrincipal person)
    {
        if (person.FindFirstValue(IdClaim) is { } id)
            lastSeen[id] = time.GetTimestamp();
    }

    /// <summary>How long ago the person did something; a session this process has not met yet is as fresh as the process.</summary>
    public bool IsIdle(ClaimsPrincipal person) =>
        person.FindFirstValue(IdClaim) is { } id && time.GetElapsedTime(lastSeen.GetOrAdd(id, _ => time.GetTimestamp())) > settings.Idle;

    /// <summary>Whether the session still stands: neither ended nor too long, its account neither disabled nor changed.</summary>
    public async Task<bool> StandsAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        if (WallSession.IdOf(person) is { } wall)
        {
            await using var store = await contexts.CreateDbContextAsync(cancel);
            return await WallSession.StandsAsync(store, wall, time.GetUtcNow(), cancel);
        }

        var account = person.FindFirstValue(ClaimTypes.NameIdentifier);
        var session = person.FindFirstValue(IdClaim);
        var stamp = person.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
        if (session is null || !long.TryParse(person.FindFirstValue(StartClaim), CultureInfo.InvariantCulture, out var start)
            || time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(start) > settings.Longest)
        {
            return false;
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Users.AnyAsync(
            row => row.Id == account && !row.Disabled && row.SecurityStamp == stamp
                && db.UserTokens.Any(token => token.UserId == row.Id && token.LoginProvider == Provider && token.Name == session),
            cancel);
    }

    private async Task ForgetOldAsync(DashboardDb db, string account, DateTimeOffset now)
    {
        var rows = await db.UserTokens.Where(row => row.UserId == account && row.LoginProvider == Provider).ToListAsync();
        foreach (var row in rows.Where(row => !DateTimeOffset.TryParse(row.Value, CultureInfo.InvariantCulture, out var begun) || now - begun > settings.Longest))
        {
            db.UserTokens.Remove(row);
            lastSeen.TryRemove(row.Name, out _);
        }
    }
}
