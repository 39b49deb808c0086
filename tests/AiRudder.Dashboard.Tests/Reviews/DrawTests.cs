using AiRudder.Dashboard.Reviews;

namespace AiRudder.Dashboard.Tests.Reviews;

public sealed class DrawTests
{
    [Fact]
    public void Lowest_OfAnyFrameInAnyOrder_IsTheSameDraw()
    {
        for (var round = 0; round < 200; round++)
        {
            var random = new Random(round);
            var frame = Enumerable.Range(0, random.Next(0, 400)).Select(_ => (long)random.Next(1, 100_000)).Distinct().ToList();
            var (seed, count) = ($"seed {random.Next(50)}", random.Next(0, 450));

            var drawn = Draw.Lowest(seed, frame, count);
            var shuffled = frame.ToArray();
            random.Shuffle(shuffled);

            Assert.Equal(drawn, Draw.Lowest(seed, shuffled, count));
            Assert.Equal(Math.Min(count, frame.Count), drawn.Count);
            Assert.Subset(frame.ToHashSet(), drawn.ToHashSet());
            Assert.Equal(drawn, frame.OrderBy(id => Draw.Lot(seed, id)).ThenBy(id => id).Take(count).Order());
        }
    }

    /// <summary>Worked out apart from this code: anybody with a SHA-256 can check a draw.</summary>
    [Fact]
    public void Lot_IsTheFirstEightBytesOfTheHash() =>
        Assert.Equal(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(System.Security.Cryptography.SHA256.HashData("november:42"u8)), Draw.Lot("november", 42));

    [Fact]
    public void Lowest_EveryCall_IsDrawnAboutAsOften()
    {
        var times = new int[20];
        for (var seed = 0; seed < 2000; seed++)
        {
            foreach (var id in Draw.Lowest($"{seed}", [.. Enumerable.Range(1, 20).Select(id => (long)id)], 5))
                times[id - 1]++;
        }

        // 500 expected; six standard deviations are 116.
        Assert.All(times, count => Assert.InRange(count, 384, 616));
    }

    [Fact]
    public void Allocate_ByShare_AddsUpAndFollowsTheSizes()
    {
        for (var round = 0; round < 200; round++)
        {
            var random = new Random(round);
            var sizes = Enumerable.Range(0, random.Next(1, 30)).Select(_ => random.Next(1, 5000)).ToList();
            var wanted = random.Next(1, sizes.Sum() + 1);

            var parts = Draw.Allocate(Allocation.Proportional, sizes, wanted);

            Assert.Equal(wanted, parts.Sum());
            Assert.All(parts.Zip(sizes), pair => Assert.InRange(pair.First - ((double)wanted * pair.Second / sizes.Sum()), -1, 1));
            Assert.All(parts.Zip(sizes), pair => Assert.True(pair.First <= pair.Second));
        }
    }

    [Fact]
    public void Allocate_Equal_GivesEachTheSame() => Assert.Equal([4, 3, 3], Draw.Allocate(Allocation.Equal, [100, 2, 50], 10));

    [Fact]
    public void FrameIds_Packed_UnpackToTheSame()
    {
        for (var round = 0; round < 50; round++)
        {
            var random = new Random(round);
            var ids = Enumerable.Range(0, random.Next(0, 3000)).Select(_ => random.NextInt64(1, round % 2 == 0 ? 5000 : long.MaxValue)).Distinct().Order().ToList();

            Assert.Equal(ids, FrameIds.Unpack(FrameIds.Pack(ids)));
        }
    }

    [Fact]
    public void FrameIds_Fingerprint_ChangesWithAnyId() => Assert.NotEqual(FrameIds.Fingerprint([1, 2, 3]), FrameIds.Fingerprint([1, 2, 4]));

    [Fact]
    public void InShare_OfManyIds_IsThatShare()
    {
        Assert.InRange(Enumerable.Range(1, 10_000).Count(id => Draw.InShare("rule 1", id, 10)), 850, 1150);
        Assert.All(Enumerable.Range(1, 100), id => Assert.True(Draw.InShare("x", id, 100)));
        Assert.All(Enumerable.Range(1, 100), id => Assert.False(Draw.InShare("x", id, 0)));
    }
}
