using AiRudder.Dashboard.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class PermissionsTests
{
    [Fact]
    public void Table_EveryRoleAndPermission_IsAsReviewed()
    {
        var table = string.Join('\n', Enum.GetValues<Permission>().Select(permission =>
            $"{permission,-11} {string.Join(' ', Enum.GetValues<Role>().Where(role => Permissions.Allows(role, permission)))}"));

        Assert.Equal(
            """
            Watch       Supervisor Qa Administrator
            View        Supervisor Qa Administrator
            Listen      Supervisor Qa Administrator
            Reveal      Administrator
            ViewRaw     Administrator
            Replay      Administrator
            Export      Supervisor Administrator
            SeeReviews  Supervisor Qa Administrator
            Review      Qa Administrator
            PlanReview  Qa Administrator
            ShareViews  Supervisor Administrator
            SetListSize Supervisor Administrator
            Attend      Supervisor Administrator
            Administer  Administrator
            """,
            table);
    }

    [Fact]
    public void AddPolicies_EveryPermission_AsksForTheRolesOfTheTable()
    {
        var options = new AuthorizationOptions();
        Permissions.AddPolicies(options);

        foreach (var permission in Enum.GetValues<Permission>())
        {
            var roles = options.GetPolicy(permission.ToString())!.Requirements.OfType<RolesAuthorizationRequirement>().Single().AllowedRoles;
            var expected = Enum.GetValues<Role>().Where(role => Permissions.Allows(role, permission)).Select(role => role.ToString());
            Assert.Equal(permission == Permission.Watch ? expected.Append("Wall") : expected, roles);
        }
    }

    [Fact]
    public void Pages_ExceptThoseForEverybody_AskForAPermission()
    {
        var pages = typeof(Program).Assembly.GetTypes().Where(type => type.IsDefined(typeof(RouteAttribute), inherit: false)).ToArray();

        var open = pages.Where(type => type.IsDefined(typeof(AllowAnonymousAttribute), inherit: true)).Select(type => type.Name).Order();
        Assert.Equal(["ErrorPage", "NewPassword", "Setup", "SignIn"], open);
        Assert.All(pages, type => Assert.Contains(type.GetCustomAttributes(inherit: true), attribute => attribute is IAllowAnonymous or AuthorizeAttribute));
    }
}
