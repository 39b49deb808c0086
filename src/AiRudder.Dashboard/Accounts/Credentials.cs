using Microsoft.AspNetCore.Identity;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Tells whether an e-mail address and a password go together. Unknown, wrong, locked and disabled are one answer, and take
/// about the same time.
/// </summary>
public sealed class Credentials(
    UserManager<Account> accounts,
    SignInManager<Account> signIn,
    IPasswordHasher<Account> hasher,
    TimeProvider time)
{
    /// <summary>Above what hashing and writing down the failure take, so that the difference between the cases disappears in it.</summary>
    private static readonly TimeSpan LeastRefusal = TimeSpan.FromMilliseconds(400);

    // Guesses at one account wait for each other: in parallel they would all read "four failures so far".
    private static readonly SemaphoreSlim[] Turns = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1, 1))];

    private static string? nobodysHash;

    /// <summary>The account, or null when it may not come in.</summary>
    public async Task<Account?> CheckAsync(string email, string password, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        var account = password.Length <= PasswordRules.Longest ? await InTurnAsync(email, password) : null;
        if (account is null && LeastRefusal - time.GetElapsedTime(begun) is { Ticks: > 0 } rest)
            await Task.Delay(rest, time, cancel);

        return account;
    }

    private async Task<Account?> InTurnAsync(string email, string password)
    {
        var turn = Turns[(uint)(accounts.NormalizeEmail(email) ?? "").GetHashCode(StringComparison.Ordinal) % Turns.Length];

        // Whoever hangs up early is still counted: nothing here can be cancelled.
        await turn.WaitAsync(CancellationToken.None);
        try
        {
            return await VerifyAsync(email, password);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Account?> VerifyAsync(string email, string password)
    {
        if (await accounts.FindByEmailAsync(email) is not { } account)
        {
            var nobody = new Account();
            nobodysHash ??= hasher.HashPassword(nobody, "nobody has this password");
            hasher.VerifyHashedPassword(nobody, nobodysHash, password);
            return null;
        }

        var result = await signIn.CheckPasswordSignInAsync(account, password, lockoutOnFailure: true);
        return result.Succeeded && !account.Disabled ? account : null;
    }
}
