using System.Text.Json;

namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>The top-level fields of a call webhook (airudder-webhooks.md, 3.2 and 6.1).</summary>
public sealed record CallEnvelope
{
    public string? TaskId { get; init; }

    public string? TaskName { get; init; }

    /// <summary>Status of the task, not of a call.</summary>
    public string? Status { get; init; }

    public string? CreatedAt { get; init; }

    public int? RepeatInterval { get; init; }

    public int? RepeatNumber { get; init; }

    public string? RobotHash { get; init; }

    public string? RobotMethod { get; init; }

    public string? SipLine { get; init; }

    public string? ScheduleStartTime { get; init; }

    public string? ScheduleEndTime { get; init; }

    /// <summary>The five fields of workflow calls; they may stand in the element instead.</summary>
    public WorkflowFields Workflow { get; init; } = new();

    public static CallEnvelope Read(JsonElement root, List<string> notes)
    {
        var body = new WireObject(root, "$", notes);
        return new CallEnvelope
        {
            TaskId = body.Text("task_id"),
            TaskName = body.Text("task_name"),
            Status = body.Text("status"),
            CreatedAt = body.Text("created_at"),
            RepeatInterval = body.Number("repeat_interval"),
            RepeatNumber = body.Number("repeat_number"),
            RobotHash = body.Text("robot_hash"),
            RobotMethod = body.Text("robot_method"),
            SipLine = body.Text("sip_line"),
            ScheduleStartTime = body.Text("schedule_start_time"),
            ScheduleEndTime = body.Text("schedule_end_time"),
            Workflow = WorkflowFields.Read(body),
        };
    }
}

/// <summary>What a workflow adds to a call. Where the fields sit is not documented, so both places are read.</summary>
public sealed record WorkflowFields
{
    public string? WorkflowId { get; init; }

    public string? WorkflowName { get; init; }

    public string? NodeTaskId { get; init; }

    public string? NodeTaskName { get; init; }

    public string? CaseId { get; init; }

    public static WorkflowFields Read(WireObject holder) => new()
    {
        WorkflowId = holder.Text("workflow_id"),
        WorkflowName = holder.Text("workflow_name"),
        NodeTaskId = holder.Text("nodetask_id"),
        NodeTaskName = holder.Text("nodetask_name"),
        CaseId = holder.Text("case_id"),
    };

    /// <summary>These where they are filled, else the other's.</summary>
    public WorkflowFields Over(WorkflowFields older) => new()
    {
        WorkflowId = WorkflowId ?? older.WorkflowId,
        WorkflowName = WorkflowName ?? older.WorkflowName,
        NodeTaskId = NodeTaskId ?? older.NodeTaskId,
        NodeTaskName = NodeTaskName ?? older.NodeTaskName,
        CaseId = CaseId ?? older.CaseId,
    };
}

/// <summary>
/// One element of <c>details</c>: the superset of Collection, Telemarketing, Info Check and workflow calls
/// (airudder-webhooks.md, 3.3 to 3.7, 4 and 6.1). Everything is optional; null means nothing was said.
/// </summary>
public sealed record CallElement
{
    public string? Id { get; init; }

    public string? CallId { get; init; }

    public string? Callee { get; init; }

    public string? Result { get; init; }

    public string? ResultLabel { get; init; }

    public int? Duration { get; init; }

    public string? HangupType { get; init; }

    public string? HangupBy { get; init; }

    public string? RingType { get; init; }

    public IReadOnlyList<QuestionAnswer> QuestionAnswers { get; init; } = [];

    public IReadOnlyDictionary<string, string> EventLabels { get; init; } = None;

    public string? MultiIntention { get; init; }

    public string? Slots { get; init; }

    public IReadOnlyDictionary<string, string> NerSlots { get; init; } = None;

    public IReadOnlyDictionary<string, string> Variables { get; init; } = None;

    public string? RobotHash { get; init; }

    public int? CallTimes { get; init; }

    public string? CallDialTime { get; init; }

    public string? CallStartTime { get; init; }

    public string? CallConnectTime { get; init; }

    public string? RobotEndTime { get; init; }

    public string? CallEndTime { get; init; }

    public int? RingTime { get; init; }

    public int? TalkRound { get; init; }

    public IReadOnlyList<Redial> Redials { get; init; } = [];

    public string? IntentionDescription { get; init; }

    public string? CallerNumber { get; init; }

    public IReadOnlyList<AsrTurn> Turns { get; init; } = [];

    public string? Summary { get; init; }

    public string? Emotion { get; init; }

    public string? RecordingLink { get; init; }

    public TransferElement Transfer { get; init; } = new();

    public string? ReasonCode { get; init; }

    public WorkflowFields Workflow { get; init; } = new();

    /// <summary>Fields no document names, as a JSON object.</summary>
    public string? Unknown { get; init; }

