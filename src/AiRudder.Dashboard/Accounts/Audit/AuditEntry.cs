using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Accounts.Audit;

/// <summary>What is written down. Stored by name; new ones are added, none is renamed.</summary>
public enum AuditAction
{
    /// <summary>The log itself began.</summary>
    Begin,
    SignIn,
    SignOut,

    /// <summary>Sound of a recording left the server; the detail says which part of it.</summary>
    Listen,

    /// <summary>Numbers and names were asked for in full.</summary>
    Reveal,
    Export,

    /// <summary>The exact bytes of a delivery.</summary>
    ViewRaw,
    Replay,
    Upload,
    Review,
    MakeAccount,
    ChangeRole,
    DisableAccount,
    EnableAccount,
    ResetPassword,
    ChangePassword,
    ChangeConnection,
    NewToken,
    RetireToken,
}

public enum AuditOutcome
{
    /// <summary>Written before it was done or shown.</summary>
    Allowed,
    Refused,
}

/// <summary>
/// One thing that somebody did or saw. It holds references, never contents: no number, no name, no filter that may hold one.
/// Each entry seals the one before it, so that one changed or taken out later is noticed.
/// </summary>
public sealed class AuditEntry
{
    /// <summary>Its place in the log, without gaps from 1 on.</summary>
    public long Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Account id, <c>token:NAME</c>, or empty for the product itself and for whoever could not sign in.</summary>
    public required string Who { get; set; }

    public AuditAction Action { get; set; }

    /// <summary>What it was done to, such as <c>call 14</c>.</summary>
    public required string Target { get; set; }

    /// <summary>More of the same kind: the part heard, the format of a file.</summary>
    public string? Detail { get; set; }

    /// <summary>Address it came from; null inside a live page, whose session names its sign-in.</summary>
    public string? Source { get; set; }

    /// <summary>Beginning of the id of the session; null for a token.</summary>
    public string? Session { get; set; }

    public AuditOutcome Outcome { get; set; }

    /// <summary>Seal of the entry before.</summary>
    public required byte[] Previous { get; set; }

    /// <summary>HMAC-SHA256 over everything above.</summary>
    public required byte[] Seal { get; set; }

    internal static void Configure(ModelBuilder builder)
    {
        builder.Entity<Counter>().HasData(new Counter { Name = AuditLog.Counter });
        builder.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("AuditEntries", table => table.HasTrigger("AuditEntries_Kept"));
            entry.Property(row => row.Id).ValueGeneratedNever();
            entry.Property(row => row.Who).HasMaxLength(200);
            entry.Property(row => row.Action).HasConversion<string>().HasMaxLength(32);
            entry.Property(row => row.Outcome).HasConversion<string>().HasMaxLength(16);
            entry.Property(row => row.Target).HasMaxLength(100);
            entry.Property(row => row.Detail).HasMaxLength(400);
            entry.Property(row => row.Source).HasMaxLength(64);
            entry.Property(row => row.Session).HasMaxLength(16);
            entry.Property(row => row.Previous).HasMaxLength(32);
            entry.Property(row => row.Seal).HasMaxLength(32);
            entry.HasIndex(row => new { row.Target, row.Id });
            entry.HasIndex(row => new { row.Who, row.Id });
        });
    }
}
