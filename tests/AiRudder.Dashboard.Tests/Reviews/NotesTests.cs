using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;

namespace AiRudder.Dashboard.Tests.Reviews;

[Trait("Requirement", "T4")]
public sealed class NotesTests
{
    [Theory, OnSqlite, OnSqlServer]
    public async Task Note_NamingSomebody_IsListedForThemUntilResolved(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var call = road.Calls(1)[0];
        var notes = road.Get<Notes>();
        Assert.Null(await notes.AddAsync(call, 73.26, "@ben, please hear this (@BEN@example.com). Pay @ 5.", ReviewRoad.Ana, default));
        Assert.Null(await notes.AddAsync(call, null, "whole call, mail me at ana@example.com", ReviewRoad.Ana, default));

        var all = await notes.OfCallAsync(call, default);
        Assert.Equal([null, 73.3], all.Select(note => note.Note.Second));
        Assert.Equal("ana@example.com", all[0].Author);
        var mine = Assert.Single(await notes.MentioningAsync(ReviewRoad.Ben, default));
        Assert.Equal(["ben@example.com"], mine.Mentions);
        Assert.Empty(await notes.MentioningAsync(ReviewRoad.Ana, default));

        await notes.ResolveAsync(mine.Note.Id, true, ReviewRoad.Ben, default);
        Assert.Empty(await notes.MentioningAsync(ReviewRoad.Ben, default));
        await notes.ResolveAsync(mine.Note.Id, false, ReviewRoad.Ben, default);
        Assert.Single(await notes.MentioningAsync(ReviewRoad.Ben, default));
    }

    [Theory]
    [InlineData("@nobody look", "Nobody here is called @nobody.")]
    [InlineData("@eve look", "Several people are called @eve: write the whole address, like @eve@")]
    [InlineData(" ", "A note has 1 to 2")]
    public async Task Note_ThatWouldReachNobody_IsRefusedInWords(string text, string sentence)
    {
        using var road = new ReviewRoad();
        Assert.StartsWith(sentence, await road.Get<Notes>().AddAsync(road.Calls(1)[0], 1, text, ReviewRoad.Ana, default), StringComparison.Ordinal);
    }

    [Theory, OnSqlite, OnSqlServer]
    public async Task Note_OfSomebodyElse_CanNeitherBeChangedNorDeleted(StorageProvider provider)
    {
        using var road = new ReviewRoad(provider);
        var call = road.Calls(1)[0];
        var notes = road.Get<Notes>();
        await notes.AddAsync(call, 5, "@ben mine", ReviewRoad.Ana, default);
        var id = Assert.Single(await notes.OfCallAsync(call, default)).Note.Id;

        Assert.Equal("Only its author can change a note.", await notes.ChangeAsync(id, "yours", ReviewRoad.Ben, default));
        Assert.False(await notes.DeleteAsync(id, ReviewRoad.Ben, default));
        Assert.Null(await notes.ChangeAsync(id, "nobody named", ReviewRoad.Ana, default));
        Assert.Empty(await notes.MentioningAsync(ReviewRoad.Ben, default));
        Assert.True(await notes.DeleteAsync(id, ReviewRoad.Ana, default));
        Assert.Empty(await notes.OfCallAsync(call, default));
    }
}
