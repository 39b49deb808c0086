using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace AiRudder.Dashboard.Layout;

/// <summary>Draws components into text that many pages share, by the framework's own renderer: all that came from outside is encoded.</summary>
public sealed class Press(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    /// <summary>Draws in the language of who calls.</summary>
    /// <param name="wanted">Components with their parameters. They cannot be pressed: what is text to a page raises no events there.</param>
    public async Task<IReadOnlyList<MarkupString>> DrawAsync(IReadOnlyCollection<(Type Component, Dictionary<string, object?> Parameters)> wanted)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var texts = new List<MarkupString>(wanted.Count);
            foreach (var (component, parameters) in wanted)
            {
                texts.Add(new((await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(parameters))).ToHtmlString()));
            }

            return texts;
        });
    }
}
