using System.Buffers.Text;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Live.Walls;

/// <summary>Makes, lists and takes back the links of screens, and signs screens in.</summary>
public sealed class WallLinks(IDbContextFactory<DashboardDb> contexts, TimeProvider time)
{
    public const int MostDays = 400;

    private const int SecretBytes = 32;

    public async Task<IReadOnlyList<WallLink>> ListAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Set<WallLink>().AsNoTracking().OrderBy(row => row.RevokedAt != null).ThenBy(row => row.Name).ToListAsync(cancel);
    }

    /// <summary>A new link; its secret is in the answer and nowhere else.</summary>
    /// <exception cref="UnauthorizedAccessException">The one who asks is no administrator.</exception>
    public async Task<string> MakeAsync(ClaimsPrincipal by, string name, int days, CancellationToken cancel)
    {
        Demand(by);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MostDays);
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        db.Add(new WallLink { Name = name.Trim(), SecretHash = Hash(secret), MadeBy = by.Identity?.Name ?? "", MadeAt = now, EndsAt = now.AddDays(days) });
        await db.SaveChangesAsync(cancel);
        return secret;
    }

    /// <summary>Screens with this link go dark within a minute.</summary>
    /// <exception cref="UnauthorizedAccessException">The one who asks is no administrator.</exception>
    public async Task RevokeAsync(ClaimsPrincipal by, int id, CancellationToken cancel)
    {
        Demand(by);
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Set<WallLink>().Where(row => row.Id == id && row.RevokedAt == null).ExecuteUpdateAsync(row => row.SetProperty(it => it.RevokedAt, now), cancel);
    }

    public static void Map(WebApplication app) => app.MapGet("/wall/{secret}", OpenAsync).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> OpenAsync(string secret, HttpContext http, WallLinks links)
    {
        // A person who opens the link keeps being that person.
        if (!Permissions.Allows(http.User, Permission.View) && !await links.SignInAsync(http, secret))
        {
            return TypedResults.NotFound();
        }

        return TypedResults.LocalRedirect("/wall" + http.Request.QueryString);
    }

    private async Task<bool> SignInAsync(HttpContext http, string secret)
    {
        var (hash, now) = (Hash(secret), time.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(http.RequestAborted);
        if (await db.Set<WallLink>().AsNoTracking().FirstOrDefaultAsync(row => row.SecretHash == hash && row.RevokedAt == null && row.EndsAt > now, http.RequestAborted) is not { } link)
        {
            return false;
        }

        var screen = new ClaimsIdentity(
            [new(WallSession.Claim, link.Id.ToString(CultureInfo.InvariantCulture)), new(ClaimTypes.Name, link.Name), new(ClaimTypes.Role, WallSession.Role)],
            IdentityConstants.ApplicationScheme);

        // As long as the link: a screen that restarts at night has nobody who would sign in.
        await http.SignInAsync(
            IdentityConstants.ApplicationScheme,
            new ClaimsPrincipal(screen),
            new AuthenticationProperties { IsPersistent = true, AllowRefresh = false, IssuedUtc = now, ExpiresUtc = link.EndsAt });
        return true;
    }

    private static void Demand(ClaimsPrincipal by)
    {
        if (!Permissions.Allows(by, Permission.Administer))
        {
            throw new UnauthorizedAccessException(T("Only an administrator decides about screens."));
        }
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>The session of a screen.</summary>
public static class WallSession
{
    /// <summary>Claim with the id of the link.</summary>
    public const string Claim = "wall";

    /// <summary>Not a role a person can have: it may watch and nothing else.</summary>
    public const string Role = "Wall";

    public static int? IdOf(ClaimsPrincipal screen) => int.TryParse(screen.FindFirst(Claim)?.Value, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Whether its link still holds.</summary>
    public static Task<bool> StandsAsync(DashboardDb db, int id, DateTimeOffset now, CancellationToken cancel) =>
        db.Set<WallLink>().AnyAsync(row => row.Id == id && row.RevokedAt == null && row.EndsAt > now, cancel);
}
