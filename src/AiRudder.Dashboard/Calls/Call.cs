namespace AiRudder.Dashboard.Calls;

/// <summary>
/// One finished number of a task: an element of <c>details</c>, merged over all versions received. What lists and figures need;
/// the rest is in <see cref="CallDetail"/>.
/// </summary>
public sealed class Call
{
    /// <summary>Longest text of a column that SQL Server must index; a longer value is cut there and whole in the original.</summary>
    public const int IndexedLength = 200;

    public long Id { get; set; }

    public int ConnectionId { get; set; }

    public int CallTaskId { get; set; }

    /// <summary>What makes it the same call again, see <see cref="Calls.Identity"/>. Unique per connection.</summary>
    public required byte[] Identity { get; set; }

    /// <summary>AIRUDDER's <c>call_id</c> as received; null when it sent none.</summary>
    public string? VendorCallId { get; set; }

    /// <summary>The number dialled, as received.</summary>
    public string? Callee { get; set; }

    /// <summary>Our number as shown to the callee.</summary>
    public string? CallerNumber { get; set; }

    public string? RobotHash { get; set; }

    /// <summary>The robot's label (<c>result_label</c>); null for none in any of its spellings. Comparable within one robot only.</summary>
    public string? Label { get; set; }

    /// <summary>The call's own status (<c>result</c>).</summary>
    public string? Result { get; set; }

    public string? RingType { get; set; }

    public string? HangupType { get; set; }

    public string? HangupBy { get; set; }

    public string? ReasonCode { get; set; }

    /// <summary><c>duration</c>, taken as seconds; the vendor does not write the unit.</summary>
    public int? DurationSeconds { get; set; }

    /// <summary><c>ring_time</c>, taken as seconds.</summary>
    public int? RingSeconds { get; set; }

    /// <summary><c>robot_end_time</c> minus <c>call_connect_time</c>, when both are known and in order.</summary>
    public int? RobotTalkSeconds { get; set; }

    /// <summary><c>call_times</c>: how often AIRUDDER says it dialled the number.</summary>
    public int? CallTimes { get; set; }

    /// <summary><c>talk_round</c>.</summary>
    public int? TalkRounds { get; set; }

    /// <summary>Rows in <see cref="Attempt"/> that are not repeated: distinct dials we know of, this one included.</summary>
    public int AttemptCount { get; set; }

    /// <summary>A connect time is known or the duration is above zero. Says nothing of who answered.</summary>
    public bool Connected { get; set; }

    /// <summary>What the robot said last, without names and numbers, see <see cref="LastSentence"/>; null when it said nothing.</summary>
    public string? LastSaid { get; set; }

    /// <summary>The callee said something that was transcribed.</summary>
    public bool CalleeSpoke { get; set; }

    /// <summary>The start of the attempt (call, dial or connect time, else arrival): decides the day it counts in.</summary>
    public DateTimeOffset OccurredAt { get; set; }

    public DateTimeOffset? DialedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? ConnectedAt { get; set; }

    public DateTimeOffset? RobotEndedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Arrival of the first delivery that held it.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    public DateTimeOffset? TransferRequestedAt { get; set; }

    public DateTimeOffset? TransferSucceededAt { get; set; }

    public bool HasRecording { get; set; }

    public CallFlags Flags { get; set; }

    /// <summary>How many versions were received.</summary>
    public int Versions { get; set; }

    /// <summary>
    /// The big delivery that is still being stored and brought this call: until all its calls are there nobody sees any of them (a filter
    /// on every query). Null once it landed.
    /// </summary>
    public long? StagedBy { get; set; }
}

/// <summary>What is shown of a call but never aggregated. Columns named "Json" hold JSON text made by us.</summary>
public sealed class CallDetail
{
    public long CallId { get; set; }

    /// <summary>Array of <see cref="Turn"/>.</summary>
    public string? TurnsJson { get; set; }

    public string? Summary { get; set; }

    public string? Emotion { get; set; }

    /// <summary><c>intention_description</c>.</summary>
    public string? LabelDescription { get; set; }

    /// <summary><c>EventLabel</c> as an object.</summary>
    public string? EventLabelsJson { get; set; }

    /// <summary><c>Multi_intention</c>: the JSON inside the string, or the string itself as a JSON string when it holds none.</summary>
    public string? IntentionsJson { get; set; }

    /// <summary><c>Slots</c> likewise.</summary>
    public string? SlotsJson { get; set; }

    /// <summary><c>NerSlots</c> as an object.</summary>
    public string? EntitiesJson { get; set; }

    /// <summary><c>variables</c> as an object: the customer's upload, echoed. Personal data.</summary>
    public string? VariablesJson { get; set; }

    /// <summary>Fields this version of the product does not know, as an object.</summary>
    public string? UnknownJson { get; set; }

    /// <summary>Every time as the text received, by AIRUDDER's field name, as an object.</summary>
    public string? TimesJson { get; set; }

    /// <summary>IANA id of the zone in which those texts were read.</summary>
    public required string TimeZone { get; set; }

    /// <summary>What was odd while reading, one sentence per line; null when nothing was.</summary>
    public string? ReadingNotes { get; set; }

    /// <summary>The vendor's address of the sound. Never leaves the server.</summary>
    public string? RecordingLink { get; set; }

    public int? TransferStatus { get; set; }

    public string? TransferReason { get; set; }

    public string? TransferFailureReason { get; set; }

    public string? TransferCallId { get; set; }

    public DateTimeOffset? TransferRangAt { get; set; }

    public string? WorkflowId { get; set; }

    public string? WorkflowName { get; set; }

    public string? NodeTaskId { get; set; }

    public string? NodeTaskName { get; set; }

