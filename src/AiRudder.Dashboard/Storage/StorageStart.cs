using AiRudder.Dashboard.Storage.SqlServer;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage;

public static class StorageStart
{
    /// <summary>Creates or upgrades the schema. Interrupted half-way it can be repeated: each migration is one transaction.</summary>
    public static async Task PrepareStorageAsync(this WebApplication app)
    {
        Directory.CreateDirectory(app.Services.GetRequiredService<IOptions<StorageOptions>>().Value.DataDirectory);
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<DashboardDb>>().CreateDbContextAsync();
        await db.Database.MigrateAsync();
        if (db is SqlServerDashboardDb server)
        {
            await SqlServerDurability.DemandAsync(server);
        }
    }
}
