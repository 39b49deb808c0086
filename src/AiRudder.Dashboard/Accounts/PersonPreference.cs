using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Accounts;

/// <summary>How a person likes to work, on whatever machine: one short value under a name.</summary>
public sealed class PersonPreference
{
    public const int NameLength = 64;
    public const int ValueLength = 200;

    public required string AccountId { get; set; }

    public required string Name { get; set; }

    public required string Value { get; set; }

    // No foreign key: the key of accounts has the collation of its framework, ours compare byte for byte, and SQL Server ties no knot between the two.
    internal static void Configure(ModelBuilder builder) => builder.Entity<PersonPreference>(preference =>
    {
        preference.HasKey(row => new { row.AccountId, row.Name });
        preference.Property(row => row.AccountId).HasMaxLength(200);
        preference.Property(row => row.Name).HasMaxLength(NameLength);
        preference.Property(row => row.Value).HasMaxLength(ValueLength);
    });
}
