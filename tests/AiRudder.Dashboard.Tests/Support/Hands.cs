using Bunit;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Tests.Support;

/// <summary>Presses and fills in as a browser does: the page is not drawn anew between looking for an element and using it, which would give it other handlers.</summary>
internal static class Hands
{
    public static void Do<TComponent>(this IRenderedComponent<TComponent> page, Action<IRenderedComponent<TComponent>> act)
        where TComponent : IComponent => page.InvokeAsync(() => act(page)).GetAwaiter().GetResult();
}
