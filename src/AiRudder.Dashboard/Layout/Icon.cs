using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Layout;

/// <summary>Line icons, 16 × 16, in the colour of the text beside them.</summary>
public static class Icon
{
    private static readonly ConcurrentDictionary<string, MarkupString> Drawn = new();

    /// <summary>All pages share the text: a component each would be felt in the memory of open pages.</summary>
    /// <param name="name">An unknown one is a circle.</param>
    public static MarkupString Of(string name) => Drawn.GetOrAdd(name, it => new(
        $"<svg class='icon' width='16' height='16' viewBox='0 0 16 16' fill='none' stroke='currentColor' stroke-width='1.5' stroke-linecap='round' stroke-linejoin='round' aria-hidden='true' focusable='false'>{Shape(it)}</svg>"));

    private static string Shape(string name) => name switch
    {
        "live" => "<path d='M1.5 8h3l2-5 3 10 2-5h3'/>",
        "tasks" => "<path d='M6 4h8M6 8h8M6 12h8M2 4h.01M2 8h.01M2 12h.01' />",
        "intentions" => "<path d='M8 1.8v6.2l4.6 4.1'/><circle cx='8' cy='8' r='6.2'/>",
        "calls" => "<path d='M3.2 2h2.3l1.2 3-1.6 1.2a8.5 8.5 0 0 0 4.7 4.7L11 9.3l3 1.2v2.3c0 .7-.6 1.2-1.2 1.2C7 13.8 2.2 9 2 3.2 2 2.6 2.5 2 3.2 2z'/>",
        "reviews" => "<path d='M2.5 9.5V8a5.5 5.5 0 0 1 11 0v1.5M2.5 9.5h2.2v4H3.5a1 1 0 0 1-1-1zM13.5 9.5h-2.2v4h1.2a1 1 0 0 0 1-1z'/>",
        "deliveries" => "<path d='M8 1.5v8M5 6.8l3 3 3-3M2 10.5v3h12v-3'/>",
        "recordings" => "<path d='M2 6.5v3M5 4v8M8 2v12M11 5v6M14 6.5v3'/>",
        "connections" => "<path d='M6.5 9.5 9.5 6.5M7.2 4.6l1.5-1.5a3 3 0 0 1 4.2 4.2l-1.5 1.5M8.8 11.4l-1.5 1.5a3 3 0 0 1-4.2-4.2l1.5-1.5'/>",
        "audit" => "<path d='M3 2.5h7l3 3v8H3zM10 2.5v3h3M5.5 8h5M5.5 10.5h5'/>",
        "people" => "<circle cx='6' cy='5.2' r='2.4'/><path d='M1.5 13.5c.4-2.5 2.2-4 4.5-4s4.1 1.5 4.5 4M10.8 3.2a2.2 2.2 0 0 1 0 4.2M12.2 9.9c1.3.6 2.1 1.9 2.3 3.6'/>",
        "alerts" => "<path d='M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14.2h3'/>",
        "lines" => "<path d='M2 13.5V11M6 13.5V8M10 13.5V5M14 13.5v-11'/>",
        "fold" => "<path d='M2 2.5h12v11H2zM6 2.5v11'/>",
        "search" => "<circle cx='7' cy='7' r='4.5'/><path d='m10.5 10.5 3.5 3.5'/>",
        "play" => "<path d='M5 3.2v9.6L12.5 8z' fill='currentColor'/>",
        "pause" => "<path d='M5 3v10M11 3v10'/>",
        "flag" => "<path d='M3.5 14V2.5h8.5l-2 3 2 3H3.5'/>",
        "down" => "<path d='m4 6 4 4 4-4'/>",
        "close" => "<path d='m4 4 8 8M12 4l-8 8'/>",
        "table" => "<path d='M2 3h12v10H2zM2 6.5h12M6.5 6.5V13'/>",
        "chart" => "<path d='M2 13.5h12M4 13.5V8M8 13.5v-10M12 13.5V6'/>",
        "key" => "<path d='M1.5 4h13v8h-13zM4 7h.01M7 7h.01M10 7h.01M5 9.7h6'/>",
        _ => "<circle cx='8' cy='8' r='5'/>",
    };
}
