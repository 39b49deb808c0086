using System.Security.Claims;

namespace AiRudder.Dashboard.Accounts;

public static class PrincipalPermissions
{
    /// <summary>Whether one of the person's roles allows it; the same table that the policies are made of.</summary>
    public static bool May(this ClaimsPrincipal person, Permission permission) =>
        Enum.GetValues<Role>().Any(role => person.IsInRole(role.ToString()) && Permissions.Allows(role, permission));
}
