using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Ids of a stratum's frame as bytes: the steps between ascending ids in seven-bit groups, deflated. A million of them take about a megabyte.</summary>
public static class FrameIds
{
    /// <param name="ascending">Each id once, in order.</param>
    public static byte[] Pack(IEnumerable<long> ascending)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var last = 0L;
            Span<byte> group = stackalloc byte[10];
            foreach (var id in ascending)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(id, last);
                var step = (ulong)(id - last);
                last = id;
                var length = 0;
                for (; step >= 0x80; step >>= 7)
                {
                    group[length++] = (byte)(step | 0x80);
                }

                group[length++] = (byte)step;
                deflate.Write(group[..length]);
            }
        }

        return packed.ToArray();
    }

    public static List<long> Unpack(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using (var inflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            inflate.CopyTo(unpacked);
        }

        var ids = new List<long>();
        var (last, step, shift) = (0L, 0UL, 0);
        foreach (var part in unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length))
        {
            step |= (ulong)(part & 0x7f) << shift;
            shift += 7;
            if (part < 0x80)
            {
                last += (long)step;
                ids.Add(last);
                (step, shift) = (0, 0);
            }
        }

        return ids;
    }

    /// <summary>SHA-256 over the ids as big-endian 64-bit numbers: two frames are the same exactly when this is.</summary>
    public static string Fingerprint(IEnumerable<long> ascending)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (var id in ascending)
        {
            BinaryPrimitives.WriteInt64BigEndian(number, id);
            hash.AppendData(number);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
