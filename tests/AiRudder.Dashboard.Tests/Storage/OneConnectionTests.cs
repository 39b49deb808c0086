using System.Data;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Storage;

public sealed class OneConnectionTests
{
    [Fact]
    public async Task OpenAsync_SeveralQuestions_AreAskedOfOneOpenConnection()
    {
        using var store = new TestStore();
        var db = await store.Contexts.OpenAsync(CancellationToken.None);
        var connection = db.Database.GetDbConnection();

        await db.Calls.CountAsync();
        Assert.Equal(ConnectionState.Open, connection.State);
        await db.CallTasks.CountAsync();
        Assert.Equal(ConnectionState.Open, connection.State);

        await db.DisposeAsync();
        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task OpenAsync_Cancelled_IsCancelled()
    {
        using var store = new TestStore();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Contexts.OpenAsync(new CancellationToken(canceled: true)));
    }
}
