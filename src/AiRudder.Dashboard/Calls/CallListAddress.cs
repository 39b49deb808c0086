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
        Errors = [.. errors, .. new[] { sortError, cursorError }.OfType<string>()];
    }

    public CallFilter Filter { get; }

    public CallSort Sort { get; }

    public CallCursor? Cursor { get; }

    public IReadOnlyList<string> Errors { get; }

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
