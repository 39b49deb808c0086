using System.Globalization;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Figures as people read them: unit and denominator always there, no percentage of a handful, unknown is a dash.</summary>
public static class FigureText
{
    public const string Unknown = "–";

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static string Count(long count) => count.ToString("N0", Plain);

    public static string Count(long? count) => count is { } known ? Count(known) : Unknown;

    /// <summary>"31.4 %", or the fraction when there are fewer than thirty.</summary>
    public static string Share(long? numerator, long? denominator) => (numerator, denominator) switch
    {
        (null, _) or (_, null or 0) => Unknown,
        ({ } above, < Wilson.FewerIsAFraction and { } below) => $"{Count(above)} / {Count(below)}",
        ({ } above, { } below) => Percent((double)above / below),
    };

    public static string Percent(double share) => (share * 100).ToString("0.0", Plain) + " %";

    /// <summary>"0:48"; hours only when there are some.</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } known)
        {
            return Unknown;
        }

        var span = TimeSpan.FromSeconds(Math.Round(known));
        return span.TotalHours >= 1 ? string.Create(Plain, $"{(int)span.TotalHours}:{span:mm\\:ss}") : string.Create(Plain, $"{(int)span.TotalMinutes}:{span:ss}");
    }

    public static string Value(Figure figure) => figure switch
    {
        { Value: null } => Unknown,
        { Unit: FigureUnit.Fraction } => Share(figure.Numerator, figure.Denominator),
        { Unit: FigureUnit.Seconds } => Duration(figure.Value),
        { Unit: FigureUnit.Ratio } => figure.Value!.Value.ToString("0.0", Plain),
        _ => Count((long)figure.Value!.Value),
    };

    /// <summary>"1,204 of 3,834 attempts"; with the interval on request, "95 %: 29.9 – 32.9 %".</summary>
    public static string Of(Figure figure, string what) => figure.Denominator is { } below ? $"{Count(figure.Numerator)} of {Count(below)} {what}" : "";

    public static string? Interval(Figure figure)
    {
        if (figure is not { Unit: FigureUnit.Fraction, Value: not null, Numerator: { } above, Denominator: > 0 and { } below } || above > below)
        {
            return null;
        }

        var (low, high) = Wilson.Interval(above, below);
        return string.Create(Plain, $"95 % interval: {low * 100:0.0} – {high * 100:0.0} %, n = {below:N0}");
    }

    /// <summary>Change against another figure: percent for counts and times, points for shares; null when either is unknown.</summary>
    public static string? Change(Figure now, Figure before) => (now, before) switch
    {
        ({ Value: { } a, Unit: FigureUnit.Fraction }, { Value: { } b }) => Signed((a - b) * 100, "pt"),
        ({ Value: { } a }, { Value: { } b and not 0 }) => Signed((a - b) / b * 100, "%"),
        _ => null,
    };

    private static string Signed(double change, string unit) => Math.Abs(change) switch
    {
        < 0.05 => $"±0 {unit}",
        >= 10 => string.Create(Plain, $"{(change > 0 ? "+" : "−")}{Math.Abs(change):0} {unit}"),
        _ => string.Create(Plain, $"{(change > 0 ? "+" : "−")}{Math.Abs(change):0.0} {unit}"),
    };
}
