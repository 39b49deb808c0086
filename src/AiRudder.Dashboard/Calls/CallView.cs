using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Webhooks;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Everything known of one call, read apart from any context. What may not be revealed has been replaced in every part before this
/// was made, and the vendor's recording link is never in it.
/// </summary>
public sealed record CallView
{
    public required CallLine Line { get; init; }

    public required Call Call { get; init; }

    public required CallDetail Detail { get; init; }

    public required CallTask Task { get; init; }

    public required Connection Connection { get; init; }

    public required IReadOnlyList<Turn> Turns { get; init; }

    public required IReadOnlyList<Attempt> Attempts { get; init; }

    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<CallVersionView> Versions { get; init; }

    /// <summary>Numbers, variables and originals are as received.</summary>
    public bool Revealed { get; init; }

    /// <summary>The newest element as received, JSON; null when withheld or no longer kept.</summary>
    public string? Original => Versions is [{ Original: { } newest }, ..] ? newest : null;
}

/// <summary>One version of a call's record and the delivery that brought it.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Ordinal">Position in its details, from 0.</param>
/// <param name="ReceivedAt">Its arrival.</param>
/// <param name="Kind">Its kind, when recognised.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Copies">How often it arrived.</param>
/// <param name="Original">The element as received; null when withheld.</param>
/// <param name="Envelope">The rest of its body; null when withheld.</param>
public sealed record CallVersionView(long DeliveryId, int Ordinal, DateTimeOffset ReceivedAt, string? Kind, DeliveryOutcome Outcome, int Copies, string? Original, string? Envelope);
