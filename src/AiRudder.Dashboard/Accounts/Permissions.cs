using System.Collections.Frozen;
using System.Security.Claims;
using AiRudder.Dashboard.Live.Walls;
using Microsoft.AspNetCore.Authorization;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Everything that can be allowed or refused.</summary>
public enum Permission
{
    /// <summary>See the live floor on a wall, with numbers masked. Screens may do this and nothing else.</summary>
    Watch,

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

    /// <summary>See scores, samples, agreement and notes.</summary>
    SeeReviews,

    /// <summary>Take calls from the queue, score them, write notes.</summary>
    Review,

    /// <summary>Decide what is reviewed and how: scorecards, samples, rules, assignments.</summary>
    PlanReview,

    /// <summary>Show one's saved views of the list of calls to everybody.</summary>
    ShareViews,

    /// <summary>Say how long a task's list is.</summary>
    SetListSize,

    /// <summary>Acknowledge and resolve alerts.</summary>
    Attend,

    /// <summary>Connections, people, alert rules and settings.</summary>
    Administer,
}

/// <summary>The one table of role × action: pages, endpoints, the hub and the tests read it.</summary>
public static class Permissions
{
    private static readonly FrozenDictionary<Role, FrozenSet<Permission>> Table = new Dictionary<Role, FrozenSet<Permission>>
    {
        [Role.Supervisor] = FrozenSet.Create(Permission.Watch, Permission.View, Permission.Listen, Permission.Export, Permission.SeeReviews, Permission.ShareViews, Permission.SetListSize, Permission.Attend),
        [Role.Qa] = FrozenSet.Create(Permission.Watch, Permission.View, Permission.Listen, Permission.SeeReviews, Permission.Review, Permission.PlanReview),
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
            roles = permission == Permission.Watch ? roles.Append(WallSession.Role) : roles;
            options.AddPolicy(permission.ToString(), policy => policy.RequireRole(roles));
        }
    }
}
