using AiRudder.Dashboard.Intentions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AiRudder.Dashboard.Live;

/// <summary>A row of the stream as floors show it.</summary>
/// <param name="Row">What it says.</param>
/// <param name="Key">What makes it the same row again, see <see cref="StreamRow.Same"/>; in a box that all pages share.</param>
/// <param name="Cells">The inside of its table row, as its component drew it: all that came from outside is encoded.</param>
public sealed record DrawnRow(StreamRow Row, object Key, MarkupString Cells)
{
    /// <summary>What of the label table is in the cells.</summary>
    public LabelLook? Look { get; init; }
}

/// <summary>The stream as floors of one language and one right to listen show it.</summary>
/// <param name="Rows">Newest first.</param>
/// <param name="Looks">The label table they were drawn with.</param>
public sealed record DrawnStream(IReadOnlyList<DrawnRow> Rows, LabelLooks Looks)
{
    public static readonly DrawnStream Empty = new([], LabelLooks.Empty);
}

/// <summary>
/// Draws rows of the stream by their components into text. A floor keeps a hundred of them and takes a hundred a second: drawn by each page for
/// itself they were most of its memory and of its work.
/// </summary>
public sealed class StreamPress(IServiceScopeFactory scopes, ILoggerFactory loggers)
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
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return new(await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var all = new List<DrawnRow>(rows.Count);
            foreach (var row in rows)
            {
                object key = row.Same;
                var look = row is StreamCall call ? looks.Of(call.ConnectionId, call.Robot, call.Label, call.EndedAt ?? call.LandedAt) : null;
                all.Add(known.TryGetValue(key, out var drawn) && drawn.Row == row && drawn.Look == look
                    ? drawn
                    : new(row, key, new(await DrawAsync(renderer, row, zoneOf(row.ConnectionId), look, mayListen))) { Look = look });
            }

            return all;
        }), looks);
    }

    private static async Task<string> DrawAsync(HtmlRenderer renderer, StreamRow row, string zone, LabelLook? look, bool mayListen)
    {
        var drawn = row switch
        {
            StreamBatch batch => await renderer.RenderComponentAsync<StreamBatchRow>(With(new() { [nameof(StreamBatchRow.Batch)] = batch, [nameof(StreamBatchRow.Zone)] = zone })),
            _ => await renderer.RenderComponentAsync<StreamCallRow>(With(new()
            {
                [nameof(StreamCallRow.Call)] = row,
                [nameof(StreamCallRow.Zone)] = zone,
                [nameof(StreamCallRow.Look)] = look,
                [nameof(StreamCallRow.MayListen)] = mayListen,
            })),
        };
        return drawn.ToHtmlString();

        static ParameterView With(Dictionary<string, object?> parameters) => ParameterView.FromDictionary(parameters);
    }
}
