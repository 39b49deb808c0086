using System.Collections.Frozen;
using Microsoft.AspNetCore.Identity;

namespace AiRudder.Dashboard.Accounts;

/// <summary>
/// Length, and not a password everybody tries first. No rules of composition: they make passwords worse and people write them down.
/// </summary>
public sealed class PasswordRules : IPasswordValidator<Account>
{
    public const int Shortest = 12;

    /// <summary>Bounds the work of hashing; far above what anybody types.</summary>
    public const int Longest = 256;

    private static readonly FrozenSet<string> Common = ReadCommon();

    public static IEnumerable<string> Problems(string password, string? email)
    {
        if (password.Length < Shortest)
            yield return T("it is shorter than {0} characters.", Shortest);
        else if (password.Length > Longest)
            yield return T("it is longer than {0} characters.", Longest);
        else if (password.Distinct().Count() < 4 || Common.Contains(password.TrimEnd('!', '?', '.', '*', '#').ToLowerInvariant()))
            yield return T("it is one of the passwords that are tried first.");
        else if (string.Equals(password, email, StringComparison.OrdinalIgnoreCase))
            yield return T("it is the e-mail address.");
    }

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
    {
        var problems = Problems(password ?? "", user.Email)
            .Select(problem => new IdentityError { Code = "Password", Description = T("This password cannot be used: {0}", problem) })
            .ToArray();
        return Task.FromResult(problems.Length == 0 ? IdentityResult.Success : IdentityResult.Failed(problems));
    }

    private static FrozenSet<string> ReadCommon()
    {
        using var list = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("CommonPasswords.txt")!);
        return list.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet();
    }
}
