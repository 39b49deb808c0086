using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AiRudder.Dashboard.Recordings;

/// <summary>
/// How a kept sound lies in its file: chunks of 64 KiB, each sealed by AES-256-GCM with the file's own key, so that any part can be
/// read without the rest. A chunk's place and whether it is the last are authenticated with it: chunks cannot be swapped, repeated,
/// taken from another file or cut off at the end. Each chunk is its nonce (12 bytes), its tag (16) and the sealed bytes.
/// </summary>
public static class SoundChunks
{
    public const int Plain = 64 * 1024;
    public const int KeyBytes = 32;
    public const int Overhead = NonceBytes + TagBytes;
    public const int Stored = Plain + Overhead;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static AesGcm Cipher(ReadOnlySpan<byte> key) => new(key, TagBytes);

    /// <summary>Seals a chunk; the nonce is new each time, because a torn chunk is written again.</summary>
    /// <returns>Bytes written to <paramref name="stored"/>.</returns>
    public static int Seal(AesGcm cipher, long index, bool last, ReadOnlySpan<byte> plain, Span<byte> stored)
    {
        var nonce = stored[..NonceBytes];
        RandomNumberGenerator.Fill(nonce);
        cipher.Encrypt(nonce, plain, stored.Slice(Overhead, plain.Length), stored.Slice(NonceBytes, TagBytes), Place(index, last, stackalloc byte[9]));
        return Overhead + plain.Length;
    }

    /// <summary>Opens a chunk.</summary>
    /// <returns>Bytes written to <paramref name="plain"/>; -1: these are not the bytes that were sealed at this place.</returns>
    public static int Open(AesGcm cipher, long index, bool last, ReadOnlySpan<byte> stored, Span<byte> plain)
    {
        if (stored.Length <= Overhead)
        {
            return -1;
        }

        try
        {
            var length = stored.Length - Overhead;
            cipher.Decrypt(stored[..NonceBytes], stored[Overhead..], stored.Slice(NonceBytes, TagBytes), plain[..length], Place(index, last, stackalloc byte[9]));
            return length;
        }
        catch (AuthenticationTagMismatchException)
        {
            return -1;
        }
    }

    /// <summary>Chunks of a sound of this many bytes.</summary>
    public static long Count(long bytes) => (bytes + Plain - 1) / Plain;

    private static Span<byte> Place(long index, bool last, Span<byte> place)
    {
        BinaryPrimitives.WriteInt64BigEndian(place, index);
        place[8] = last ? (byte)1 : (byte)0;
        return place;
    }
}
