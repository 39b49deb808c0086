using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AiRudder.Dashboard.Storage;

/// <summary>Writes many rows inside the context's open transaction, without tracking them.</summary>
public interface IBulkWrite
{
    Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class;

    /// <summary>Writes every column of rows that are there already; found by their key.</summary>
    Task UpdateAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class;

    /// <summary>
    /// Adds the rows' numbers to those stored under the same key, or stores the row when there is none. Columns of type long are numbers to be
    /// added, the key is the primary key, and all other columns keep what they had.
    /// </summary>
    Task AddUpAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class;
}

/// <summary>A table as the model maps it: where the bulk writers of both providers get names and values from.</summary>
public sealed class BulkTable
{
    private static readonly ConcurrentDictionary<IEntityType, BulkTable> Known = new();

    private BulkTable(IEntityType type)
    {
        Name = type.GetTableName()!;
        Columns =
        [
            .. type.GetProperties().Where(property => property.GetComputedColumnSql() is null).Select(property => new BulkColumn(
                property.GetColumnName(),
                property.GetTypeMapping().Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType,
                property)),
        ];
        Keys = [.. Columns.Where(column => column.IsKey)];
        Sums = [.. Columns.Where(column => !column.IsKey && column.Type == typeof(long))];
    }

    public string Name { get; }

    public IReadOnlyList<BulkColumn> Columns { get; }

    public IReadOnlyList<BulkColumn> Keys { get; }

    /// <summary>Numbers that can be added up.</summary>
    public IReadOnlyList<BulkColumn> Sums { get; }

    public static BulkTable Of<TRow>(DbContext db) => Of(db.Model.FindEntityType(typeof(TRow))!);

    public static BulkTable Of(IEntityType type) => Known.GetOrAdd(type, it => new BulkTable(it));
}

public sealed class BulkColumn(string name, Type type, IProperty property)
{
    public bool IsKey { get; } = property.IsPrimaryKey();

    private readonly IClrPropertyGetter getter = property.GetGetter();
    private readonly Func<object?, object?>? convert = property.GetTypeMapping().Converter?.ConvertToProvider;

    public string Name { get; } = name;

    public Type Type { get; } = type;

    /// <summary>The type as the provider names it.</summary>
    public string StoreType { get; } = property.GetColumnType();

    /// <summary>The value as the provider stores it.</summary>
    public object Read(object row)
    {
        var value = getter.GetClrValue(row);
        return (value is null || convert is null ? value : convert(value)) ?? DBNull.Value;
    }
}