    /// <summary>What was odd while reading, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <param name="element">An object; anything else cannot be a call.</param>
    public static CallElement Read(JsonElement element)
    {
        var notes = new List<string>();
        var call = new WireObject(element, "$", notes);
        var transfer = call.Child("transfer");
        return new CallElement
        {
            Id = call.Text("id"),
            CallId = call.Text("call_id"),
            Callee = call.Text("callee"),
            Result = call.Text("result"),
            ResultLabel = call.Text("result_label"),
            Duration = call.Number("duration"),
            HangupType = call.Text("hangup_type"),
            HangupBy = call.Text("hangup_by"),
            RingType = call.Text("ring_type"),
            QuestionAnswers = [.. call.Children("question_answer").Select(QuestionAnswer.Read)],
            EventLabels = call.Texts("EventLabel"),
            MultiIntention = call.JsonInText("Multi_intention"),
            Slots = call.JsonInText("Slots"),
            NerSlots = call.Texts("NerSlots"),
            Variables = call.Texts("variables"),
            RobotHash = call.Text("robot_hash"),
            CallTimes = call.Number("call_times"),
            CallDialTime = call.Text("call_dial_time"),
            CallStartTime = call.Text("call_start_time"),
            CallConnectTime = call.Text("call_connect_time"),
            RobotEndTime = call.Text("robot_end_time"),
            CallEndTime = call.Text("call_end_time"),
            RingTime = call.Number("ring_time"),
            TalkRound = call.Number("talk_round"),
            Redials = [.. call.Children("redail_call").Select(Redial.Read)],
            IntentionDescription = call.Text("intention_description"),
            CallerNumber = call.Text("caller_number"),
            Turns = [.. call.Children("asr_result").Select(AsrTurn.Read)],
            Summary = call.Text("human_robot_summary"),
            Emotion = call.Text("emotion"),
            RecordingLink = call.Text("recording_link"),
            Transfer = transfer is null ? new() : TransferElement.Read(transfer),
            ReasonCode = call.Text("reason_code"),
            Workflow = WorkflowFields.Read(call),
            Unknown = call.Unknown(),
            Notes = notes,
        };
    }
}

/// <summary>One item of <c>question_answer</c> (Info Check).</summary>
public sealed record QuestionAnswer(
    string? Name, string? Content, string? Type, string? Answer, string? AnswerText, string? AnswerTextSlot, string? Status, string? Var, string? VerificationResults, string? WhetherAnswer)
{
    public static QuestionAnswer Read(WireObject item) => new(
        item.Text("question_name"),
        item.Text("question_content"),
        item.Text("question_type"),
        item.Text("answer"),
        item.Text("answer_text"),
        item.Text("answer_text_slot"),
        item.Text("status"),
        item.Text("var"),
        item.Text("verification_results"),
        item.Text("whether_answer"));
}

/// <summary>One item of <c>redail_call</c> (spelled so by the vendor): another attempt on the same number.</summary>
public sealed record Redial(
    string? CallId, string? CallStartTime, string? RingType, int? RingTime, string? HangupType, string? ResultLabel, string? CalleeNumber, string? CallerNumber, string? ReasonCode)
{
    public static Redial Read(WireObject item) => new(
        item.Text("call_id"),
        item.Text("call_start_time"),
        item.Text("ring_type"),
        item.Number("ring_time"),
        item.Text("hangup_type"),
        item.Text("result_label"),
        item.Text("callee_number"),
        item.Text("caller_number"),
        item.Text("reason_code"));
}

/// <summary>One item of <c>asr_result</c>; either side may be empty, and a hyphen may be what was said.</summary>
public sealed record AsrTurn(string? Time, string? RobotText, string? Text)
{
    public static AsrTurn Read(WireObject item) => new(item.Text("time"), item.Verbatim("robottext"), item.Verbatim("text"));
}

/// <summary><c>transfer</c>: the hand-over to a human agent, PascalCase unlike everything around it.</summary>
public sealed record TransferElement
{
    public int? Status { get; init; }

    public string? Reason { get; init; }

    public string? FailureReason { get; init; }

    public string? Time { get; init; }

    /// <summary>A moment, although <c>ring_time</c> elsewhere is a number of seconds.</summary>
    public string? RingTime { get; init; }

    public string? SuccessTime { get; init; }

    public string? CallId { get; init; }

    public static TransferElement Read(WireObject transfer) => new()
    {
        Status = transfer.Number("TransferStatus"),
        Reason = transfer.Text("TransferReason"),
        FailureReason = transfer.Text("TransferFailureReason"),
        Time = transfer.Text("TransferTime"),
        RingTime = transfer.Text("TransferRingTime"),
        SuccessTime = transfer.Text("TransferSuccessTime"),
        CallId = transfer.Text("TransferCallId"),
    };
}
