using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>How many of what a store holds.</summary>
internal sealed record StoreSize(int Calls, int Dials, int Tasks)
{
    public static async Task<StoreSize> OfAsync(StoreFolder store)
    {
        await using var db = await store.Contexts.CreateDbContextAsync();
        return new(await db.Calls.CountAsync(), await db.Attempts.CountAsync(), await db.CallTasks.CountAsync());
    }
}
