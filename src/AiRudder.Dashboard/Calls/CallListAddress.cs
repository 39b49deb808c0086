using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace AiRudder.Dashboard.Calls;

/// <summary>What the address of the calls page says: everything the page shows can be read back from it.</summary>
public sealed class CallListAddress
{
    private readonly Dictionary<string, StringValues> values;

    public CallListAddress(string uri)
    {
        values = QueryHelpers.ParseQuery(new Uri(uri).Query);
        var (filter, errors) = CallFilter.Parse(values);
        var (sort, sortError) = CallSort.Parse(Value("sort"));
        var (cursor, cursorError) = CallCursor.Parse(Value("cursor"), sort);
        (Filter, Sort, Cursor) = (filter, sort, cursor);
        var (columns, columnsError) = CallColumns.Parse(Value("columns"));
        Columns = Value("columns") is null ? null : columns;
        Errors = [.. errors, .. new[] { sortError, cursorError, columnsError }.OfType<string>()];
    }

    public CallFilter Filter { get; }

    public CallSort Sort { get; }

    public CallCursor? Cursor { get; }

    public IReadOnlyList<string> Errors { get; }

    /// <summary>Columns that the address names; null when it names none.</summary>
    public IReadOnlyList<CallColumn>? Columns { get; }

    /// <summary>Our id of the call that is shown beside the list; null for none.</summary>
    public long? Call => Value("call") is { } id ? CallEndpoints.Id(id) : null;

    /// <summary>Filter and order alone: the same list wherever one stands in it.</summary>
    public string Plain => Query(("call", null), ("view", null), ("columns", null));

    /// <summary>All that decides which rows are shown.</summary>
    public string Rows => Query(("call", null), ("view", null), ("columns", null), ("cursor", Value("cursor")));

    public string? Value(string name) => values.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The same address with some values changed; null takes one away. The place in the list is only kept when it is named.</summary>
    public string Query(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var kept = values.Where(pair => pair.Key != "cursor").ToDictionary(pair => pair.Key, pair => (string?)pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in changes)
        {
            kept[name] = value;
        }

        return QueryHelpers.AddQueryString("", kept.Where(pair => !string.IsNullOrEmpty(pair.Value)));
    }
}
