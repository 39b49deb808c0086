using AiRudder.Dashboard.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace AiRudder.Dashboard.Live.Walls;

/// <summary>
/// The floor for a screen, and the only page a screen may ask for. No .razor file: all of those ask for more than a screen may do.
/// </summary>
[Route("/wall")]
[Authorize(Policy = nameof(Permission.Watch))]
public sealed class WallPage : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<WallScreen>(0);
        builder.CloseComponent();
    }
}
