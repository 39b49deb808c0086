using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Everything that can be allowed or refused.</summary>
public enum Permission
{
    /// <summary>See floor, tasks, intentions, calls and deliveries, with numbers masked.</summary>
    View,

    /// <summary>Hear recordings.</summary>
    Listen,

    /// <summary>See numbers and uploaded variables in full.</summary>
    Reveal,

    /// <summary>See and download the exact bytes of a delivery.</summary>
    ViewRaw,

    /// <summary>Process a delivery again.</summary>
    Replay,

    /// <summary>Take calls out as files.</summary>
    Export,

    /// <summary>Connections, people and settings.</summary>
    Administer,
}

/// <summary>The one table of role × action: pages, endpoints, the hub and the tests read it.</summary>
public static class Permissions
{
    private static readonly FrozenDictionary<Role, FrozenSet<Permission>> Table = new Dictionary<Role, FrozenSet<Permission>>
    {
        [Role.Supervisor] = FrozenSet.Create(Permission.View, Permission.Listen, Permission.Export),
        [Role.Qa] = FrozenSet.Create(Permission.View, Permission.Listen),
        [Role.Administrator] = FrozenSet.Create(Enum.GetValues<Permission>()),
    }.ToFrozenDictionary();

    public static bool Allows(Role role, Permission permission) => Table[role].Contains(permission);

    /// <summary>Whether any role of a person or an API token allows it.</summary>
    public static bool Allows(ClaimsPrincipal who, Permission permission) =>
        Enum.GetValues<Role>().Any(role => who.IsInRole(role.ToString()) && Allows(role, permission));

    /// <summary>One policy per permission, named like it.</summary>
    public static void AddPolicies(AuthorizationOptions options)
    {
        foreach (var permission in Enum.GetValues<Permission>())
        {
            var roles = Enum.GetValues<Role>().Where(role => Allows(role, permission)).Select(role => role.ToString());
            options.AddPolicy(permission.ToString(), policy => policy.RequireRole(roles));
        }
    }
}
