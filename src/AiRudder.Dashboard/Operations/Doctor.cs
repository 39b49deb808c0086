using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Operations;

/// <summary>Looks at what an installation needs, one line each. Changes nothing but a counter it draws from to prove that storing works.</summary>
public static class Doctor
{
    /// <summary>Share of the disk that must be free.</summary>
    private const double LeastFree = 0.15;

    private static readonly DateTimeOffset Released = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <returns>Whether all is well.</returns>
    public static async Task<bool> RunAsync(IServiceProvider services, TextWriter output)
    {
        var storage = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var well = true;

        async Task Look(string what, Func<Task<(bool Well, string Words)>> look)
        {
            (bool Well, string Words) found;
            try
            {
                found = await look();
            }
            catch (Exception error)
            {
                found = (false, error.GetType().Name + ": " + error.Message.ReplaceLineEndings(" "));
            }

            well &= found.Well;
            await output.WriteLineAsync($"{(found.Well ? "ok   " : "WRONG")} {what,-14} {found.Words}");
        }

        await Look("configuration", () => Task.FromResult((true, $"storage {storage.Provider}, data in {storage.DataDirectory}")));
        await Look("storage", async () =>
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<DashboardDb>>().CreateDbContextAsync();
            var pending = await db.Database.GetPendingMigrationsAsync();
            if (pending.Any())
            {
                return (false, $"the schema lacks {pending.Count()} upgrades: run 'migrate', or start the server");
            }

            await db.DrawAsync(Counter.HealthChecks, 1, CancellationToken.None);
            return (true, "a durable commit works");
        });
        await Look("disk", () =>
        {
            var drive = new DriveInfo(storage.DataDirectory);
            var free = (double)drive.AvailableFreeSpace / drive.TotalSize;
            return Task.FromResult((free >= LeastFree, $"{drive.AvailableFreeSpace / 1024 / 1024:N0} MB free ({free:P0}); below {LeastFree:P0} is too little"));
        });
        await Look("clock", () =>
        {
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            return Task.FromResult((now > Released, $"{now:yyyy-MM-dd HH:mm:ss} UTC{(now > Released ? "" : ", which is before this version existed")}"));
        });
        await Look("keys", async () =>
        {
            if (storage.Provider == StorageProvider.SqlServer)
            {
                return (true, "kept in the database");
            }

            var keys = Path.Combine(storage.DataDirectory, "keys");
            var count = Directory.Exists(keys) ? Directory.EnumerateFiles(keys, "*.xml").Count() : 0;
            await using var db = await services.GetRequiredService<IDbContextFactory<DashboardDb>>().CreateDbContextAsync();
            return count == 0 && await db.Users.AnyAsync()
                ? (false, $"none in {keys} although there are people: restore them, or everybody must sign in again")
                : (true, count == 0 ? "none yet; the first start makes them" : $"{count} in {keys}");
        });
        return well;
    }
}
