using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Opens <c>/setup</c> once. Only its hash is held, only in memory, and another one is made at each start.</summary>
public sealed class SetupSecret
{
    private byte[]? hash;

    /// <summary>A new secret of 256 bits; an earlier one no longer opens anything.</summary>
    public string Renew()
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        Volatile.Write(ref hash, Hash(secret));
        return secret;
    }

    public bool Matches(string? secret) =>
        Volatile.Read(ref hash) is { } known && secret is not null && CryptographicOperations.FixedTimeEquals(known, Hash(secret));

    /// <summary>True for the one caller who may use it.</summary>
    public bool Spend(string? secret) => Matches(secret) && Interlocked.Exchange(ref hash, null) is not null;

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
