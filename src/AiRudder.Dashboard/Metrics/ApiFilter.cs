using System.Globalization;
using System.Text.Json;
using AiRudder.Dashboard.Calls;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AiRudder.Dashboard.Metrics;

/// <summary>What the figures' endpoints share: the filter of the query string, and how a wrong one is answered.</summary>
public static class ApiFilter
{
    public static (CallFilter Filter, List<string> Errors) Read(HttpRequest request)
    {
        var (filter, errors) = CallFilter.Parse(request.Query);
        return (filter, [.. errors]);
    }

    /// <summary>A whole number of the query string, or the fallback when it is not given.</summary>
    public static int Number(HttpRequest request, string name, int least, int most, int fallback, List<string> errors)
    {
        var text = request.Query[name].ToString();
        if (text.Length == 0)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        errors.Add($"{name}: '{text}' is not a whole number from {least} to {most}.");
        return fallback;
    }

    /// <summary>One JSON object a line instead of a page.</summary>
    public static bool WantsLines(HttpRequest request, List<string> errors)
    {
        var format = request.Query["format"].ToString();
        if (format is not ("" or "json" or "ndjson"))
        {
            errors.Add($"format: '{format}' is not one of json, ndjson.");
        }

        return format == "ndjson";
    }

    public static ProblemHttpResult Refused(IReadOnlyCollection<string> errors) =>
        TypedResults.Problem(string.Join(" ", errors), statusCode: StatusCodes.Status400BadRequest, title: "The filter could not be read", extensions: new Dictionary<string, object?> { ["errors"] = errors });

    /// <summary>Figures that cannot be known now, for answers in which a number has no place for a reason.</summary>
    public static ProblemHttpResult Unknown(FiguresUnknownException reason) =>
        TypedResults.Problem(reason.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "The figures cannot be known now");

    public static async Task WriteLinesAsync<T>(HttpContext http, IAsyncEnumerable<T> items)
    {
        http.Response.ContentType = "application/x-ndjson";
        await foreach (var item in items.WithCancellation(http.RequestAborted))
        {
            await JsonSerializer.SerializeAsync(http.Response.Body, item, JsonSerializerOptions.Web, http.RequestAborted);
            await http.Response.Body.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
        }
    }
}

/// <summary>A figure as scripts see it.</summary>
public sealed record FigureAnswer(double? Value, long? Numerator, long? Denominator, string Unit, bool Provisional, string? Reason)
{
    public static FigureAnswer Of(Figure figure) => new(
        figure.Value,
        figure.Numerator,
        figure.Denominator,
        FigureText.Unit(figure.Unit),
        figure.Provisional,
        figure.Reason);

    public static IReadOnlyDictionary<string, FigureAnswer> Of(Summary summary) => summary.Figures.ToDictionary(pair => pair.Key, pair => Of(pair.Value));
}

/// <summary>The answer of <c>/api/metrics/summary</c>.</summary>
/// <param name="From">First local day; null when the filter names none.</param>
/// <param name="To">Last local day.</param>
/// <param name="Zone">Zone of the days; several, separated by commas, when connections differ.</param>
/// <param name="Figures">Every figure by name.</param>
public sealed record SummaryAnswer(DateOnly? From, DateOnly? To, string? Zone, IReadOnlyDictionary<string, FigureAnswer> Figures);
