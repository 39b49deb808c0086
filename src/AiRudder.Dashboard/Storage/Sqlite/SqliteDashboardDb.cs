using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>The model on SQLite: the database embedded in the product.</summary>
public sealed class SqliteDashboardDb(DbContextOptions<SqliteDashboardDb> options) : DashboardDb(options)
{
    public override ITranscriptSearch Transcripts => new SqliteTranscripts(this);

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        // EF Core cannot order or compare a DateTimeOffset in SQLite; as a number it sorts, compares and takes six bytes.
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDbFunction(LocalHours.MinutesMethod).HasTranslation(arguments => new SqlBinaryExpression(
            ExpressionType.Divide,
            new SqlBinaryExpression(ExpressionType.Subtract, arguments[0], new SqlConstantExpression(LocalHours.Origin.ToUnixTimeMilliseconds(), LongTypeMapping.Default), typeof(long), LongTypeMapping.Default),
            new SqlConstantExpression(60_000, IntTypeMapping.Default),
            typeof(int),
            IntTypeMapping.Default));
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(),
        stored => DateTimeOffset.FromUnixTimeMilliseconds(stored));
}

/// <summary>For <c>dotnet ef</c> only.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteDashboardDb>
{
    public SqliteDashboardDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDashboardDb>().UseSqlite("Data Source=design-time.db").Options);
}
