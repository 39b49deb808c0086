using System.Globalization;

namespace AiRudder.Dashboard.Metrics;

/// <summary>Figures as people read them: unit and denominator always there, no percentage of a handful, unknown is a dash.</summary>
public static class FigureText
{
    public const string Unknown = "–";

    private static CultureInfo Formats => CultureInfo.CurrentCulture;

    public static string Count(long count) => count.ToString("N0", Formats);

    public static string Count(long? count) => count is { } known ? Count(known) : Unknown;

    /// <summary>"31.4 %", or the fraction when there are fewer than thirty.</summary>
    public static string Share(long? numerator, long? denominator) => (numerator, denominator) switch
    {
        (null, _) or (_, null or 0) => Unknown,
        ({ } above, < Wilson.FewerIsAFraction and { } below) => $"{Count(above)} / {Count(below)}",
        ({ } above, { } below) => Percent((double)above / below),
    };

    public static string Percent(double share) => (share * 100).ToString("0.0", Formats) + " %";

    /// <summary>"0:48"; hours only when there are some.</summary>
    public static string Duration(double? seconds)
    {
        if (seconds is not { } known)
        {
            return Unknown;
        }

        var span = TimeSpan.FromSeconds(Math.Round(known));
        return span.TotalHours >= 1 ? string.Create(Formats, $"{(int)span.TotalHours}:{span:mm\\:ss}") : string.Create(Formats, $"{(int)span.TotalMinutes}:{span:ss}");
    }

    public static string Value(Figure figure) => figure switch
    {
        { Value: null } => Unknown,
        { Unit: FigureUnit.Fraction } => Share(figure.Numerator, figure.Denominator),
        { Unit: FigureUnit.Seconds } => Duration(figure.Value),
        { Unit: FigureUnit.Ratio } => figure.Value!.Value.ToString("0.0", Formats),
        _ => Count((long)figure.Value!.Value),
    };

    /// <summary>"1,204 of 3,834 attempts", or "n = 1,204" where the numerator is a sum of seconds or rounds; nothing for a count.</summary>
    public static string Of(Figure figure, FigureDefinition definition) => (figure.Unit, figure.Denominator) switch
    {
        (_, null) => "",
        (FigureUnit.Seconds or FigureUnit.Ratio, { } below) => T("n = {0} {1}", Count(below), definition.Denominator),
        (_, { } below) => T("{0} of {1} {2}", Count(figure.Numerator), Count(below), definition.Denominator),
    };

    /// <summary>"4.2 % unmapped"; null for a figure that does not rest on meanings.</summary>
    public static string? Unmapped(Figure figure) => figure.Unmapped is { Connected: > 0 } share ? T("{0} unmapped", Share(share.Calls, share.Connected)) : null;

    /// <summary>All there is to say of a figure, a line each: formula, parts, interval, what it cannot see, why it moves or is unknown.</summary>
    public static string About(Figure figure, FigureDefinition definition) => string.Join('\n', new[]
    {
        T("{0}: {1}", definition.Words, definition.Formula),
        Of(figure, definition) is { Length: > 0 } parts ? parts : null,
        Interval(figure),
        Unmapped(figure) is not { } unmapped ? null
            : figure.IsGrey ? T("{0}: connected calls whose label has no meaning; too many to take the figure at its word", unmapped)
            : T("{0}: connected calls whose label has no meaning", unmapped),
        figure.Reason?.ToString(),
        definition.Caution,
    }.Where(line => line is not null));

    public static string Unit(FigureUnit unit) => unit switch
    {
        FigureUnit.Fraction => "fraction",
        FigureUnit.Seconds => "seconds",
        _ => "count",
    };

    public static string Section(FigureSection section) => section switch
    {
        FigureSection.Reach => T("Reach"),
        FigureSection.Outcomes => T("Outcomes"),
        FigureSection.Talk => T("Talk"),
        FigureSection.Transfers => T("Transfers"),
        FigureSection.Quality => T("Quality of the record"),
        _ => T("Volume"),
    };

    public static string? Interval(Figure figure)
    {
        if (figure is not { Unit: FigureUnit.Fraction, Value: not null, Numerator: { } above, Denominator: > 0 and { } below } || above > below)
        {
            return null;
        }

        var (low, high) = Wilson.Interval(above, below);
        return T("95 % interval: {0:0.0} – {1:0.0} %, n = {2:N0}", low * 100, high * 100, below);
    }

    /// <summary>Change against another figure: percent for counts and times, points for shares; null when either is unknown or a share of a handful.</summary>
    public static string? Change(Figure now, Figure before) => (now, before) switch
    {
        ({ Unit: FigureUnit.Fraction, Denominator: < Wilson.FewerIsAFraction }, _) or (_, { Unit: FigureUnit.Fraction, Denominator: < Wilson.FewerIsAFraction }) => null,
        ({ Value: { } a, Unit: FigureUnit.Fraction }, { Value: { } b }) => Signed((a - b) * 100, T("pt")),
        ({ Value: { } a }, { Value: { } b and not 0 }) => Signed((a - b) / b * 100, "%"),
        _ => null,
    };

    private static string Signed(double change, string unit) => Math.Abs(change) switch
    {
        < 0.05 => $"±0 {unit}",
        >= 10 => string.Create(Formats, $"{(change > 0 ? "+" : "−")}{Math.Abs(change):0} {unit}"),
        _ => string.Create(Formats, $"{(change > 0 ? "+" : "−")}{Math.Abs(change):0.0} {unit}"),
    };
}
