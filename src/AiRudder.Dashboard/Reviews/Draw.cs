using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AiRudder.Dashboard.Reviews;

/// <summary>
/// Chance that can be repeated by anybody with a SHA-256: every call of the frame gets the first eight bytes of
/// SHA-256("seed:id") as its lot, and the lowest lots are drawn. Neither the order of the frame nor any library's generator matters.
/// </summary>
public static class Draw
{
    /// <summary>Of these ids the <paramref name="count"/> with the lowest lots, ascending by id; all when there are fewer.</summary>
    public static IReadOnlyList<long> Lowest(string seed, IReadOnlyCollection<long> frame, int count)
    {
        // A heap of the lowest so far, the highest of them on top: a frame of a million is walked once.
        var lowest = new PriorityQueue<long, (ulong Lot, long Id)>(Comparer<(ulong Lot, long Id)>.Create((a, b) => b.CompareTo(a)));
        foreach (var id in frame)
        {
            var lot = (Lot(seed, id), id);
            if (lowest.Count < count)
            {
                lowest.Enqueue(id, lot);
            }
            else if (count > 0)
            {
                lowest.EnqueueDequeue(id, lot);
            }
        }

        return [.. lowest.UnorderedItems.Select(item => item.Element).Order()];
    }

    /// <summary>Whether an id is among so many percent, decided by its lot alone.</summary>
    public static bool InShare(string seed, long id, int percent) => Lot(seed, id) % 10_000 < (ulong)percent * 100;

    /// <summary>How many to draw from each stratum. What a stratum cannot give is not taken from others: it is said instead.</summary>
    /// <param name="allocation">By size or alike.</param>
    /// <param name="sizes">Frame of each stratum.</param>
    /// <param name="wanted">Calls asked for in all.</param>
    public static IReadOnlyList<int> Allocate(Allocation allocation, IReadOnlyList<int> sizes, int wanted)
    {
        if (sizes.Count == 0)
        {
            return [];
        }

        if (allocation == Allocation.Equal)
        {
            return [.. sizes.Select((_, i) => (wanted / sizes.Count) + (i < wanted % sizes.Count ? 1 : 0))];
        }

        // Largest remainders, so that the parts add up; ties go to the earlier stratum.
        var all = sizes.Sum(size => (long)size);
        var parts = sizes.Select((size, i) => (Index: i, Whole: (int)(wanted * (long)size / all), Remainder: wanted * (long)size % all)).ToList();
        var left = wanted - parts.Sum(part => part.Whole);
        var more = parts.OrderByDescending(part => part.Remainder).ThenBy(part => part.Index).Take(left).Select(part => part.Index).ToHashSet();
        return [.. parts.Select(part => part.Whole + (more.Contains(part.Index) ? 1 : 0))];
    }

    /// <summary>A call's lot under a seed.</summary>
    public static ulong Lot(string seed, long id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{seed}:{id}")), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
