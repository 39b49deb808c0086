using System.Globalization;
using System.Text.Json.Serialization;
using AiRudder.Dashboard.Intentions;

namespace AiRudder.Dashboard.Calls;

/// <summary>A call as lists and the API show it, numbers masked unless they may be revealed. Names are those of the API.</summary>
public record CallLine
{
    /// <summary>Our own id.</summary>
    public required string Id { get; init; }

    /// <summary>AIRUDDER's id.</summary>
    public string? CallId { get; init; }

    /// <summary>AIRUDDER's id of the task.</summary>
    public string? Task { get; init; }

    public string? TaskName { get; init; }

    public required string Connection { get; init; }

    /// <summary>The connection's zone.</summary>
    public required string TimeZone { get; init; }

    public string? Robot { get; init; }

    public string? Callee { get; init; }

    public string? Label { get; init; }

    /// <summary>Words for the label: somebody's here, else AIRUDDER's; null while there are none.</summary>
    public string? LabelWords { get; init; }

    [JsonIgnore]
    public bool LabelWordsFromVendor { get; init; }

    /// <summary>Number of the label's colour in the palette.</summary>
    [JsonIgnore]
    public int LabelColor { get; init; }

    /// <summary>Business meanings of the label, comma-separated; null while nobody gave any.</summary>
    public string? Meaning { get; init; }

    public string? Result { get; init; }

    public bool Connected { get; init; }

    public int? DurationSeconds { get; init; }

    public int? RingSeconds { get; init; }

    public DateTimeOffset OccurredAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public string? RingType { get; init; }

    public string? HangupType { get; init; }

    public string? HangupBy { get; init; }

    public string? CallerNumber { get; init; }

    public bool TransferRequested { get; init; }

    public bool Transferred { get; init; }

    public int AttemptCount { get; init; }

    public bool HasRecording { get; init; }

    /// <summary>Names of <see cref="CallFlags"/>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    [JsonIgnore]
    public CallFlags Found { get; init; }

    /// <summary>Where the words stand that were searched for; null when nothing was, or when they stand in what is withheld.</summary>
    [JsonIgnore]
    public IReadOnlyList<TextPiece>? Said { get; init; }

    public static CallLine Of(Call call, LineContext context, bool reveal)
    {
        var (task, taskName) = context.Tasks.GetValueOrDefault(call.CallTaskId);
        var connection = context.Connections[call.ConnectionId];
        var label = context.Labels.Of(call.ConnectionId, call.RobotHash, call.Label, call.OccurredAt);
        return new CallLine
        {
            Id = call.Id.ToString(CultureInfo.InvariantCulture),
            CallId = call.VendorCallId,
            Task = task,
            TaskName = taskName,
            Connection = connection.Name,
            TimeZone = connection.TimeZone,
            Robot = call.RobotHash,
            Callee = reveal ? call.Callee : Mask.Number(call.Callee),
            Label = call.Label,
            LabelWords = label.Words,
            LabelColor = label.Color,
            LabelWordsFromVendor = label.FromVendor,
            Meaning = label.Mapped ? label.Meanings.ToString() : null,
            Result = call.Result,
            Connected = call.Connected,
            DurationSeconds = call.DurationSeconds,
            RingSeconds = call.RingSeconds,
            OccurredAt = call.OccurredAt,
            StartedAt = call.StartedAt,
            EndedAt = call.EndedAt,
            ReceivedAt = call.ReceivedAt,
            RingType = call.RingType,
            HangupType = call.HangupType,
            HangupBy = call.HangupBy,
            CallerNumber = reveal ? call.CallerNumber : Mask.Number(call.CallerNumber),
            TransferRequested = call.TransferRequestedAt is not null,
            Transferred = call.TransferSucceededAt is not null,
            AttemptCount = call.AttemptCount,
            HasRecording = call.HasRecording,
            Found = call.Flags,
            Flags = [.. call.Flags.Each().Select(flag => flag.ToString())],
        };
    }
}
