using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace AiRudder.Dashboard.Layout;

/// <summary>Any chart of the product, drawn by the browser from typed data; the same numbers are always there as a table.</summary>
public sealed partial class Chart(IJSRuntime script, ILogger<Chart> log) : ComponentBase, IAsyncDisposable
{
    private ElementReference drawing;
    private IJSObjectReference? module;
    private ChartData? drawn;
    private bool asTable;

    [Parameter, EditorRequired]
    public required ChartData Data { get; set; }

    /// <summary>What the chart shows, for people who do not see it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public bool Legend { get; set; } = true;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (ReferenceEquals(drawn, Data) || asTable)
        {
            return;
        }

        drawn = Data;
        try
        {
            module ??= await script.InvokeAsync<IJSObjectReference>("import", "./chart.js");
            await module.InvokeVoidAsync("draw", drawing, Data.Script);
        }
        catch (JSDisconnectedException)
        {
            // The page is gone.
        }
        catch (JSException error)
        {
            // The drawing is lost, the numbers are not.
            LogNotDrawn(log, error, Label);
            asTable = true;
            StateHasChanged();
        }
    }

    [LoggerMessage(3201, LogLevel.Error, "The chart {Chart} could not be drawn")]
    private static partial void LogNotDrawn(ILogger log, Exception error, string chart);

    /// <summary>Kept once for all pages that show the chart.</summary>
    private static MarkupString LegendOf(ChartData data) => new(MadeOnce.Of(data, nameof(Legend), () => string.Concat(data.Series.Select(series =>
        $"<li><span style=\"background:var({HtmlEncoder.Default.Encode(series.Color)})\"></span>{HtmlEncoder.Default.Encode(series.Name)}</li>"))));

    private void Swap() => asTable = !asTable;

    public async ValueTask DisposeAsync()
    {
        if (module is null)
        {
            return;
        }

        try
        {
            await module.InvokeVoidAsync("dispose", drawing);
            await module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has already thrown it away.
        }
    }
}
