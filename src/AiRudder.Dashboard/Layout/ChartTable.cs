using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;

namespace AiRudder.Dashboard.Layout;

/// <summary>
/// The numbers of a chart for people who read rather than look. Text that all pages with the chart share: as elements of each page it would
/// be more than the rest of a floor. All that may be the vendor's is encoded.
/// </summary>
public static class ChartTable
{
    /// <param name="data">The chart.</param>
    /// <param name="label">What it shows.</param>
    /// <param name="links">Only when the table can be seen: an invisible stop on the way helps nobody.</param>
    public static MarkupString Of(ChartData data, string label, bool links) => new(MadeOnce.Of(data, (label, links), () => Draw(data, label, links)));

    private static string Draw(ChartData data, string label, bool links)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<table><caption class=\"visually-hidden\">{Encoded(label)}</caption>");
        if (data.Kind == ChartKind.Donut)
        {
            text.Append("<tbody>");
            foreach (var series in data.Series)
            {
                text.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Encoded(series.Name)}</th>{Cell(data, series, 0, links)}</tr>");
            }
        }
        else
        {
            text.Append("<thead><tr><td></td>");
            foreach (var series in data.Series)
            {
                text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" class=\"num\">{Encoded(series.Name)}</th>");
            }

            text.Append("</tr></thead><tbody>");
            for (var row = 0; row < data.Categories.Count; row++)
            {
                text.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Encoded(data.Categories[row])}</th>");
                foreach (var series in data.Series)
                {
                    text.Append(Cell(data, series, row, links));
                }

                text.Append("</tr>");
            }
        }

        return text.Append("</tbody></table>").ToString();
    }

    private static string Cell(ChartData data, ChartSeries series, int index, bool links)
    {
        var value = index < series.Values.Count ? series.Values[index] : null;
        var words = value switch
        {
            null => "–",
            { } share when data.Unit == "%" => share.ToString("0.0 %", CultureInfo.CurrentCulture),
            { } plain => plain.ToString("#,0.#", CultureInfo.CurrentCulture) + (data.Unit.Length > 0 ? " " + data.Unit : ""),
        };
        var count = series.Counts is { } counts ? counts[index] : (long?)value;
        words += series.Counts is null || data.Unit != "%" ? "" : $" ({count?.ToString("N0", CultureInfo.CurrentCulture)})";
        return links && series.Links is { } all && index < all.Count && all[index] is { } link
            ? string.Create(CultureInfo.InvariantCulture, $"<td class=\"num\"><a href=\"{Encoded(link)}\" data-count=\"{count}\">{Encoded(words)}</a></td>")
            : $"<td class=\"num\">{Encoded(words)}</td>";
    }

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
