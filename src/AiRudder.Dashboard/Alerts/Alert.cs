namespace AiRudder.Dashboard.Alerts;

public enum AlertState
{
    Open = 1,
    Acknowledged = 2,
    Resolved = 3,
}

/// <summary>A rule whose case came up. Its words were made when it opened: the rule may change since.</summary>
public sealed class Alert
{
    public const int LongestWords = 400;

    public const int LongestNote = 1000;

    public long Id { get; set; }

    public int RuleId { get; set; }

    /// <summary>0 when it is about no connection in particular.</summary>
    public int ConnectionId { get; set; }

    /// <summary>A caller number's term; 0 when it is about none.</summary>
    public int Subject { get; set; }

    public AlertState State { get; set; } = AlertState.Open;

    /// <summary>Name of the rule.</summary>
    public required string Name { get; set; }

    /// <summary>What is the matter, without personal data.</summary>
    public required string Words { get; set; }

    public double? Value { get; set; }

    public long? N { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>Opened in quiet hours: no sound, nobody outside is told.</summary>
    public bool Quiet { get; set; }

    public bool Sound { get; set; }

    /// <summary>Calls that met the rule, when it is about calls.</summary>
    public long Calls { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }

    public string? AcknowledgedBy { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>Null when it resolved by itself.</summary>
    public string? ResolvedBy { get; set; }

    /// <summary>What people wrote about it, one line each.</summary>
    public string? Note { get; set; }
}

/// <summary>A call that met a rule: it does so once, however often it arrives.</summary>
public sealed class AlertCall
{
    public int RuleId { get; set; }

    public long CallId { get; set; }

    public long AlertId { get; set; }
}

/// <summary>What the evaluation remembers of a rule and what it is about, so that it can go on after a restart or on another node.</summary>
public sealed class AlertWatch
{
    public int RuleId { get; set; }

    /// <summary>0 for no connection in particular.</summary>
    public int ConnectionId { get; set; }

    /// <summary>A caller number's term; else 0.</summary>
    public int Subject { get; set; }

    /// <summary>Since when it is beyond the threshold without a break.</summary>
    public DateTimeOffset? BeyondSince { get; set; }

    /// <summary>Since when it is well without a break.</summary>
    public DateTimeOffset? WellSince { get; set; }

    public DateTimeOffset? LastOpenedAt { get; set; }

    public DateTimeOffset EvaluatedAt { get; set; }

    /// <summary>What the last evaluation found, in words.</summary>
    public string? Finding { get; set; }
}

/// <summary>Who evaluates, and how far the calls have been looked at. One row.</summary>
public sealed class AlertDesk
{
    public const int Only = 1;

    public int Id { get; set; }

    /// <summary>The node that evaluates; empty for none.</summary>
    public string Holder { get; set; } = "";

    /// <summary>Until when it may; another takes over afterwards.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>Last landing whose calls were looked at; null before the first look.</summary>
    public long? Sequence { get; set; }
}

public enum SendingKind
{
    Webhook = 1,
    Mail = 2,
}

public enum SendingEvent
{
    Opened = 1,
    Resolved = 2,
    Test = 3,
}

/// <summary>One message to the outside, with what became of it.</summary>
public sealed class AlertSending
{
    public const int LongestFailure = 300;

    public long Id { get; set; }

    /// <summary>0 for a test.</summary>
    public long AlertId { get; set; }

    public int RuleId { get; set; }

    public SendingKind Kind { get; set; }

    public SendingEvent Event { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it is tried next; null when it is over.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public int Tries { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Why the last try failed.</summary>
    public string? Failure { get; set; }
}
