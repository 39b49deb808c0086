using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace AiRudder.Dashboard.Recordings;

/// <summary>A stretch of a file, both ends included.</summary>
public readonly record struct ByteRange(long First, long Last)
{
    public long Length => Last - First + 1;

    /// <summary>
    /// What a <c>Range</c> header asks of a file of this length. Null: the whole file, because nothing usable or several ranges were asked for.
    /// Unsatisfiable: nothing of the file lies in it.
    /// </summary>
    public static (ByteRange? Range, bool Unsatisfiable) Of(string? header, long length)
    {
        if (!RangeHeaderValue.TryParse(header, out var asked) || !asked.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || asked.Ranges.Count != 1)
        {
            return (null, false);
        }

        var one = asked.Ranges.Single();
        var range = one switch
        {
            { From: { } from } => new ByteRange(from, Math.Min(one.To ?? long.MaxValue, length - 1)),
            { To: { } suffix } => new ByteRange(Math.Max(0, length - suffix), suffix == 0 ? -1 : length - 1),
            _ => new ByteRange(0, -1),
        };
        return range.First < length && range.Length > 0 ? (range, false) : (null, true);
    }

    public string ContentRange(long length) => string.Create(CultureInfo.InvariantCulture, $"bytes {First}-{Last}/{length}");
}
