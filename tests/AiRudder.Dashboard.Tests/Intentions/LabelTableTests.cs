using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Intentions;

public sealed class LabelTableTests : IDisposable
{
    private readonly TestStore store = new();
    private readonly TestClock clock = new();
    private readonly LabelTable table;

    public LabelTableTests() => table = new(store.Contexts, clock);

    private LabelKey Key(string? label, string? robot = CallBuilder.Robot) => new(store.Connection.Id, robot, label);

    [Theory]
    [InlineData("A", 1)]
    [InlineData("G", 7)]
    [InlineData("H", 1)]
    [InlineData("c", 3)]
    [InlineData("--", 0)]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    public async Task Color_WithoutMeaning_FollowsTheLetter(string? label, int color) =>
        Assert.Equal(color, (await table.ReadAsync()).Of(Key(label)).Color);

    [Fact]
    public async Task Words_RobotsOwnRow_BeforeTheConnections_BeforeAirudders()
    {
        var build = new CallBuilder(store).Meaning("A", Meaning.Refusal, "For all").Meaning("A", Meaning.RightParty, "For this robot", CallBuilder.Robot, color: 5);
        build.Call(build.Task(), build.At("2026-03-14 10:00"), call => call with { Label = "E", Description = "Unwilling\u202e" }).Save();

        var looks = await table.ReadAsync();

        Assert.Equal(("For this robot", 5, Meaning.RightParty, false), (looks.Of(Key("A")).Words, looks.Of(Key("A")).Color, looks.Of(Key("A")).Meanings, looks.Of(Key("A")).FromVendor));
        Assert.Equal(("For all", 1), (looks.Of(Key("A", "another")).Words, looks.Of(Key("A", "another")).Color));
        Assert.Equal(("Unwilling⟨U+202E⟩", true, false), (looks.Of(Key("E")).Words, looks.Of(Key("E")).FromVendor, looks.Of(Key("E")).Mapped));
        Assert.Null(looks.Of(Key("E", "another")).Words);
    }

    [Fact]
    public async Task Save_IsSeenAtOnce_AndAPromiseIsTheRightPartys()
    {
        Assert.False((await table.ReadAsync()).Of(Key("B")).Mapped);

        await table.SaveAsync(Key("B"), "Promises", 3, Meaning.Promise, null, CancellationToken.None);
        await table.SaveAsync(Key("B"), "Promises to pay", 4, Meaning.Promise, null, CancellationToken.None);

        var look = (await table.ReadAsync()).Of(Key("B"));
        Assert.Equal(("Promises to pay", 4, Meaning.Promise | Meaning.RightParty), (look.Words, look.Color, look.Meanings));
        Assert.Single((await table.ReadAsync()).Rows);
    }

    [Fact]
    public async Task Read_ChangedByAnotherNode_IsSeenAfterSomeSeconds()
    {
        await table.ReadAsync();
        new CallBuilder(store).Meaning("A", Meaning.Machine);
        Assert.False((await table.ReadAsync()).Of(Key("A")).Mapped);

        clock.Now += TimeSpan.FromSeconds(6);

        Assert.True((await table.ReadAsync()).Of(Key("A")).Mapped);
    }

    [Fact]
    public async Task Save_FromADayOn_LeavesTheDaysBeforeWithWhatItMeantThen()
    {
        var (day, before) = (new DateOnly(2026, 3, 14), new DateTimeOffset(2026, 3, 13, 16, 59, 59, TimeSpan.Zero));
        await table.SaveAsync(Key("B"), "Promises", 3, Meaning.Promise, null, CancellationToken.None);
        await table.SaveAsync(Key("B"), "Refuses", 5, Meaning.Refusal, day, CancellationToken.None);

        var looks = await table.ReadAsync();

        Assert.Equal(("Promises", Meaning.Promise | Meaning.RightParty), (looks.Of(Key("B"), before).Words, looks.Of(Key("B"), before).Meanings));
        Assert.Equal(("Refuses", Meaning.Refusal), (looks.Of(Key("B"), before.AddSeconds(1)).Words, looks.Of(Key("B"), before.AddSeconds(1)).Meanings));
        Assert.Equal("Refuses", looks.Of(Key("B")).Words);
        Assert.Equal("Refuses", looks.AsNow().Of(Key("B"), before).Words);
        Assert.Equal([before.AddSeconds(1)], looks.Changes([store.Connection.Id], DateTimeOffset.MinValue, DateTimeOffset.MaxValue));

        // Corrected on all days, nothing of the past is left.
        await table.SaveAsync(Key("B"), "Pays", 2, Meaning.AlreadyPaid, null, CancellationToken.None);
        Assert.Equal("Pays", (await table.ReadAsync()).Of(Key("B"), before).Words);
        Assert.Single((await table.ReadAsync()).All);
    }

    [Fact]
    public async Task Adopt_StarterSet_GivesOnlyLabelsTheRobotHasAndNobodyExplained()
    {
        await table.SaveAsync(Key("B"), "Ours", 3, Meaning.Refusal, null, CancellationToken.None);
        var rows = StarterSet.All[0].For(store.Connection.Id, CallBuilder.Robot, ["A", "B", "Z"]);

        await table.AdoptAsync(rows, CancellationToken.None);

        var looks = await table.ReadAsync();
        Assert.Equal(["A", "B"], looks.Rows.Select(row => row.Label).Order());
        Assert.Equal(("Promises to pay", "Ours"), (looks.Of(Key("A")).Words, looks.Of(Key("B")).Words));
        Assert.False(looks.Of(Key("A", "another")).Mapped);
    }

    public void Dispose()
    {
        table.Dispose();
        store.Dispose();
    }
}
