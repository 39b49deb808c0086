using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Layout;

/// <summary>A line as high as its surroundings; decoration beside a number that says the same, so it is hidden from readers.</summary>
public static class Sparkline
{
    /// <summary>As text, which is numbers and a token's name: a component each would be felt in the memory of open pages.</summary>
    /// <param name="values">Equidistant; null leaves a gap.</param>
    /// <param name="color">Name of a token.</param>
    public static MarkupString Of(IReadOnlyList<double?> values, string color = "--accent") => new(
        $"<svg class='sparkline' viewBox='0 0 100 22' preserveAspectRatio='none' aria-hidden='true' focusable='false'>{Line(Path(values), color)}</svg>");

    private static string Line(string path, string color) => path.Length == 0 ? ""
        : $"<path d='{path}' fill='none' stroke='var({color})' stroke-width='1.5' stroke-linejoin='round' vector-effect='non-scaling-stroke'/>";

    private static string Path(IReadOnlyList<double?> values)
    {
        var known = values.Where(value => value is not null).Select(value => value!.Value).ToList();
        if (known.Count == 0 || values.Count < 2)
        {
            return "";
        }

        var (low, high) = (Math.Min(0, known.Min()), known.Max());
        var range = high - low;
        var text = new StringBuilder();
        var pen = 'M';
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                pen = 'M';
                continue;
            }

            var x = 1 + (98.0 * i / (values.Count - 1));
            var y = range == 0 ? 20 : 20.5 - (19 * (value - low) / range);
            text.Append(CultureInfo.InvariantCulture, $"{pen}{x:0.#} {y:0.#}");
            pen = 'L';
        }

        return text.ToString();
    }
}
