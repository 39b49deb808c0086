using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Calls;

public sealed class SavedViewsTests
{
    private static readonly ClaimsPrincipal Rani = Person("rani", Role.Supervisor);
    private static readonly ClaimsPrincipal Budi = Person("budi", Role.Qa);

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task Views_OwnAndShared_AreSeenByWhomTheyAreMeantFor(StorageProvider provider)
    {
        using var store = new TestStore(provider);
        var views = Views(store);

        Assert.Null(await views.KeepAsync(Rani, " Promises ", "?meaning=Promise", "started,number", default));
        Assert.Null(await views.KeepAsync(Rani, "Long", "?minDuration=60&sort=-duration", null, default));
        Assert.Null(await views.KeepAsync(Budi, "Mine", "?label=A", null, default));
        var promises = (await views.ListAsync(Rani, default)).Single(view => view.Name == "Promises");
        Assert.Equal(["Mine"], (await views.ListAsync(Budi, default)).Select(view => view.Name));

        Assert.Null(await views.ShareAsync(Rani, promises.Id, shared: true, default));

        Assert.Equal(["Mine", "Promises"], (await views.ListAsync(Budi, default)).Select(view => view.Name));
        Assert.Equal(("?meaning=Promise", "started,number"), (promises.Query, promises.Columns));
    }

    [Theory]
    [OnSqlite]
    [OnSqlServer]
    public async Task S4_Views_OfSomebodyElse_CanNeitherBeChangedNorDeletedNorSharedWithoutTheRight(StorageProvider provider)
    {
        using var store = new TestStore(provider);
        var views = Views(store);
        await views.KeepAsync(Rani, "Hers", "", null, default);
        await views.KeepAsync(Budi, "His", "", null, default);
        var (hers, his) = ((await views.ListAsync(Rani, default))[0], (await views.ListAsync(Budi, default))[0]);
        await views.ShareAsync(Rani, hers.Id, shared: true, default);

        Assert.NotNull(await views.RenameAsync(Budi, hers.Id, "Mine now", default));
        Assert.NotNull(await views.DeleteAsync(Budi, hers.Id, default));
        Assert.NotNull(await views.ShareAsync(Rani, his.Id, shared: true, default));
        Assert.NotNull(await views.ShareAsync(Budi, his.Id, shared: true, default));

        Assert.Equal(["Hers"], (await views.ListAsync(Rani, default)).Select(view => view.Name));
    }

    [Fact]
    public async Task Views_RenameReplaceDelete_DoWhatTheySay()
    {
        using var store = new TestStore();
        var views = Views(store);
        await views.KeepAsync(Rani, "One", "?label=A", null, default);
        var one = (await views.ListAsync(Rani, default))[0];
        await views.OpenWithAsync(Rani, one.Id, default);

        await views.KeepAsync(Rani, "One", "?label=B", null, default);
        Assert.Equal("?label=B", Assert.Single(await views.ListAsync(Rani, default)).Query);
        Assert.Null(await views.RenameAsync(Rani, one.Id, "Two", default));
        Assert.Equal("Two", (await views.ChoiceAsync(Rani, default)).Default?.Name);
        Assert.NotNull(await views.RenameAsync(Rani, one.Id, "  ", default));
        Assert.NotNull(await views.KeepAsync(Rani, new string('x', 81), "", null, default));

        Assert.Null(await views.DeleteAsync(Rani, one.Id, default));
        Assert.Empty(await views.ListAsync(Rani, default));
        Assert.Null((await views.ChoiceAsync(Rani, default)).Choice.DefaultView);
    }

    [Fact]
    public async Task Choice_DefaultThatIsNotSharedAnyMore_IsNone()
    {
        using var store = new TestStore();
        var views = Views(store);
        await views.KeepAsync(Rani, "Hers", "?label=A", null, default);
        var hers = (await views.ListAsync(Rani, default))[0];
        await views.ShareAsync(Rani, hers.Id, shared: true, default);
        await views.OpenWithAsync(Budi, hers.Id, default);
        Assert.Equal("Hers", (await views.ChoiceAsync(Budi, default)).Default?.Name);

        await views.ShareAsync(Rani, hers.Id, shared: false, default);

        Assert.Null((await views.ChoiceAsync(Budi, default)).Default);
    }

    [Fact]
    public async Task Columns_OfAPerson_AreRememberedForThemAlone()
    {
        using var store = new TestStore();
        var views = Views(store);

        await views.ShowColumnsAsync(Rani, "started,number,callId", default);
        await views.ShowColumnsAsync(Rani, "started,callId", default);

        Assert.Equal("started,callId", (await views.ChoiceAsync(Rani, default)).Choice.Columns);
        Assert.Null((await views.ChoiceAsync(Budi, default)).Choice.Columns);
    }

    [Theory]
    [InlineData(null, "started,number,task,intention,talk,rang,ringType,hungUp,transfer,found,recording", true)]
    [InlineData("callId,started", "started,callId", true)]
    [InlineData("started,nonsense", "started,number,task,intention,talk,rang,ringType,hungUp,transfer,found,recording", false)]
    public void CallColumns_Parse_KeepsOurOrderAndRefusesWhatIsNone(string? keys, string columns, bool fine)
    {
        var (parsed, error) = CallColumns.Parse(keys);

        Assert.Equal(columns, CallColumns.Keys(parsed));
        Assert.Equal(fine, error is null);
    }

    private static SavedViews Views(TestStore store) => new(store.Contexts, store.Services.GetRequiredService<WriteGate>(), new TestClock());

    private static ClaimsPrincipal Person(string id, Role role) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id), new Claim(ClaimTypes.Role, role.ToString())], "test"));
}
