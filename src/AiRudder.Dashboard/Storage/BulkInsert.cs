using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AiRudder.Dashboard.Storage;

/// <summary>Writes many new rows inside the context's open transaction, without tracking them.</summary>
public interface IBulkInsert
{
    Task InsertAsync<TRow>(DashboardDb db, IReadOnlyCollection<TRow> rows, CancellationToken cancel)
        where TRow : class;
}

/// <summary>A table as the model maps it: where the bulk inserts of both providers get names and values from.</summary>
internal sealed class BulkTable
{
    private static readonly ConcurrentDictionary<IEntityType, BulkTable> Known = new();

    private BulkTable(IEntityType type)
    {
        Name = type.GetTableName()!;
        Columns =
        [
            .. type.GetProperties().Select(property => new BulkColumn(
                property.GetColumnName(),
                property.GetTypeMapping().Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType,
                property)),
        ];
    }

    public string Name { get; }

    public IReadOnlyList<BulkColumn> Columns { get; }

    public static BulkTable Of<TRow>(DbContext db) => Known.GetOrAdd(db.Model.FindEntityType(typeof(TRow))!, type => new BulkTable(type));
}

internal sealed class BulkColumn(string name, Type type, IProperty property)
{
    private readonly IClrPropertyGetter getter = property.GetGetter();
    private readonly Func<object?, object?>? convert = property.GetTypeMapping().Converter?.ConvertToProvider;

    public string Name { get; } = name;

    public Type Type { get; } = type;

    /// <summary>The value as the provider stores it.</summary>
    public object Read(object row)
    {
        var value = getter.GetClrValue(row);
        return (value is null || convert is null ? value : convert(value)) ?? DBNull.Value;
    }
}
