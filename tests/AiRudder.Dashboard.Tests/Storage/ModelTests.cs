using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Storage.SqlServer;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AiRudder.Dashboard.Tests.Storage;

[Trait("Requirement", "T4")]
public sealed class ModelTests
{
    [Fact]
    public void Sqlite_Model_HasNoPendingChanges()
    {
        using var store = new TestStore();
        using var db = store.Contexts.CreateDbContext();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void SqlServer_Model_HasNoPendingChanges()
    {
        using var db = new SqlServerRecorder().CreateDbContext();

        Assert.False(db.Database.HasPendingModelChanges());
    }

    [Fact]
    public void SqlServer_MigrationScript_Parses()
    {
        using var db = new SqlServerRecorder().CreateDbContext();
        var script = db.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        Assert.Contains("CREATE TABLE [Calls]", script, StringComparison.Ordinal);
        TSql.AssertParses(script);
    }

    [Fact]
    public void SqlServer_Migrations_AreAsManyAsSqlites()
    {
        using var store = new TestStore();
        using var sqlite = store.Contexts.CreateDbContext();
        using var server = new SqlServerRecorder().CreateDbContext();

        Assert.Equal(Names(sqlite), Names(server));

        static IEnumerable<string> Names(DashboardDb db) => db.Database.GetMigrations().Select(name => name.Split('_', 2)[1]);
    }

    /// <summary>Text columns that vendor's values are grouped by must compare code units, as SQLite's do.</summary>
    [Fact]
    [Trait("Requirement", "D6")]
    public void D6_SqlServer_TextOfTheVendor_ComparesByteWise()
    {
        using var db = new SqlServerRecorder().CreateDbContext();
        var model = db.GetService<IDesignTimeModel>().Model;
        var text = model.GetEntityTypes().Where(type => type.ClrType.Namespace!.StartsWith("AiRudder.Dashboard.Calls", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties()).Where(property => property.ClrType == typeof(string)).ToList();

        Assert.NotEmpty(text);
        Assert.All(text, property => Assert.Equal("Latin1_General_100_BIN2", property.GetCollation()));
    }

    /// <summary>SqlClient throws here when the stand-in for its missing dependency is missing too.</summary>
    [Fact]
    public void SqlClient_Parameter_HasItsType() => Assert.Equal(System.Data.SqlDbType.Int, new SqlParameter("@p", 1).SqlDbType);

    [Fact]
    public void SqlServer_Context_IsTheOneOfTheProduct() => Assert.IsType<SqlServerDashboardDb>(((IDbContextFactory<DashboardDb>)new SqlServerRecorder()).CreateDbContext());
}
