using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AiRudder.Dashboard.Recordings;

namespace AiRudder.Dashboard.Calls;

/// <summary>A call as <c>GET /api/calls/{id}</c> answers it.</summary>
public sealed record CallDocument : CallLine
{
    [SetsRequiredMembers]
    private CallDocument(CallLine line)
        : base(line)
    {
    }

    public string? Summary { get; init; }

    public string? Emotion { get; init; }

    public string? LabelDescription { get; init; }

    public string? ReasonCode { get; init; }

    public string? RowNumber { get; init; }

    public string? CaseId { get; init; }

    public int? CallTimes { get; init; }

    public int? TalkRounds { get; init; }

    public int? RobotTalkSeconds { get; init; }

    public DateTimeOffset? DialedAt { get; init; }

    public DateTimeOffset? ConnectedAt { get; init; }

    public DateTimeOffset? RobotEndedAt { get; init; }

    /// <summary>Times as the text received, by AIRUDDER's names.</summary>
    public RawJson? Times { get; init; }

    public IReadOnlyList<Turn> Turns { get; init; } = [];

    public IReadOnlyList<AttemptPart> Attempts { get; init; } = [];

    public IReadOnlyList<AnswerPart> Answers { get; init; } = [];

    public TransferPart? Transfer { get; init; }

    public RawJson? Variables { get; init; }

    public RawJson? Entities { get; init; }

    public RawJson? EventLabels { get; init; }

    public RawJson? Intentions { get; init; }

    public RawJson? Slots { get; init; }

    public RawJson? Unknown { get; init; }

    public WorkflowPart? Workflow { get; init; }

    public IReadOnlyList<string> ReadingNotes { get; init; } = [];

    public IReadOnlyList<VersionPart> Versions { get; init; } = [];

    public IReadOnlyList<DeliveryPart> Deliveries { get; init; } = [];

    public RecordingPart Recording { get; init; } = new("none", null);

    public RawJson? Original { get; init; }

    /// <summary>The caller may not reveal: originals hold numbers in full.</summary>
    public bool OriginalWithheld { get; init; }

    public static CallDocument Of(CallView view, Recording? recording, long? recordingBytes)
    {
        var (call, detail) = (view.Call, view.Detail);
        return new CallDocument(view.Line)
        {
            Summary = detail.Summary,
            Emotion = detail.Emotion,
            LabelDescription = detail.LabelDescription,
            ReasonCode = call.ReasonCode,
            RowNumber = detail.RowNumber,
            CaseId = detail.CaseId,
            CallTimes = call.CallTimes,
            TalkRounds = call.TalkRounds,
            RobotTalkSeconds = call.RobotTalkSeconds,
            DialedAt = call.DialedAt,
            ConnectedAt = call.ConnectedAt,
            RobotEndedAt = call.RobotEndedAt,
            Times = RawJson.Of(detail.TimesJson),
            Turns = view.Turns,
            Attempts = [.. view.Attempts.Select(AttemptPart.Of)],
            Answers = [.. view.Answers.Select(AnswerPart.Of)],
            Transfer = TransferPart.Of(call, detail),
            Variables = RawJson.Of(detail.VariablesJson),
            Entities = RawJson.Of(detail.EntitiesJson),
            EventLabels = RawJson.Of(detail.EventLabelsJson),
            Intentions = RawJson.Of(detail.IntentionsJson),
            Slots = RawJson.Of(detail.SlotsJson),
            Unknown = RawJson.Of(detail.UnknownJson),
            Workflow = WorkflowPart.Of(detail),
            ReadingNotes = detail.ReadingNotes?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [],
            Versions = [.. view.Versions.Select(row => new VersionPart(Id(row.DeliveryId), row.Ordinal, row.ReceivedAt, RawJson.Of(row.Original)))],
            Deliveries =
            [
                .. view.Versions.DistinctBy(row => row.DeliveryId)
                    .Select(row => new DeliveryPart(Id(row.DeliveryId), row.Kind, row.ReceivedAt, row.Outcome.ToString().ToLowerInvariant(), row.Copies)),
            ],
            Recording = RecordingPart.Of(call, recording, recordingBytes),
            Original = RawJson.Of(view.Original),
            OriginalWithheld = !view.Revealed,
        };

        static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
    }

    public sealed record AttemptPart(
        int Ordinal, bool Final, string? CallId, DateTimeOffset? StartedAt, bool Connected, string? RingType, int? RingSeconds,
        string? HangupType, string? Label, string? Callee, string? CallerNumber, string? ReasonCode)
    {
        public static AttemptPart Of(Attempt row) => new(
            row.Ordinal, row.Final, row.VendorCallId, row.ToldAt, row.Connected, row.RingType, row.RingSeconds,
            row.HangupType, row.Label, row.CalleeNumber, row.CallerNumber, row.ReasonCode);
    }

    public sealed record AnswerPart(
        string? Question, string? Subject, string? Type, string? Value, string? Text, string? Slot, string? Status, string? Reference, string? Verification, string? Answered)
    {
        public static AnswerPart Of(Answer row) => new(
            row.Question, row.Subject, row.Type, row.Value, row.Text, row.Slot, row.Status, row.Reference, row.Verification, row.Answered);
    }

    public sealed record TransferPart(
        int? Status, string? Reason, string? FailureReason, string? CallId, DateTimeOffset? RequestedAt, DateTimeOffset? RangAt, DateTimeOffset? SucceededAt)
    {
        public static TransferPart? Of(Call call, CallDetail detail)
        {
            var part = new TransferPart(
                detail.TransferStatus, detail.TransferReason, detail.TransferFailureReason, detail.TransferCallId,
                call.TransferRequestedAt, detail.TransferRangAt, call.TransferSucceededAt);
            return part == new TransferPart(null, null, null, null, null, null, null) ? null : part;
        }
    }

    public sealed record WorkflowPart(string? Id, string? Name, string? NodeTaskId, string? NodeTaskName)
    {
        public static WorkflowPart? Of(CallDetail detail)
        {
            var part = new WorkflowPart(detail.WorkflowId, detail.WorkflowName, detail.NodeTaskId, detail.NodeTaskName);
            return part == new WorkflowPart(null, null, null, null) ? null : part;
        }
    }

    public sealed record VersionPart(string DeliveryId, int Ordinal, DateTimeOffset ReceivedAt, RawJson? Original);

    public sealed record DeliveryPart(string Id, string? Kind, DateTimeOffset ReceivedAt, string Outcome, int Copies);

    /// <param name="State">
    /// <c>none</c>; <c>vendor</c>: streamed from the vendor when asked for; or what has become of our own copy: <c>expected</c>,
    /// <c>fetching</c>, <c>kept</c>, <c>gone</c>, <c>refused</c>.
    /// </param>
    /// <param name="Bytes">Length, once it is known.</param>
    /// <param name="Reason">Why there is no copy, one word.</param>
    /// <param name="Seconds">How long it plays, once it has been decoded.</param>
    public sealed record RecordingPart(string State, long? Bytes, string? Reason = null, double? Seconds = null)
    {
        public static RecordingPart Of(Call call, Recording? recording, long? vendorBytes) => (call.HasRecording, recording) switch
        {
            (false, _) => new("none", null),
            (true, null) => new("vendor", vendorBytes),
            (true, { } row) => new(row.State.ToString().ToLowerInvariant(), row.Bytes ?? vendorBytes, row.Reason, row.Seconds),
        };
    }
}
