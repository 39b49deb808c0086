namespace AiRudder.Dashboard.Alerts;

public enum AlertKind
{
    /// <summary>A figure of a window of time is beyond its threshold.</summary>
    Figure = 1,

    /// <summary>Nothing was received for so many minutes in dialling hours.</summary>
    Silence = 2,

    /// <summary>One call says or is something.</summary>
    Call = 3,

    /// <summary>The feed itself is in trouble.</summary>
    Feed = 4,

    /// <summary>A caller number is answered much less than the others in the same tasks and hours.</summary>
    Line = 5,
}

/// <summary>What is watched, and who is told when it happens. A rule without a connection watches each connection by itself.</summary>
public sealed class AlertRule
{
    public const int LongestText = 200;

    public const int LongestAddress = 500;

    public int Id { get; set; }

    public required string Name { get; set; }

    public AlertKind Kind { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>Our id; null for every connection, each by itself.</summary>
    public int? ConnectionId { get; set; }

    /// <summary>AIRUDDER's task id; null for all.</summary>
    public string? Task { get; set; }

    public string? Robot { get; set; }

    /// <summary>Name of a figure of Metrics, or of an alarm of the feed.</summary>
    public string? Figure { get; set; }

    public AlertWindow Window { get; set; } = AlertWindow.Hour;

    /// <summary>True: too little is the trouble; false: too much.</summary>
    public bool Below { get; set; } = true;

    /// <summary>In the unit of the figure: a share is between 0 and 1. Minutes for silence.</summary>
    public double Threshold { get; set; }

    /// <summary>Well again from here on; null for the threshold itself.</summary>
    public double? Recover { get; set; }

    /// <summary>Fewer say nothing: neither trouble nor recovery.</summary>
    public long LeastN { get; set; }

    /// <summary>Figures that will still move count as well.</summary>
    public bool Provisional { get; set; }

    /// <summary>Minutes for which it must last before it opens, and for which it must be well before it resolves by itself.</summary>
    public int HoldMinutes { get; set; }

    /// <summary>Least time between two openings for the same connection.</summary>
    public int PauseMinutes { get; set; } = 60;

    /// <summary>Dialling hours as minutes of the connection's day; equal means the whole day.</summary>
    public int DialFrom { get; set; }

    public int DialTo { get; set; }

    /// <summary>One bit per <see cref="DayOfWeek"/>.</summary>
    public int DialDays { get; set; } = 0b111_1111;

    /// <summary>A label of a call.</summary>
    public string? Label { get; set; }

    /// <summary>Said in a call by either side, whatever its case.</summary>
    public string? Word { get; set; }

    /// <summary>The call's record contradicts itself.</summary>
    public bool Contradiction { get; set; }

    /// <summary>Quiet hours as minutes of the connection's day; equal means none.</summary>
    public int QuietFrom { get; set; }

    public int QuietTo { get; set; }

    public bool Sound { get; set; }

    /// <summary>Https address that is told; null for none.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>Key of its signatures, encrypted with the installation's keys.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>Addresses that get a mail, separated by commas; null for none.</summary>
    public string? MailTo { get; set; }

    public DateTimeOffset ChangedAt { get; set; }

    public required string ChangedBy { get; set; }

    /// <summary>Comes with the product: it can be changed and switched off, not deleted.</summary>
    public bool BuiltIn { get; set; }
}

/// <summary>Of which time a figure is. Values are minutes where they are a length.</summary>
public enum AlertWindow
{
    HalfHour = 30,
    Hour = 60,
    TwoHours = 120,
    FourHours = 240,

    /// <summary>The connection's local day so far.</summary>
    Today = 1,

    /// <summary>Today and the six days before it.</summary>
    Week = 7,
}
