namespace AiRudder.Dashboard.Live;

/// <summary>
/// One delivery whose calls became visible. Written in the transaction that stored them; <see cref="Sequence"/> grows in commit
/// order, so that whoever has read up to a number has missed nothing.
/// </summary>
public sealed class Landing
{
    public long Sequence { get; set; }

    public long DeliveryId { get; set; }

    public int ConnectionId { get; set; }

    public int CallTaskId { get; set; }

    public DateTimeOffset LandedAt { get; set; }

    /// <summary>Calls made or changed.</summary>
    public int Calls { get; set; }

    /// <summary>Of these, numbers that nobody answered.</summary>
    public int Unanswered { get; set; }

    /// <summary>Attempts of the calls, redials included.</summary>
    public int Attempts { get; set; }

    /// <summary>The delivery had landed before and was processed again: its calls changed, but nothing new happened on the floor.</summary>
    public bool Again { get; set; }
}
