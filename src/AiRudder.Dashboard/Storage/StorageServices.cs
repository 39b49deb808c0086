using AiRudder.Dashboard.Storage.Sqlite;
using AiRudder.Dashboard.Storage.SqlServer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Storage;

public static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var options = Read(configuration);
        services.AddSingleton(Options.Create(options));
        switch (options.Provider)
        {
            case StorageProvider.Sqlite:
                services.AddSingleton<SqlitePragmas>();
                services.AddDbContextFactory<SqliteDashboardDb>((provider, db) => db
                    .UseSqlite(options.ConnectionString)
                    .ConfigureWarnings(SayNothingOfHiddenCalls)
                    .AddInterceptors(provider.GetRequiredService<SqlitePragmas>()));
                services.AddSingleton<IDbContextFactory<DashboardDb>, Factory<SqliteDashboardDb>>();
                services.AddSingleton<IBulkWrite, SqliteBulkWrite>();
                break;
            case StorageProvider.SqlServer:
                services.AddDbContextFactory<SqlServerDashboardDb>(db => db.UseSqlServer(options.ConnectionString).ConfigureWarnings(SayNothingOfHiddenCalls));
                services.AddSingleton<IDbContextFactory<DashboardDb>, Factory<SqlServerDashboardDb>>();
                services.AddSingleton<IBulkWrite, SqlServerBulkWrite>();
                break;
            default:
                throw new InvalidOperationException($"Storage:Provider {options.Provider} has no context.");
        }

        // Identity's stores ask for the context itself, in a scope of their own.
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<DashboardDb>>().CreateDbContext());
        services.AddSingleton<WriteGate>();
        services.AddSingleton<DataDirectory>();
        return services;
    }

    /// <summary>A hidden call's details are only ever reached through the call, so that its filter covers them.</summary>
    private static void SayNothingOfHiddenCalls(WarningsConfigurationBuilder warnings) =>
        warnings.Ignore(CoreEventId.PossibleIncorrectRequiredNavigationWithQueryFilterInteractionWarning);

    public static StorageOptions Read(IConfiguration configuration)
    {
        var options = new StorageOptions();
        configuration.GetSection("Storage").Bind(options);
        options.DataDirectory = Path.GetFullPath(configuration["DataDirectory"] ?? options.DataDirectory);
        options.ConnectionString = configuration.GetConnectionString("Dashboard") is { Length: > 0 } given
            ? given
            : new SqliteConnectionStringBuilder { DataSource = Path.Combine(options.DataDirectory, "dashboard.db") }.ToString();
        return options;
    }

    private sealed class Factory<TContext>(IDbContextFactory<TContext> inner) : IDbContextFactory<DashboardDb>
        where TContext : DashboardDb
    {
        public DashboardDb CreateDbContext() => inner.CreateDbContext();
    }
}
