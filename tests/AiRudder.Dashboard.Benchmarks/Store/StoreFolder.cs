using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>A data directory, opened with the product's own storage.</summary>
internal sealed class StoreFolder : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private StoreFolder(string path)
    {
        Path = path;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["DataDirectory"] = path }).Build();
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddStorage(configuration)
            .AddSingleton<LabelTable>()
            .BuildServiceProvider();
    }

    public string Path { get; }

    public string File => System.IO.Path.Combine(Path, "dashboard.db");

    public IDbContextFactory<DashboardDb> Contexts => services.GetRequiredService<IDbContextFactory<DashboardDb>>();

    public IBulkWrite Bulk => services.GetRequiredService<IBulkWrite>();

    public LabelTable Labels => services.GetRequiredService<LabelTable>();

    /// <summary>Makes the schema where there is none.</summary>
    public static async Task<StoreFolder> OpenAsync(string path)
    {
        Directory.CreateDirectory(path);
        var folder = new StoreFolder(path);
        await using var db = await folder.Contexts.CreateDbContextAsync();
        await db.Database.MigrateAsync();
        return folder;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
