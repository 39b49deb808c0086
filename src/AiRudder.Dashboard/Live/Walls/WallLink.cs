using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Live.Walls;

/// <summary>
/// A screen on the wall: a link that shows the floor, masked, and nothing else, until it ends or is taken back. A screen has no person
/// who could be idle, so that its session is not a person's: it may watch and do nothing.
/// </summary>
public sealed class WallLink
{
    public int Id { get; set; }

    /// <summary>Where the screen hangs.</summary>
    public required string Name { get; set; }

    /// <summary>SHA-256 of the secret in its address; the address is shown once.</summary>
    public required byte[] SecretHash { get; set; }

    /// <summary>E-mail address of the administrator who made it.</summary>
    public required string MadeBy { get; set; }

    public DateTimeOffset MadeAt { get; set; }

    public DateTimeOffset EndsAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public static void Configure(ModelBuilder builder) => builder.Entity<WallLink>(link =>
    {
        link.ToTable("WallLinks");
        link.Property(row => row.Name).HasMaxLength(100);
        link.Property(row => row.MadeBy).HasMaxLength(256);
        link.Property(row => row.SecretHash).HasMaxLength(32);
        link.HasIndex(row => row.SecretHash).IsUnique();
    });
}
