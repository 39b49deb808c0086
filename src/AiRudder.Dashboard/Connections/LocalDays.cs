namespace AiRudder.Dashboard.Connections;

/// <summary>Days as the connection's people count them.</summary>
public sealed class LocalDays
{
    private readonly TimeZoneInfo zone;

    /// <param name="timeZone">IANA id; the connection's setting was checked when it was made.</param>
    public LocalDays(string timeZone) => zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);

    /// <summary>The instant at which a local day begins; when midnight does not exist that day, the first instant that does.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        // Of a doubled midnight the first: the larger offset comes earlier.
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant).DateTime);

    public DateTimeOffset ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);
}
