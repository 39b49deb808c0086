using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiRudder.Dashboard.Layout;

[JsonConverter(typeof(JsonStringEnumConverter<ChartKind>))]
public enum ChartKind
{
    /// <summary>One slice per series; each series has one value.</summary>
    [JsonStringEnumMemberName("donut")]
    Donut,

    /// <summary>Categories from left to right, series on top of each other.</summary>
    [JsonStringEnumMemberName("stackedColumn")]
    StackedColumn,

    [JsonStringEnumMemberName("stackedArea")]
    StackedArea,

    /// <summary>Categories from top to bottom, series one after the other.</summary>
    [JsonStringEnumMemberName("bar")]
    Bar,
}

/// <summary>One colour of a chart.</summary>
/// <param name="Name">What it counts; may be the vendor's text.</param>
/// <param name="Color">Name of a token, such as <c>--l1</c>.</param>
/// <param name="Values">One per category; null is unknown, not zero.</param>
/// <param name="Links">Where a click on each value leads; null for nowhere.</param>
/// <param name="Counts">How many calls are behind each value, where the value is a share of them.</param>
public sealed record ChartSeries(string Name, string Color, IReadOnlyList<double?> Values, IReadOnlyList<string?>? Links = null, IReadOnlyList<long>? Counts = null);

/// <summary>Everything a chart shows; what it looks like is decided by <see cref="Chart"/> alone.</summary>
public sealed record ChartData
{
    /// <summary>It goes to a script, not into a page: what is escaped on the way need not be escaped twice.</summary>
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required ChartKind Kind { get; init; }

    public IReadOnlyList<string> Categories { get; init; } = [];

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Unit of the values; "%" for fractions of one, empty for counts.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Pixels.</summary>
    public int Height { get; init; } = 170;

    /// <summary>Words in the middle of a donut.</summary>
    public string? Center { get; init; }

    /// <summary>The number above those words.</summary>
    public string? CenterValue { get; init; }

    /// <summary>What the browser is told, as JSON. Made once for all pages that show it, which also spares each the knowledge of how these types are written.</summary>
    [JsonIgnore]
    public string Script => MadeOnce.Of(this, nameof(Script), () => JsonSerializer.Serialize(this, Written));
}
