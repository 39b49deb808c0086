namespace AiRudder.Dashboard.CallTasks;

/// <summary>AIRUDDER's task: a list of numbers that a robot dials, with repeats.</summary>
public sealed class CallTask
{
    public int Id { get; set; }

    public int ConnectionId { get; set; }

    /// <summary>AIRUDDER's id exactly as received; empty for calls that named no task.</summary>
    public required string VendorTaskId { get; set; }

    /// <summary>Compared instead of <see cref="VendorTaskId"/>, see <see cref="Calls.Identity"/>.</summary>
    public required byte[] Identity { get; set; }

    public string? Name { get; set; }

    /// <summary>The task's status in AIRUDDER's words, of the newest delivery that named one.</summary>
    public string? Status { get; set; }

    public string? RobotHash { get; set; }

    public string? RobotMethod { get; set; }

    /// <summary>The trunk (<c>sip_line</c>).</summary>
    public string? Line { get; set; }

    /// <summary>Pause between dial rounds; the vendor does not state the unit.</summary>
    public int? RepeatInterval { get; set; }

    public int? RepeatNumber { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public DateTimeOffset? ScheduledFrom { get; set; }

    public DateTimeOffset? ScheduledTo { get; set; }

    public string? WorkflowId { get; set; }

    public string? WorkflowName { get; set; }

    public const int ListSizeFromLength = 300;

    /// <summary>Numbers on the task's list; null while nobody told: the webhook does not carry it.</summary>
    public int? ListSize { get; set; }

    /// <summary>Who told; null when nobody did.</summary>
    public string? ListSizeBy { get; set; }

    public DateTimeOffset? ListSizeAt { get; set; }

    /// <summary>How it was told, in words: entered, or counted in which file.</summary>
    public string? ListSizeFrom { get; set; }

    /// <summary>
    /// The delivery each field is from, as a JSON object by the field's name: deliveries are not processed in the order of their arrival,
    /// and an older one must not undo what a newer one said.
    /// </summary>
    public string SourcesJson { get; set; } = "{}";

    /// <summary>The delivery that fields without a source of their own are from.</summary>
    public long EnvelopeDeliveryId { get; set; }

    public DateTimeOffset FirstHeardAt { get; set; }

    public DateTimeOffset LastHeardAt { get; set; }
}
