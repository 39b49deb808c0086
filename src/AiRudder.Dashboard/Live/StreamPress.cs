using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Layout;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Live;

/// <summary>A row of the stream as floors show it.</summary>
/// <param name="Row">What it says.</param>
/// <param name="Key">What makes it the same row again, see <see cref="StreamRow.Same"/>; in a box that all pages share.</param>
/// <param name="Look">What of the label table is in the cells.</param>
/// <param name="Text">Its table row, as its component drew it.</param>
/// <param name="New">The same for pages that were open when it came; its tint goes by itself.</param>
public sealed record DrawnRow(StreamRow Row, object Key, LabelLook? Look, string Text, string New);

/// <summary>The stream as floors of one language and one right to listen show it.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Looks">The label table they were drawn with.</param>
public sealed record DrawnStream(IReadOnlyList<DrawnRow> Rows, LabelLooks Looks)
{
    public static readonly DrawnStream Empty = new([], LabelLooks.Empty);
}

/// <summary>
/// Draws rows of the stream. A floor keeps a hundred of them and takes a hundred a second: drawn by each page for itself they were most of
/// its memory and of its work.
/// </summary>
public sealed class StreamPress(Press press)
{
    /// <summary>Draws in the language of who calls.</summary>
    /// <param name="rows">What is to be shown.</param>
    /// <param name="zoneOf">IANA id of a connection's zone.</param>
    /// <param name="looks">The label table.</param>
    /// <param name="mayListen">Whether there is something to press for hearing a call.</param>
    /// <param name="before">What was drawn before, for the same zones, rights and language; what has not changed is taken over.</param>
    public async Task<DrawnStream> DrawAsync(IReadOnlyList<StreamRow> rows, Func<int, string> zoneOf, LabelLooks looks, bool mayListen, DrawnStream before)
    {
        var known = before.Rows.ToDictionary(drawn => drawn.Key);
        var drawn = rows.Select(row =>
        {
            object key = row.Same;
            var look = row is StreamCall call ? looks.Of(call.ConnectionId, call.Robot, call.Label, call.EndedAt ?? call.LandedAt) : null;
            return known.TryGetValue(key, out var one) && one.Row == row && one.Look == look ? one : new DrawnRow(row, key, look, "", "");
        }).ToArray();
        var missing = Enumerable.Range(0, drawn.Length).Where(i => drawn[i].Text.Length == 0).ToList();
        var cells = await press.DrawAsync(missing.ConvertAll(i => Component(drawn[i], zoneOf(drawn[i].Row.ConnectionId), mayListen)));
        for (var i = 0; i < missing.Count; i++)
        {
            var (at, kind) = (missing[i], drawn[missing[i]].Row is StreamBatch ? "batch" : "one");
            drawn[at] = drawn[at] with { Text = $"<tr class=\"{kind}\">{cells[i]}</tr>", New = $"<tr class=\"{kind} new\">{cells[i]}</tr>" };
        }

        return new(drawn, looks);
    }

    private static (Type, Dictionary<string, object?>) Component(DrawnRow drawn, string zone, bool mayListen) => drawn.Row is StreamBatch batch
        ? (typeof(StreamBatchRow), new() { [nameof(StreamBatchRow.Batch)] = batch, [nameof(StreamBatchRow.Zone)] = zone })
        : (typeof(StreamCallRow), new()
        {
            [nameof(StreamCallRow.Call)] = drawn.Row,
            [nameof(StreamCallRow.Zone)] = zone,
            [nameof(StreamCallRow.Look)] = drawn.Look,
            [nameof(StreamCallRow.MayListen)] = mayListen,
        });
}
