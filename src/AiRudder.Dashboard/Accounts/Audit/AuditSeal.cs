using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace AiRudder.Dashboard.Accounts.Audit;

/// <summary>
/// Seals entries with a key of its own. The key lies in the log's first entry, itself sealed with the data-protection keys: who can
/// write into the database alone cannot make a seal.
/// </summary>
internal sealed class AuditSeal(byte[] key)
{
    private const string Purpose = "AiRudder.Dashboard.Audit";

    public static (AuditSeal Seal, string Kept) New(IDataProtectionProvider protection)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        return (new AuditSeal(key), Convert.ToBase64String(protection.CreateProtector(Purpose).Protect(key)));
    }

    /// <exception cref="CryptographicException">The keys of this server are not those it was made with.</exception>
    public static AuditSeal Open(IDataProtectionProvider protection, string kept) => new(protection.CreateProtector(Purpose).Unprotect(Convert.FromBase64String(kept)));

    public byte[] Of(AuditEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8))
        {
            writer.Write(entry.Previous);
            writer.Write(entry.Id);
            writer.Write(entry.At.ToUnixTimeMilliseconds());
            foreach (var text in new[] { entry.Who, entry.Action.ToString(), entry.Target, entry.Detail, entry.Source, entry.Session, entry.Outcome.ToString() })
            {
                // Each with its length, and nothing apart from the empty text.
                writer.Write(text is not null);
                writer.Write(text ?? "");
            }
        }

        return HMACSHA256.HashData(key, bytes.ToArray());
    }

    public bool Fits(AuditEntry entry) => CryptographicOperations.FixedTimeEquals(Of(entry), entry.Seal);
}
