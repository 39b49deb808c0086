using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Calls;

/// <summary>All times of one call: the texts received, the instants they name in the connection's zone, and what was odd.</summary>
public sealed class CallTimes
{
    private readonly TimeZoneInfo zone;
    private readonly Dictionary<string, string> texts = [];
    private readonly List<string> notes = [];

    public CallTimes(CallElement element, TimeZoneInfo zone)
    {
        this.zone = zone;
        Dialed = Keep(element.CallDialTime, "call_dial_time");
        Started = Keep(element.CallStartTime, "call_start_time");
        Connected = Keep(element.CallConnectTime, "call_connect_time");
        RobotEnded = Keep(element.RobotEndTime, "robot_end_time");
        Ended = Keep(element.CallEndTime, "call_end_time");
        TransferRequested = Keep(element.Transfer.Time, "TransferTime");
        TransferRang = Keep(element.Transfer.RingTime, "TransferRingTime");
        TransferSucceeded = Keep(element.Transfer.SuccessTime, "TransferSuccessTime");
    }

    public DateTimeOffset? Dialed { get; }

    public DateTimeOffset? Started { get; }

    public DateTimeOffset? Connected { get; }

    public DateTimeOffset? RobotEnded { get; }

    public DateTimeOffset? Ended { get; }

    public DateTimeOffset? TransferRequested { get; }

    public DateTimeOffset? TransferRang { get; }

    public DateTimeOffset? TransferSucceeded { get; }

    /// <summary>By AIRUDDER's field name.</summary>
    public IReadOnlyDictionary<string, string> Texts => texts;

    public IReadOnlyList<string> Notes => notes;

    /// <summary>At least one time falls into a gap or overlap of daylight saving.</summary>
    public bool Ambiguous { get; private set; }

    public DateTimeOffset? Read(string? text, string name)
    {
        if (VendorTime.Read(text, zone) is not { } time)
        {
            return null;
        }

        if (time.Instant is null)
        {
            notes.Add(KeptSentences.Write(ReadingNotes.NoTime, $"$.{name}"));
        }

        Ambiguous |= time.Ambiguous;

        // As fine as it is stored: figures are taken from the call in memory and taken away from the one stored.
        return time.Instant is { } instant ? DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds()) : null;
    }

    private DateTimeOffset? Keep(string? text, string name)
    {
        if (text is not null)
        {
            texts[name] = text;
        }

        return Read(text, name);
    }
}
