using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiRudder.Dashboard.Storage.SqlServer;

/// <summary>The model on SQL Server: the shared store of several nodes.</summary>
public sealed class SqlServerDashboardDb(DbContextOptions<SqlServerDashboardDb> options) : DashboardDb(options)
{
    public override ITranscriptSearch Transcripts => new SqlServerTranscripts(this);

    /// <summary>Compares code units, so that vendor text groups and filters as SQLite's BINARY does.</summary>
    private const string ByteWise = "Latin1_General_100_BIN2";

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<DateTimeOffset>().HavePrecision(3);

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(LocalHours.MinutesMethod).HasTranslation(arguments => new SqlFunctionExpression(
            "DATEDIFF",
            [new SqlFragmentExpression("minute"), new SqlFragmentExpression("CAST('2000-01-03T00:00:00+00:00' AS datetimeoffset)"), arguments[0]],
            nullable: false,
            argumentsPropagateNullability: [false, false, false],
            typeof(int),
            IntTypeMapping.Default));
        foreach (var property in builder.Model.GetEntityTypes()
                     .Where(entity => entity.ClrType.Namespace is { } space && space.StartsWith("AiRudder.Dashboard", StringComparison.Ordinal) && entity.ClrType != typeof(Accounts.Account))
                     .SelectMany(entity => entity.GetProperties())
                     .Where(property => property.ClrType == typeof(string)))
        {
            property.SetCollation(ByteWise);
        }
    }
}

/// <summary>For <c>dotnet ef</c> only.</summary>
internal sealed class SqlServerDesignTimeFactory : IDesignTimeDbContextFactory<SqlServerDashboardDb>
{
    public SqlServerDashboardDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqlServerDashboardDb>().UseSqlServer("Server=design-time;Encrypt=True").Options);
}
