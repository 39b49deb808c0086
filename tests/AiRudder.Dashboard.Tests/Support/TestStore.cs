using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>A migrated store of its own, with one connection in Jakarta: SQLite in a new folder, or a new database on the SQL Server of the environment.</summary>
public sealed class TestStore : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dashboard-").FullName;
    private readonly StorageProvider provider;
    private readonly ServiceProvider services;

    /// <param name="provider">Where it is kept.</param>
    /// <param name="more">Services beside those of the storage.</param>
    /// <param name="timeZone">Of the connection.</param>
    public TestStore(StorageProvider provider = StorageProvider.Sqlite, Action<IServiceCollection, IConfiguration>? more = null, string timeZone = "Asia/Jakarta")
    {
        this.provider = provider;
        Configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings()).Build();
        var collection = new ServiceCollection().AddLogging().AddSingleton(Configuration).AddStorage(Configuration);
        more?.Invoke(collection, Configuration);
        services = collection.BuildServiceProvider();
        Contexts = services.GetRequiredService<IDbContextFactory<DashboardDb>>();
        using var db = Contexts.CreateDbContext();
        db.Database.Migrate();
        Connection = new Connection { Name = "Pinjaman Cepat", TimeZone = timeZone, Country = "ID" };
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
        if (provider == StorageProvider.SqlServer)
        {
            using var db = Contexts.CreateDbContext();
            db.Database.EnsureDeleted();
        }

        services.Dispose();
        TestSite.Delete(folder);
    }

    private Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?> { ["DataDirectory"] = folder, ["Storage:Provider"] = provider.ToString() };
        if (provider == StorageProvider.SqlServer)
        {
            settings["ConnectionStrings:Dashboard"] =
                new SqlConnectionStringBuilder(TestSqlServer.ConnectionString) { InitialCatalog = $"AiRudderTest_{Guid.NewGuid():N}" }.ConnectionString;
        }

        return settings;
    }
}
