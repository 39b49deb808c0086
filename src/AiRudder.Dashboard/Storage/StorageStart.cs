using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Storage.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage;

public static class StorageStart
{
    /// <summary>Creates or upgrades the schema. Interrupted half-way it can be repeated: each migration is one transaction.</summary>
    /// <exception cref="DataDirectoryException">Somebody replaces what is in the data directory.</exception>
    public static async Task PrepareStorageAsync(this WebApplication app)
    {
        var cancel = app.Lifetime.ApplicationStopping;
        var storage = app.Services.GetRequiredService<IOptions<StorageOptions>>().Value;
        app.Services.GetRequiredService<DataDirectory>().Share();
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<DashboardDb>>().CreateDbContextAsync(cancel);
        if (storage.Provider == StorageProvider.Sqlite)
        {
            await SqliteStart.MigrateAsync(db, storage.DataDirectory, cancel);
            await SqliteStart.MakeDurableAsync(db, cancel);
        }
        else
        {
            await db.Database.MigrateAsync(cancel);
            await SqlServerDurability.DemandAsync((SqlServerDashboardDb)db);
        }
    }
}
