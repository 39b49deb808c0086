using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>A migrated SQLite store in a folder of its own, with one connection in Jakarta.</summary>
public sealed class TestStore : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
    private readonly ServiceProvider services;

    public TestStore()
    {
        Configuration = new ConfigurationBuilder().AddInMemoryCollection([new("DataDirectory", folder)]).Build();
        services = new ServiceCollection().AddLogging().AddStorage(Configuration).BuildServiceProvider();
        Contexts = services.GetRequiredService<IDbContextFactory<DashboardDb>>();
        using var db = Contexts.CreateDbContext();
        db.Database.Migrate();
        Connection = new Connection { Name = "Pinjaman Cepat", TimeZone = "Asia/Jakarta", Country = "ID" };
        db.Add(Connection);
        db.SaveChanges();
    }

    public string Folder => folder;

    public IConfiguration Configuration { get; }

    public IServiceProvider Services => services;

    public IDbContextFactory<DashboardDb> Contexts { get; }

    public Connection Connection { get; }

    public void Dispose()
    {
        services.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
