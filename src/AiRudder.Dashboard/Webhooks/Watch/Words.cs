using System.Globalization;

namespace AiRudder.Dashboard.Webhooks.Watch;

/// <summary>Times and amounts of the feed in words.</summary>
internal static class Words
{
    private static readonly string Seconds = Noted("{0} s");
    private static readonly string Minutes = Noted("{0} min");
    private static readonly string Hours = Noted("{0} h");
    private static readonly string HoursAndMinutes = Noted("{0} h {1} min");
    private static readonly string Days = Noted("{0} days");

    /// <summary>What <see cref="Long"/> says.</summary>
    public static readonly IReadOnlyList<string> Spans = [HoursAndMinutes, Seconds, Minutes, Hours, Days];

    public static string Long(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => T(Seconds, 0),
        { TotalSeconds: < 120 } => T(Seconds, (int)span.TotalSeconds),
        { TotalMinutes: < 120 } => T(Minutes, (int)span.TotalMinutes),
        { TotalHours: >= 10 and < 48 } => T(Hours, (int)Math.Round(span.TotalHours)),
        { TotalHours: < 10 } => span.Minutes == 0 ? T(Hours, (int)span.TotalHours) : T(HoursAndMinutes, (int)span.TotalHours, span.Minutes),
        _ => T(Days, (int)span.TotalDays),
    };

    /// <summary>A lag may be negative, and its parts of a second count.</summary>
    public static string Signed(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => "−" + Signed(span.Negate()),
        { TotalSeconds: < 0.05 } => T("under {0:0.0} s", 0.1),
        { TotalSeconds: < 10 } => T("{0:0.0} s", span.TotalSeconds),
        _ => Long(span),
    };

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.CurrentCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1024.0:N1} KB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1024.0 / 1024:N1} MB"),
        _ => string.Create(CultureInfo.CurrentCulture, $"{bytes / 1024.0 / 1024 / 1024:N1} GB"),
    };

    /// <summary>A share as per cent; a dash when there is nothing to share.</summary>
    public static string Share(long part, long whole) => whole == 0 ? "–" : string.Create(CultureInfo.CurrentCulture, $"{100.0 * part / whole:0.#} %");
}
