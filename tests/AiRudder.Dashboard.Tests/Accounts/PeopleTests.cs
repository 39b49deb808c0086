using System.Net;
using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Accounts;

public sealed class PeopleTests : IDisposable
{
    private const string Email = "ada@example.com";

    private readonly TestSite site = new(new Dictionary<string, string?>
    {
        ["FirstAdministrator:Email"] = Email,
        ["FirstAdministrator:Password"] = TestSite.Password,
    });

    private People People => site.Services.GetRequiredService<People>();

    public void Dispose() => site.Dispose();

    [Fact]
    public async Task LastAdministrator_CanNeitherBeDisabledNorDemoted()
    {
        var by = await AdministratorAsync();
        var id = (await FindAsync(Email)).Id;

        Assert.Contains("last administrator", (await People.SetDisabledAsync(by, id, disabled: true)).Refusal, StringComparison.Ordinal);
        Assert.Contains("last administrator", (await People.SetRoleAsync(by, id, Role.Qa)).Refusal, StringComparison.Ordinal);
        Assert.Equal((Role.Administrator, false), ((await FindAsync(Email)).Role, (await FindAsync(Email)).Disabled));
    }

    [Fact]
    public async Task TwoAdministrators_DemotedAtOnce_OneStays()
    {
        var by = await AdministratorAsync();
        await People.CreateAsync("grace@example.com", Role.Administrator, TestSite.Password, oneTime: false);
        var ids = (await People.ListAsync(default)).Select(person => person.Id).ToArray();

        await Task.WhenAll(ids.Select(id => Task.Run(() => People.SetRoleAsync(by, id, Role.Qa))));

        Assert.Single(await People.ListAsync(default), person => person.Role == Role.Administrator);
    }

    [Fact]
    public async Task Disabled_RunningSessionEndsAndNoNewOneBegins()
    {
        var by = await AdministratorAsync();
        var added = await People.AddAsync(by, "grace@example.com", Role.Qa);
        using var client = site.Anonymous();
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.SignInAsync(client, "grace@example.com", added.Password!)).StatusCode);

        Assert.Null((await People.SetDisabledAsync(by, (await FindAsync("grace@example.com")).Id, disabled: true)).Refusal);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/session")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SignInAsync(client, "grace@example.com", added.Password!)).StatusCode);
    }

    [Fact]
    public async Task RoleChange_RunningSessionsEnd()
    {
        var by = await AdministratorAsync();
        using var client = await site.SignInAsync(Role.Supervisor);
        var person = (await People.ListAsync(default)).Single(person => person.Role == Role.Supervisor);

        await People.SetRoleAsync(by, person.Id, Role.Qa);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/session")).StatusCode);
    }

    [Fact]
    public async Task ResetPassword_OldOneNoLongerWorks_NewOneMustBeReplaced()
    {
        var by = await AdministratorAsync();
        await People.CreateAsync("grace@example.com", Role.Qa, TestSite.Password, oneTime: false);
        var id = (await FindAsync("grace@example.com")).Id;

        var reset = await People.ResetPasswordAsync(by, id);

        using var client = site.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await TestSite.SignInAsync(client, "grace@example.com", TestSite.Password)).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await TestSite.SignInAsync(client, "grace@example.com", reset.Password!)).StatusCode);
        Assert.Equal("/password", (await client.GetAsync("/")).Headers.Location!.OriginalString);
        Assert.True((await FindAsync("grace@example.com")).OneTimePassword);
    }

    [Fact]
    public async Task Change_BySomebodyWhoIsNoLongerAdministrator_Refused()
    {
        var by = await AdministratorAsync();
        await People.CreateAsync("grace@example.com", Role.Administrator, TestSite.Password, oneTime: false);
        await People.SetRoleAsync(by, (await FindAsync(Email)).Id, Role.Qa);

        // The circuit still carries the old claims.
        Assert.NotNull((await People.AddAsync(by, "mallory@example.com", Role.Administrator)).Refusal);
        Assert.Equal(2, (await People.ListAsync(default)).Count);
    }

    [Fact]
    public async Task Add_AddressInUse_SaysSo()
    {
        var by = await AdministratorAsync();
        Assert.Equal("There is already an account with this e-mail address.", (await People.AddAsync(by, "ADA@example.com", Role.Qa)).Refusal);
    }

    [Fact]
    public async Task PeoplePage_OtherRoles_Refused()
    {
        using var client = await site.SignInAsync(Role.Supervisor);
        var answer = await client.GetAsync("/people");
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Not for your role", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "P3")]
    public async Task P3_Changes_AreWrittenDownWithTheirOutcome()
    {
        var by = await AdministratorAsync();
        var me = (await FindAsync(Email)).Id;
        await People.AddAsync(by, "new@example.com", Role.Qa);
        var id = (await FindAsync("new@example.com")).Id;
        await People.SetRoleAsync(by, id, Role.Supervisor);
        await People.ResetPasswordAsync(by, id);
        await People.SetDisabledAsync(by, id, true);
        await People.SetDisabledAsync(by, me, true);

        await using var db = site.Contexts.CreateDbContext();
        var rows = await db.Set<AuditEntry>().OrderBy(row => row.Id).Where(row => row.Who == me && row.Action != AuditAction.SignIn).ToListAsync();
        Assert.Equal(
            [
                (AuditAction.MakeAccount, "account", "Qa", AuditOutcome.Allowed), (AuditAction.ChangeRole, $"account {id}", "Supervisor", AuditOutcome.Allowed),
                (AuditAction.ResetPassword, $"account {id}", null, AuditOutcome.Allowed), (AuditAction.DisableAccount, $"account {id}", null, AuditOutcome.Allowed),
                (AuditAction.DisableAccount, $"account {me}", null, AuditOutcome.Allowed), (AuditAction.DisableAccount, $"account {me}", null, AuditOutcome.Refused),
            ],
            rows.Select(row => (row.Action, row.Target, row.Detail, row.Outcome)));
        Assert.DoesNotContain(rows, row => $"{row.Target}{row.Detail}".Contains('@', StringComparison.Ordinal));
    }

    [Fact]
    public void Circuits_LookAtTheirSessionAgain()
    {
        using var scope = site.Services.CreateScope();
        Assert.IsType<CircuitIdentity>(scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
    }

    private async Task<Person> FindAsync(string email) => (await People.ListAsync(default)).Single(person => person.Email == email);

    private async Task<ClaimsPrincipal> AdministratorAsync()
    {
        using var scope = site.Services.CreateScope();
        var account = await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByEmailAsync(Email);
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        http.Request.Scheme = "http";
        return await site.Services.GetRequiredService<Sessions>().BeginAsync(http, account!, AuditAction.SignIn);
    }
}
