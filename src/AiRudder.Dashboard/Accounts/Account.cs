using Microsoft.AspNetCore.Identity;

namespace AiRudder.Dashboard.Accounts;

/// <summary>What a person may do is decided by one role; see <see cref="Permissions"/>.</summary>
public enum Role
{
    Supervisor,
    Qa,
    Administrator,
}

/// <summary>A person who signs in.</summary>
public sealed class Account : IdentityUser
{
    public Role Role { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>A disabled account cannot sign in and its circuits end.</summary>
    public bool Disabled { get; set; }
}
