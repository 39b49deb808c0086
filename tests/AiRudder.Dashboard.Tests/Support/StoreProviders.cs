using System.Reflection;
using AiRudder.Dashboard.Storage;
using Xunit.Sdk;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>The server that storage tests use when the environment names one.</summary>
public static class TestSqlServer
{
    /// <summary>Environment variable with a connection string whose login may make and drop databases.</summary>
    public const string Variable = "AIRUDDER_TEST_SQLSERVER";

    public static string? ConnectionString => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    public static string? WhySkipped => ConnectionString is null ? $"needs a SQL Server: set {Variable} to its connection string" : null;
}

/// <summary>A test that needs a real SQL Server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqlServerFactAttribute : FactAttribute
{
    public SqlServerFactAttribute() => Skip = TestSqlServer.WhySkipped;
}

/// <summary>Runs the theory on SQLite.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnSqliteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[StorageProvider.Sqlite]];
}

/// <summary>Runs the theory on SQL Server, or shows it as skipped with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnSqlServerAttribute : DataAttribute
{
    public OnSqlServerAttribute() => Skip = TestSqlServer.WhySkipped;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[StorageProvider.SqlServer]];
}
