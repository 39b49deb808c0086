using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Turns an account into what the permission table reads. A person who has yet to replace a one-time password carries no role:
/// every policy then refuses, and only the page for a new password is left.
/// </summary>
public sealed class AccountClaims(UserManager<Account> accounts, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Account>(accounts, options)
{
    /// <summary>Claim kept with an account whose password somebody else knows.</summary>
    public const string OneTimePassword = "one-time-password";

    public static bool MustChangePassword(ClaimsPrincipal person) => person.HasClaim(claim => claim.Type == OneTimePassword);

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Account user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        if (!identity.HasClaim(claim => claim.Type == OneTimePassword))
            identity.AddClaim(new Claim(identity.RoleClaimType, user.Role.ToString()));

        return identity;
    }
}
