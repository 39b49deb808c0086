namespace AiRudder.Dashboard.Connections;

/// <summary>Days as the connection's people count them.</summary>
public sealed class LocalDays
{
    private readonly TimeZoneInfo zone;

    /// <param name="timeZone">IANA id; the connection's setting was checked when it was made.</param>
    public LocalDays(string timeZone) => zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);

    /// <summary>The instant at which a local day begins; when midnight does not exist that day, the first instant that does.</summary>
    public DateTimeOffset StartOf(DateOnly day) => At(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>The instant of a local time; of a time that the clocks skip the first that exists after it, of a doubled one the first.</summary>
    public DateTimeOffset At(DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15);
        }

        // The larger offset comes earlier.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(ToLocal(instant).DateTime);

    /// <summary>Whether a local day begins at this instant.</summary>
    public bool IsStart(DateTimeOffset instant) => StartOf(DayOf(instant)) == instant;

    public DateTimeOffset ToLocal(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);
}
