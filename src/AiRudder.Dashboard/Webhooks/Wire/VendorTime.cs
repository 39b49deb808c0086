using System.Globalization;

namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>
/// A time as AIRUDDER wrote it. Webhooks carry local time without a zone (<c>2026-01-21 11:00:07</c>); other interfaces write an
/// offset or <c>Z</c>, which then counts. Nothing is <c>""</c> or a row of zeros.
/// </summary>
/// <param name="Text">The text received.</param>
/// <param name="Instant">The instant it names; null when it cannot be read.</param>
/// <param name="Ambiguous">The local time falls into a gap or an overlap of daylight saving; the earlier reading was taken.</param>
public sealed record VendorTime(string Text, DateTimeOffset? Instant, bool Ambiguous)
{
    private static readonly string[] LocalForms =
        ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm"];

    private static readonly string[] OffsetForms =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss zzz"];

    /// <summary>Null for nothing; otherwise the text with as much meaning as it has.</summary>
    public static VendorTime? Read(string? text, TimeZoneInfo zone)
    {
        if (text is null || text.AsSpan().Trim().TrimStart("0:-T.Z ").Length == 0)
        {
            return null;
        }

        var trimmed = text.Trim();
        if (DateTime.TryParseExact(trimmed, LocalForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return Plausible(local.Year) ? FromLocal(text, local, zone) : new VendorTime(text, null, false);
        }

        if (DateTimeOffset.TryParseExact(trimmed, OffsetForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && Plausible(instant.Year))
        {
            return new VendorTime(text, instant.ToUniversalTime(), false);
        }

        return new VendorTime(text, null, false);
    }

    /// <summary>Seconds of a transcript's <c>HH:mm:ss</c>, which is an offset from the start of the talk and may pass 24 hours.</summary>
    public static double? ReadOffset(string? text)
    {
        if (text is null)
        {
            return null;
        }

        double seconds = 0;
        foreach (var part in text.Split(':'))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            seconds = (seconds * 60) + value;
        }

        // A week is longer than any call and shorter than any damage an absurd number could do to a waveform.
        return seconds <= TimeSpan.FromDays(7).TotalSeconds ? seconds : null;
    }

    private static bool Plausible(int year) => year is >= 1990 and <= 2200;

    private static VendorTime FromLocal(string text, DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            // The clock jumped over it: read with the offset that held before the jump.
            return new VendorTime(text, new DateTimeOffset(local, zone.GetUtcOffset(local.AddDays(-1))).ToUniversalTime(), true);
        }

        return zone.IsAmbiguousTime(local)
            ? new VendorTime(text, new DateTimeOffset(local, zone.GetAmbiguousTimeOffsets(local).Max()).ToUniversalTime(), true)
            : new VendorTime(text, new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime(), false);
    }
}
