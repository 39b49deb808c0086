using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AiRudder.Dashboard.Calls;

public enum CallOrder
{
    OccurredAt,
    ReceivedAt,
    Duration,
}

/// <summary>How a list of calls is ordered; the id breaks ties in the same direction, so that every place in the list is exact.</summary>
public readonly record struct CallSort(CallOrder By, bool Descending)
{
    public static readonly CallSort Newest = new(CallOrder.OccurredAt, Descending: true);

    private static readonly (string Name, CallSort Sort)[] Names =
    [
        ("-occurredAt", Newest),
        ("occurredAt", new(CallOrder.OccurredAt, false)),
        ("-receivedAt", new(CallOrder.ReceivedAt, true)),
        ("receivedAt", new(CallOrder.ReceivedAt, false)),
        ("-duration", new(CallOrder.Duration, true)),
        ("duration", new(CallOrder.Duration, false)),
    ];

    /// <summary>Reads the <c>sort</c> of an address; nothing means newest first.</summary>
    public static (CallSort Sort, string? Error) Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (Newest, null);
        }

        foreach (var (name, sort) in Names)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            {
                return (sort, null);
            }
        }

        return (Newest, T("sort: '{0}' is not one of {1}.", text, string.Join(", ", Names.Select(pair => pair.Name))));
    }

    public override string ToString()
    {
        var sort = this;
        return Names.First(pair => pair.Sort == sort).Name;
    }
}

/// <summary>A place in a sorted list: the row last read, and which way to go on. What it says is nobody's business outside.</summary>
/// <param name="Sort">The order it belongs to.</param>
/// <param name="Value">The row's sort value: milliseconds since 1970, or seconds of duration.</param>
/// <param name="Id">The row's id.</param>
/// <param name="Back">Towards the beginning of the list.</param>
public readonly record struct CallCursor(CallSort Sort, long Value, long Id, bool Back)
{
    public static CallCursor At(Call call, CallSort sort, bool back) => new(
        sort,
        sort.By switch
        {
            CallOrder.OccurredAt => call.OccurredAt.ToUnixTimeMilliseconds(),
            CallOrder.ReceivedAt => call.ReceivedAt.ToUnixTimeMilliseconds(),
            _ => call.DurationSeconds ?? -1,
        },
        call.Id,
        back);

    /// <summary>The same place looked at the other way; what stands there comes first then.</summary>
    public CallCursor Turned() => this with { Back = !Back, Id = Sort.Descending == Back ? Math.Max(0, Id + 1) : Math.Max(0, Id - 1) };

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Sort} {Value} {Id} {(Back ? 'b' : 'f')}")));

    /// <summary>Reads a cursor back; null for none. One of another order, or none of ours, is an error in words.</summary>
    public static (CallCursor? Cursor, string? Error) Parse(string? text, CallSort sort)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (null, null);
        }

        if (!Base64Url.IsValid(text) || Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split(' ') is not [var order, var at, var last, var way]
            || way is not ("b" or "f")
            || !long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || value is < -1 or > 253402300799999)
        {
            return (null, T("cursor: it is not one that this list gave out; leave it away to begin anew."));
        }

        return order == sort.ToString()
            ? (new CallCursor(sort, value, id, way == "b"), null)
            : (null, T("cursor: it belongs to a list sorted by {0}, not by {1}.", Safe(order), sort));
    }

    private static string Safe(string order) => CallSort.Parse(order) is { Error: null, Sort: var sort } ? sort.ToString() : T("something else");
}
