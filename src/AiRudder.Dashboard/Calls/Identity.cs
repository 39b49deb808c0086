using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// What makes two records the same, as 16 bytes that .NET, SQLite and SQL Server compare alike. Text columns do not: SQL Server
/// ignores trailing blanks even under a binary collation, and lone surrogates do not survive UTF-8. A hash over the UTF-16 code
/// units does, so case, blanks, width and composed or decomposed forms all count. The first half of SHA-256 leaves the odds of
/// an accidental merge at 2^-64 for four billion calls.
/// </summary>
public static class Identity
{
    public const int Bytes = 16;

    /// <summary>Identity of a call that AIRUDDER gave an id.</summary>
    public static byte[] OfCallId(string callId) => Of("id", callId);

    /// <summary>Identity of a call without an id: task, number and how often it was dialled.</summary>
    public static byte[] OfNumber(string? taskId, string callee, string? callTimes) => Of("number", taskId ?? "", callee, callTimes ?? "");

    /// <summary>Identity of a record that names neither itself nor a number: only its own bytes tell it from others.</summary>
    public static byte[] OfContent(ReadOnlySpan<byte> element) => SHA256.HashData(element)[..Bytes];

    /// <summary>Identity of a task.</summary>
    public static byte[] OfTask(string taskId) => Of("task", taskId);

    /// <summary>Identity of a text that figures are counted by.</summary>
    public static byte[] OfTerm(params ReadOnlySpan<string> parts) => Of(["term", .. parts]);

    private static byte[] Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            // The length in front keeps ("a", "bc") and ("ab", "c") apart.
            BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        return hash.GetHashAndReset()[..Bytes];
    }
}