    /// <summary>The customer's own id of the contact (<c>case_id</c>).</summary>
    public string? CaseId { get; set; }

    /// <summary>AIRUDDER's row number inside the task (<c>id</c>).</summary>
    public string? RowNumber { get; set; }
}

/// <summary>One exchange of the transcript: either side may be empty.</summary>
/// <param name="At">Seconds from the start of the talk; null when the time could not be read.</param>
/// <param name="Robot">What the robot said.</param>
/// <param name="Callee">What the callee said.</param>
public sealed record Turn(double? At, string Robot, string Callee);

/// <summary>One dial of the number: the last one (from the call itself) or an earlier one from <c>redail_call</c>.</summary>
public sealed class Attempt
{
    /// <summary>A redial began no longer before the last dial of its number than this,</summary>
    public static readonly TimeSpan MostBefore = TimeSpan.FromDays(30);

    /// <summary>and no later than this after it: by how much clocks may differ. Figures of some days look for dials among the calls of these.</summary>
    public static readonly TimeSpan MostAfter = TimeSpan.FromHours(12);

    /// <summary>Takes a start for what it can be, a dial's of a call that began at another time or a mere claim.</summary>
    public void Place(DateTimeOffset? told, DateTimeOffset occurredAt)
    {
        var belongs = told >= occurredAt - MostBefore && told <= occurredAt + MostAfter;
        StartedAt = belongs ? told : null;
        ClaimedAt = belongs ? null : told;
    }

    public long CallId { get; set; }

    /// <summary>From 1, in order of start.</summary>
    public int Ordinal { get; set; }

    /// <summary>The one that the call itself describes.</summary>
    public bool Final { get; set; }

    /// <summary>An item of <c>redail_call</c> that names a dial already listed: shown as received, never counted.</summary>
    public bool Repeated { get; set; }

    public string? VendorCallId { get; set; }

    /// <summary>Null when AIRUDDER gave none, or one that cannot belong to the call: it then counts as begun with its call.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>The start that cannot belong to the call.</summary>
    public DateTimeOffset? ClaimedAt { get; set; }

    /// <summary>As AIRUDDER gave it.</summary>
    public DateTimeOffset? ToldAt => StartedAt ?? ClaimedAt;

    public bool Connected { get; set; }

    public string? RingType { get; set; }

    public int? RingSeconds { get; set; }

    public string? HangupType { get; set; }

    public string? Label { get; set; }

    public string? CalleeNumber { get; set; }

    public string? CallerNumber { get; set; }

    public string? ReasonCode { get; set; }
}

/// <summary>One item of Info Check's <c>question_answer</c>, in the order received.</summary>
public sealed class Answer
{
    public long CallId { get; set; }

    public int Ordinal { get; set; }

    /// <summary><c>question_name</c>, the question's key in the script.</summary>
    public string? Question { get; set; }

    /// <summary><c>question_content</c>, its subject.</summary>
    public string? Subject { get; set; }

    /// <summary><c>question_type</c>.</summary>
    public string? Type { get; set; }

    /// <summary><c>answer</c>, normalised by the robot.</summary>
    public string? Value { get; set; }

    /// <summary><c>answer_text</c>, as heard.</summary>
    public string? Text { get; set; }

    /// <summary><c>answer_text_slot</c>, the value extracted.</summary>
    public string? Slot { get; set; }

    /// <summary><c>status</c> of the question.</summary>
    public string? Status { get; set; }

    /// <summary><c>var</c>, the uploaded value to compare with.</summary>
    public string? Reference { get; set; }

    /// <summary><c>verification_results</c>.</summary>
    public string? Verification { get; set; }

    /// <summary><c>whether_answer</c>.</summary>
    public string? Answered { get; set; }
}

/// <summary>One element of <c>details</c> as it arrived. A call is the merge of its versions in order of arrival.</summary>
public sealed class CallVersion
{
    public long DeliveryId { get; set; }

    /// <summary>Position in <c>details</c>, from 0.</summary>
    public int Ordinal { get; set; }

    public long CallId { get; set; }

    /// <summary>The element's JSON as UTF-8, deflated.</summary>
    public required byte[] Original { get; set; }
}

/// <summary>Contradictions and oddities found in a call's record; each filters, counts and explains itself.</summary>
[Flags]
public enum CallFlags
{
    None = 0,
    HangupFieldsDisagree = 1 << 0,
    ZeroDurationWithTranscript = 1 << 1,
    TimesOutOfOrder = 1 << 2,
    AttemptsDoNotAddUp = 1 << 3,
    ConnectSignalsDisagree = 1 << 4,
    TransferStatusDisagrees = 1 << 5,
    DurationDisagreesWithTimes = 1 << 6,

    /// <summary>A field could not be read as what it should be; the original is kept.</summary>
    OddField = 1 << 7,

    /// <summary>A local time falls into a gap or an overlap of daylight saving.</summary>
    AmbiguousTime = 1 << 8,

    /// <summary>AIRUDDER sent no call id: identity is task, number and attempt count.</summary>
    NoCallId = 1 << 9,

    TurnsDoNotAddUp = 1 << 10,
    TransferTimesIncomplete = 1 << 11,
    RecordingWithoutConnect = 1 << 12,

    /// <summary>Two fields of one record cannot both be true; the others are oddities of reading.</summary>
    Contradiction = HangupFieldsDisagree | ZeroDurationWithTranscript | TimesOutOfOrder | AttemptsDoNotAddUp | ConnectSignalsDisagree | TransferStatusDisagrees | DurationDisagreesWithTimes | TurnsDoNotAddUp | TransferTimesIncomplete | RecordingWithoutConnect,
}
