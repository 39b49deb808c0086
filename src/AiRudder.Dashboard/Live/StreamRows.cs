using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace AiRudder.Dashboard.Live;

/// <summary>
/// The rows of the stream. Each is one frame, a text that all floors share: of as much as an element with a class and a key, a hundred rows
/// were a good part of a page. They are a component of their own because a component keeps its frames twice, in steps of twice as many.
/// </summary>
public sealed class StreamRows : ComponentBase
{
    private IReadOnlyList<ShownRow>? drawn;

    [Parameter, EditorRequired]
    public required IReadOnlyList<ShownRow> Rows { get; set; }

    protected override bool ShouldRender() => !ReferenceEquals(drawn, Rows);

    /// <summary>
    /// By the places the renderer sees what came above and what went, as it does by keys; it asks no more of them than that they grow.
    /// </summary>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        drawn = Rows;
        foreach (var row in Rows)
        {
#pragma warning disable ASP0006 // Numbers are literals so that they stay with what they stand for. These do.
            builder.AddMarkupContent(row.Place, row.IsNew ? row.Drawn.New : row.Drawn.Text);
#pragma warning restore ASP0006
        }
    }
}

/// <param name="Drawn">The row.</param>
/// <param name="Place">Grows from top to bottom, and stays with the row. There are enough for months of a hundred rows a second; every scope begins anew.</param>
/// <param name="IsNew">It came while the page was open.</param>
public sealed record ShownRow(DrawnRow Drawn, int Place, bool IsNew);
