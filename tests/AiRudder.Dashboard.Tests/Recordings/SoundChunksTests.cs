using System.Security.Cryptography;
using AiRudder.Dashboard.Recordings;

namespace AiRudder.Dashboard.Tests.Recordings;

[Trait("Requirement", "P7")]
public sealed class SoundChunksTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] Words = "what was said"u8.ToArray();

    [Fact]
    public void P7_Chunk_AtItsPlace_Opens() => Assert.Equal(Words, Open(Seal(3, last: false), 3, last: false));

    [Fact]
    public void P7_Chunk_AtAnotherPlace_DoesNotOpen() => Assert.Null(Open(Seal(3, last: false), 4, last: false));

    [Fact]
    public void P7_Chunk_ThatBecomesTheLast_DoesNotOpen() => Assert.Null(Open(Seal(3, last: false), 3, last: true));

    [Fact]
    public void P7_Chunk_OfAnotherFile_DoesNotOpen()
    {
        using var other = SoundChunks.Cipher(RandomNumberGenerator.GetBytes(32));

        Assert.Equal(-1, SoundChunks.Open(other, 3, false, Seal(3, last: false), new byte[100]));
    }

    [Fact]
    public void P7_Chunk_WithOneBitTurned_DoesNotOpen()
    {
        var stored = Seal(0, last: true);
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] ^= 1;
            Assert.Null(Open(stored, 0, last: true));
            stored[i] ^= 1;
        }
    }

    [Fact]
    public void P7_SameChunk_SealedTwice_LooksDifferent() => Assert.NotEqual(Seal(0, last: true), Seal(0, last: true));

    private static byte[] Seal(long index, bool last)
    {
        using var cipher = SoundChunks.Cipher(Key);
        var stored = new byte[SoundChunks.Stored];
        return stored[..SoundChunks.Seal(cipher, index, last, Words, stored)];
    }

    private static byte[]? Open(byte[] stored, long index, bool last)
    {
        using var cipher = SoundChunks.Cipher(Key);
        var plain = new byte[100];
        return SoundChunks.Open(cipher, index, last, stored, plain) is >= 0 and var length ? plain[..length] : null;
    }
}
