using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Storage;

/// <summary>Readings that ask several questions.</summary>
public static class OneConnection
{
    /// <summary>
    /// A context whose connection stays open until it is disposed. Left to itself it opens one for each question, and SQLite is taught its
    /// settings and the provider's functions anew each time: ten short questions took 1.9 ms so, and take 0.8 ms.
    /// </summary>
    public static async Task<DashboardDb> OpenAsync(this IDbContextFactory<DashboardDb> contexts, CancellationToken cancel)
    {
        var db = await contexts.CreateDbContextAsync(cancel);
        try
        {
            await db.Database.OpenConnectionAsync(cancel);
            return db;
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }
}
