using System.Data;
using System.Security.Claims;
using System.Security.Cryptography;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Accounts;

/// <summary>One row of the people page.</summary>
public sealed record Person(string Id, string Email, Role Role, DateTimeOffset CreatedAt, bool Disabled, bool Locked, bool OneTimePassword);

/// <summary>What became of a wish: why it was refused, or the one-time password that is shown once.</summary>
public sealed record Outcome(string? Refusal, string? Password = null);

/// <summary>
/// Keeps the accounts. Every change takes who wants it and looks at their session in the store first: a circuit may be up to
/// half a minute behind.
/// </summary>
public sealed partial class People(
    IServiceScopeFactory scopes,
    IDbContextFactory<DashboardDb> contexts,
    Sessions sessions,
    AuditLog audit,
    TimeProvider time,
    ILogger<People> log)
{
    // No vowels, no 0/O or 1/l/I: read aloud and typed without mistakes, and spelling nothing.
    private const string Letters = "bcdfghjkmnpqrstvwxyz23456789";

    private static string LastAdministrator => T("This is the last administrator who can sign in; make another one first.");

    private static string NotAllowed => T("Only an administrator may do that. Sign in again if you are one.");

    private static string Gone => T("There is no such account any more.");

    public async Task<bool> AnyAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Users.AnyAsync(cancel);
    }

    public async Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var accounts = await db.Users.AsNoTracking().OrderBy(account => account.NormalizedEmail).ToListAsync(cancel);
        var oneTime = await db.UserClaims.Where(claim => claim.ClaimType == AccountClaims.OneTimePassword).Select(claim => claim.UserId).ToHashSetAsync(cancel);
        return [.. accounts.Select(account => new Person(
            account.Id, account.Email!, account.Role, account.CreatedAt, account.Disabled, account.LockoutEnd > now, oneTime.Contains(account.Id)))];
    }

    public async Task<Outcome> AddAsync(ClaimsPrincipal by, string email, Role role)
    {
        if (!await MayAsync(by))
            return new(NotAllowed);

        await audit.WriteAsync(by, AuditAction.MakeAccount, "account", role.ToString());
        var password = NewPassword();
        var problems = await CreateAsync(email, role, password, oneTime: true);
        return problems.Count > 0 ? new(string.Join(" ", problems)) : new(null, password);
    }

    /// <summary>Makes an account on the product's own behalf: the first administrator, demonstrations.</summary>
    /// <param name="email">Also the name to sign in with.</param>
    /// <param name="role">What the account may do.</param>
    /// <param name="password">Checked against <see cref="PasswordRules"/>.</param>
    /// <param name="oneTime">Whether the person must replace it before anything else.</param>
    /// <returns>What stood against it; empty when the account was made.</returns>
    public async Task<IReadOnlyList<string>> CreateAsync(string email, Role role, string password, bool oneTime)
    {
        email = email.Trim();
        if (!AccountSettings.IsEmail(email))
            return [T("This is not an e-mail address.")];

        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = new Account { UserName = email, Email = email, Role = role, CreatedAt = time.GetUtcNow(), LockoutEnabled = true };
        await using var transaction = await Db(scope).Database.BeginTransactionAsync(IsolationLevel.Serializable);
        var result = await accounts.CreateAsync(account, password);
        if (!result.Succeeded)
            return [.. result.Errors.Where(error => error.Code != nameof(IdentityErrorDescriber.DuplicateUserName)).Select(Sentence)];

        if (oneTime)
            Ensure(await accounts.AddClaimAsync(account, new Claim(AccountClaims.OneTimePassword, "true")));

        await transaction.CommitAsync();
        LogCreated(log, account.Id, role);
        return [];
    }

    public Task<Outcome> SetDisabledAsync(ClaimsPrincipal by, string id, bool disabled) => ChangeAsync(by, id, disabled ? AuditAction.DisableAccount : AuditAction.EnableAccount, null, async (accounts, account) =>
    {
        if (disabled && await IsLastAdministratorAsync(accounts, account))
            return new(LastAdministrator);

        account.Disabled = disabled;
        Ensure(await accounts.UpdateSecurityStampAsync(account));
        LogDisabled(log, account.Id, disabled);
        return new(null);
    });

    public Task<Outcome> SetRoleAsync(ClaimsPrincipal by, string id, Role role) => ChangeAsync(by, id, AuditAction.ChangeRole, role.ToString(), async (accounts, account) =>
    {
        if (role != Role.Administrator && await IsLastAdministratorAsync(accounts, account))
            return new(LastAdministrator);

        account.Role = role;
        Ensure(await accounts.UpdateSecurityStampAsync(account));
        LogRole(log, account.Id, role);
        return new(null);
    });

    /// <summary>A new one-time password; a lock is lifted with it.</summary>
    public Task<Outcome> ResetPasswordAsync(ClaimsPrincipal by, string id) => ChangeAsync(by, id, AuditAction.ResetPassword, null, async (accounts, account) =>
    {
        var password = NewPassword();
        account.LockoutEnd = null;
        account.AccessFailedCount = 0;
        Ensure(await accounts.RemovePasswordAsync(account));
        Ensure(await accounts.AddPasswordAsync(account, password));
        if (!(await accounts.GetClaimsAsync(account)).Any(claim => claim.Type == AccountClaims.OneTimePassword))
            Ensure(await accounts.AddClaimAsync(account, new Claim(AccountClaims.OneTimePassword, "true")));

        LogReset(log, account.Id);
        return new(null, password);
    });

    /// <summary>A person's own new password. All their sessions end; the caller begins a new one for the account returned.</summary>
    public async Task<(Account? Account, IReadOnlyList<string> Problems)> ChangePasswordAsync(string id, string current, string wanted)
    {
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        await using var transaction = await Db(scope).Database.BeginTransactionAsync(IsolationLevel.Serializable);
        if (await accounts.FindByIdAsync(id) is not { Disabled: false } account)
            return (null, [Gone]);

        if (current == wanted)
            return (null, [T("The new password must differ from the present one.")]);

        var result = await accounts.ChangePasswordAsync(account, current, wanted);
        if (!result.Succeeded)
            return (null, [.. result.Errors.Select(Sentence)]);

        Ensure(await accounts.RemoveClaimsAsync(account, (await accounts.GetClaimsAsync(account)).Where(claim => claim.Type == AccountClaims.OneTimePassword)));
        await transaction.CommitAsync();
        return (account, []);
    }

    private async Task<Outcome> ChangeAsync(ClaimsPrincipal by, string id, AuditAction action, string? detail, Func<UserManager<Account>, Account, Task<Outcome>> change)
    {
        if (!await MayAsync(by))
            return new(NotAllowed);

        var outcome = await InTransactionAsync(by, id, action, detail, change);
        if (outcome.Refusal is not null)
            await audit.WriteAsync(by, action, $"account {id}", detail, AuditOutcome.Refused);

        return outcome;
    }

    private async Task<Outcome> InTransactionAsync(ClaimsPrincipal by, string id, AuditAction action, string? detail, Func<UserManager<Account>, Account, Task<Outcome>> change)
    {
        // Before the transaction, which holds the only pen.
        await audit.WriteAsync(by, action, $"account {id}", detail);
        await using var scope = scopes.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();

        // Serializable: two administrators who demote each other at once must not both succeed.
        await using var transaction = await Db(scope).Database.BeginTransactionAsync(IsolationLevel.Serializable);
        if (await accounts.FindByIdAsync(id) is not { } account)
            return new(Gone);

        var outcome = await change(accounts, account);
        if (outcome.Refusal is null)
            await transaction.CommitAsync();

        return outcome;
    }

    private async Task<bool> MayAsync(ClaimsPrincipal by) =>
        Permissions.Allows(by, Permission.Administer) && await sessions.StandsAsync(by, CancellationToken.None);

    private static Task<bool> IsLastAdministratorAsync(UserManager<Account> accounts, Account account) =>
        account is { Role: Role.Administrator, Disabled: false }
            ? accounts.Users.AllAsync(other => other.Id == account.Id || other.Disabled || other.Role != Role.Administrator)
            : Task.FromResult(false);

    private static DashboardDb Db(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<DashboardDb>();

    private static string NewPassword() => string.Join('-', Enumerable.Range(0, 5).Select(_ => RandomNumberGenerator.GetString(Letters, 4)));

    private static string Sentence(IdentityError error) => error.Code switch
    {
        nameof(IdentityErrorDescriber.DuplicateEmail) => T("There is already an account with this e-mail address."),
        nameof(IdentityErrorDescriber.PasswordMismatch) => T("The present password is not right."),
        _ => error.Description,
    };

    private static void Ensure(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException(string.Join(", ", result.Errors.Select(error => error.Code)));
    }

    [LoggerMessage(1021, LogLevel.Information, "Account {Account} was made with role {Role}")]
    private static partial void LogCreated(ILogger log, string account, Role role);

    [LoggerMessage(1022, LogLevel.Information, "Account {Account} was disabled: {Disabled}")]
    private static partial void LogDisabled(ILogger log, string account, bool disabled);

    [LoggerMessage(1023, LogLevel.Information, "Account {Account} has role {Role} now")]
    private static partial void LogRole(ILogger log, string account, Role role);

    [LoggerMessage(1024, LogLevel.Information, "Account {Account} was given a one-time password")]
    private static partial void LogReset(ILogger log, string account);
}
