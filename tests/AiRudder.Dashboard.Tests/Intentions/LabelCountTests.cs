using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;

namespace AiRudder.Dashboard.Tests.Intentions;

public sealed class LabelCountTests
{
    private static readonly LabelLooks Looks = new(
        [
            new() { ConnectionId = 1, RobotHash = "r1", Label = "A", Words = "Promises", Color = 2 },
            new() { ConnectionId = 1, RobotHash = "r2", Label = "A", Words = "Promises", Color = 2 },
            new() { ConnectionId = 1, RobotHash = null, Label = "A", Words = "Interested", Color = 3 },
        ],
        new Dictionary<LabelKey, string>());

    private static IReadOnlyList<LabelCount> From(params (string? Robot, string? Label, long Count)[] counts) =>
        LabelCount.From(counts.Select(row => KeyValuePair.Create(new LabelKey(1, row.Robot, row.Label), row.Count)), Looks);

    [Fact]
    public void Narrow_LetterOfRobotsThatMeanDifferently_NamesTheRobots()
    {
        var counts = From(("r1", "A", 5), ("r2", "A", 4), ("r3", "A", 3), (null, "A", 2), (null, null, 1), ("r1", null, 1));

        Assert.Equal([("A", "r1,r2", 9), ("A", "r3,--", 5), (null, null, 2)], counts.Select(count => (count.Look.Label, count.Robot, count.Count)));
        Assert.Equal(new CallFilter { Label = "A", Robot = "r1,r2", Connected = true }, counts[0].Narrow(new()));
        Assert.Equal(new CallFilter { Label = CallFilter.NoLabel, Connected = true }, counts[2].Narrow(new()));
    }

    [Fact]
    public void Narrow_AllRobotsMeanTheSame_NamesNone() => Assert.Null(From(("r1", "A", 5), ("r2", "A", 4))[0].Robot);
}
