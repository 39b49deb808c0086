using System.Globalization;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Lines;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Webhooks.Watch;

namespace AiRudder.Dashboard.Alerts;

/// <summary>Rules and findings in words.</summary>
public static class AlertWords
{
    private static readonly string FigureUnknown = Noted("{0} is not known: {1}");
    private static readonly string FigureOf = Noted("{0}: {1}, n = {2}, {3}");
    private static readonly string FigureAlone = Noted("{0}: {1}, {2}");
    private static readonly string RuleUnder = Noted("{0}; the rule is under {1}");
    private static readonly string RuleOver = Noted("{0}; the rule is over {1}");
    private static readonly string NotSettled = Noted("{0} (provisional)");
    private static readonly string Quiet = Noted("Nothing received for {0} in dialling hours");
    private static readonly string LineFell = Noted("Caller number {0} is answered at {1:0.00} of what the others get in the same tasks and hours, n = {2}");
    private static readonly string OneCall = Noted("A call: {0}");
    private static readonly string Both = Noted("{0} and {1}");
    private static readonly string Labelled = Noted("label {0}");
    private static readonly string Spoken = Noted("“{0}” was said");

    /// <summary>What was found, for whoever reads it: alerts are written down in English.</summary>
    public static readonly KeptSentences Findings = new(
        [.. FeedAlarms.Sentences, Quiet, LineFell, OneCall, NotSettled, RuleUnder, RuleOver, FigureUnknown, FigureOf, FigureAlone, Both, Labelled, Spoken, .. Words.Spans])
    {
        Quoting = [LineFell, Labelled, Spoken],
    };

    public static string Of(AlertWindow window) => window switch
    {
        AlertWindow.HalfHour => T("last half hour"),
        AlertWindow.Hour => T("last hour"),
        AlertWindow.TwoHours => T("last 2 hours"),
        AlertWindow.FourHours => T("last 4 hours"),
        AlertWindow.Today => T("today so far"),
        _ => T("last 7 days"),
    };

    public static string Of(AlertKind kind) => kind switch
    {
        AlertKind.Figure => T("A figure"),
        AlertKind.Silence => T("Nothing received"),
        AlertKind.Call => T("One call"),
        AlertKind.Feed => T("The feed"),
        _ => T("Caller numbers"),
    };

    /// <summary>Class of the pill.</summary>
    public static string Tone(AlertState state) => state switch { AlertState.Open => "bad", AlertState.Acknowledged => "warn", _ => "calm" };

    public static string Of(AlertState state) => state switch { AlertState.Open => T("open"), AlertState.Acknowledged => T("acknowledged"), _ => T("resolved") };

    /// <summary>What a rule waits for.</summary>
    public static string Of(AlertRule rule) => rule.Kind switch
    {
        AlertKind.Figure => rule.Below
            ? T("{0} under {1}, {2}, n ≥ {3}", Name(rule.Figure), Value(rule.Figure, rule.Threshold), Of(rule.Window), FigureText.Count(rule.LeastN))
            : T("{0} over {1}, {2}, n ≥ {3}", Name(rule.Figure), Value(rule.Figure, rule.Threshold), Of(rule.Window), FigureText.Count(rule.LeastN)),
        AlertKind.Silence => rule.DialFrom == rule.DialTo
            ? T("nothing for {0} min", Number(rule.Threshold))
            : T("nothing for {0} min between {1} and {2}", Number(rule.Threshold), Clock(rule.DialFrom), Clock(rule.DialTo)),
        AlertKind.Call => Condition(rule),
        AlertKind.Line => T("answered under {0} of what others get in the same tasks and hours, today, n ≥ {1}", Number(rule.Threshold), FigureText.Count(rule.LeastN)),
        _ => T("comes with the product"),
    };

    /// <summary>What a call must be or say.</summary>
    public static string Condition(AlertRule rule) => new[]
    {
        rule.Label is { } label ? T(Labelled, label) : null,
        rule.Word is { } word ? T(Spoken, word) : null,
        rule.Contradiction ? T("the record contradicts itself") : null,
    }.OfType<string>().DefaultIfEmpty("").Aggregate((one, more) => T(Both, one, more));

    public static string Finding(AlertRule rule, Figure figure)
    {
        if (figure.Value is null)
        {
            return T(FigureUnknown, Name(rule.Figure), figure.Reason);
        }

        var found = figure.Denominator is { } n
            ? T(FigureOf, Name(rule.Figure), FigureText.Value(figure), FigureText.Count(n), Of(rule.Window))
            : T(FigureAlone, Name(rule.Figure), FigureText.Value(figure), Of(rule.Window));
        var told = T(rule.Below ? RuleUnder : RuleOver, found, Value(rule.Figure, rule.Threshold));
        return figure.Provisional ? T(NotSettled, told) : told;
    }

    public static string Silence(TimeSpan quiet) => T(Quiet, Words.Long(quiet));

    public static string Line(LineRow line) => T(LineFell, line.Masked, line.Health, FigureText.Count(line.Attempts));

    public static string Call(AlertRule rule) => T(OneCall, Condition(rule));

    public static string Name(string? figure) => figure is not null && Known(figure) is { } known ? T(known.Words) : figure ?? "";

    /// <summary>The definition of a figure; null when there is none of this name.</summary>
    public static FigureDefinition? Known(string figure) => Figures.All.FirstOrDefault(it => it.Name == figure);

    public static string Value(string? figure, double value) => (figure is null ? null : Known(figure)?.Unit) switch
    {
        FigureUnit.Fraction => Number(value * 100) + " %",
        FigureUnit.Seconds => T("{0} s", Number(value)),
        _ => Number(value),
    };

    public static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static string Number(double value) => value.ToString("#,0.##", CultureInfo.CurrentCulture);
}
