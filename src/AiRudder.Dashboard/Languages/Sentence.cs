using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace AiRudder.Dashboard.Languages;

/// <summary>A sentence with markup in its places {0}, {1}…: it is translated as a whole, and each language orders the places as it needs.</summary>
public sealed partial class Sentence : ComponentBase
{
    /// <summary>Already in the reader's language, places and all.</summary>
    [Parameter, EditorRequired]
    public required string Words { get; set; }

    [Parameter]
    public RenderFragment? First { get; set; }

    [Parameter]
    public RenderFragment? Second { get; set; }

    [Parameter]
    public RenderFragment? Third { get; set; }

    [Parameter]
    public RenderFragment? Fourth { get; set; }

    [Parameter]
    public RenderFragment? Fifth { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        RenderFragment?[] places = [First, Second, Third, Fourth, Fifth];
        var said = 0;
        foreach (Match place in Place().Matches(Words))
        {
            builder.AddContent(0, Words[said..place.Index]);
            builder.AddContent(1, places[int.Parse(place.Groups["number"].Value, CultureInfo.InvariantCulture)]);
            said = place.Index + place.Length;
        }

        builder.AddContent(2, Words[said..]);
    }

    [GeneratedRegex(@"\{(?<number>[0-4])\}")]
    private static partial Regex Place();
}
