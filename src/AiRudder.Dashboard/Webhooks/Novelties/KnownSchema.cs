using System.Text.Json;

namespace AiRudder.Dashboard.Webhooks.Novelties;

/// <summary>Kinds of JSON a field may be.</summary>
[Flags]
internal enum JsonKinds
{
    None = 0,
    String = 1,
    Number = 2,
    Truth = 4,
    Object = 8,
    Array = 16,
    Null = 32,
}

/// <summary>A field that documentation names.</summary>
/// <param name="Path">From the top of the body.</param>
/// <param name="Kinds">What it is documented to be.</param>
/// <param name="Within">The fields of the object, or of the array's objects; null when what is inside belongs to the customer.</param>
/// <param name="Words">For fields that hold one of a few words: those that are documented.</param>
internal sealed record KnownField(string Path, JsonKinds Kinds, KnownObject? Within, HashSet<string>? Words)
{
    /// <summary>The words, to be asked without making a string.</summary>
    public HashSet<string>.AlternateLookup<ReadOnlySpan<char>>? Vocabulary { get; } = Words?.GetAlternateLookup<ReadOnlySpan<char>>();
}

/// <summary>The fields of one object; names are compared as the reader does, without regard to case.</summary>
internal sealed class KnownObject(string path)
{
    private readonly Dictionary<string, KnownField> fields = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Stands before the names of its fields.</summary>
    public string Path { get; } = path;

    public KnownField? Find(ReadOnlySpan<char> name) => fields.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var field) ? field : null;

    public KnownObject Texts(params ReadOnlySpan<string> names) => Add(JsonKinds.String, names);

    public KnownObject Numbers(params ReadOnlySpan<string> names) => Add(JsonKinds.Number, names);

    /// <summary>Objects whose keys are the customer's or the script's.</summary>
    public KnownObject Open(params ReadOnlySpan<string> names) => Add(JsonKinds.Object, names);

    public KnownObject Words(string name, params ReadOnlySpan<string> known) => Enumeration(name, JsonKinds.String, known);

    public KnownObject Codes(string name, params ReadOnlySpan<string> known) => Enumeration(name, JsonKinds.Number, known);

    public KnownObject Child(string name, Action<KnownObject> describe) => Nest(name, JsonKinds.Object, Path + name + ".", describe);

    public KnownObject Children(string name, Action<KnownObject> describe) => Nest(name, JsonKinds.Array, Path + name + "[].", describe);

    private KnownObject Add(JsonKinds kinds, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            fields[name] = new KnownField(Path + name, kinds, null, null);
        }

        return this;
    }

    private KnownObject Enumeration(string name, JsonKinds kinds, ReadOnlySpan<string> known)
    {
        fields[name] = new KnownField(Path + name, kinds, null, new HashSet<string>(known.ToArray(), StringComparer.OrdinalIgnoreCase));
        return this;
    }

    private KnownObject Nest(string name, JsonKinds kinds, string path, Action<KnownObject> describe)
    {
        var within = new KnownObject(path);
        describe(within);
        fields[name] = new KnownField(Path + name, kinds, within, null);
        return this;
    }
}

/// <summary>What the documentation says bodies hold (airudder-webhooks.md, 3, 6 and 7): the ground against which something is new.</summary>
internal static class KnownSchema
{
    /// <summary>One element of <c>details</c>.</summary>
    public static readonly KnownObject Call = new KnownObject("details[].")
        .Texts("callee", "call_id", "call_dial_time", "call_start_time", "call_connect_time", "robot_end_time", "call_end_time", "robot_hash", "intention_description", "caller_number")
        .Texts("Multi_intention", "Slots", "human_robot_summary", "recording_link", "workflow_id", "workflow_name", "nodetask_id", "nodetask_name", "case_id")
        .Numbers("id", "duration", "call_times", "ring_time", "talk_round")
        .Open("EventLabel", "NerSlots", "variables")
        .Words("result", "finished", "cancelled", "pending")
        .Words("result_label", "A", "B", "C", "D", "E", "F", "G", "H", "I")
        .Words("hangup_type", "ByCallee", "ByRobot")
        .Words("hangup_by", "ByAgent")
        .Words("ring_type", "normal", "outofarea")
        .Words("reason_code")
        .Words("emotion")
        .Children("question_answer", question => question
            .Texts("question_name", "question_content", "answer", "answer_text", "answer_text_slot", "var", "verification_results")
            .Words("question_type", "whether")
            .Words("status", "Completed")
            .Words("whether_answer", "Answered"))
        .Children("redail_call", redial => redial
            .Texts("call_id", "call_start_time", "callee_number", "caller_number")
            .Numbers("ring_time")
            .Words("ring_type", "normal", "outofarea")
            .Words("hangup_type", "ByCallee", "ByRobot")
            .Words("result_label", "A", "B", "C", "D", "E", "F", "G", "H", "I")
            .Words("reason_code"))
        .Children("asr_result", turn => turn.Texts("time", "robottext", "text"))
        .Child("transfer", transfer => transfer
            .Texts("TransferReason", "TransferTime", "TransferRingTime", "TransferSuccessTime", "TransferFailureReason", "TransferCallId")
            .Codes("TransferStatus", "2"));

    private static readonly KnownObject CallEnvelope = new KnownObject("")
        .Texts("task_id", "task_name", "created_at", "robot_hash", "sip_line", "schedule_start_time", "schedule_end_time", "workflow_id", "workflow_name", "nodetask_id", "nodetask_name", "case_id")
        .Numbers("repeat_interval", "repeat_number")
        .Words("robot_method", "single", "group")
        .Words("status", "finished", "pending", "calling");

    private static readonly KnownObject WorkflowStatus = new KnownObject("workflow-status: ")
        .Texts("workflow_id", "workflow_name")
        .Words("status")
        .Children("actions", action => action
            .Texts("nodetask_id", "nodetask_name", "task_id")
            .Words("node_type")
            .Words("task_status", "finished", "pending", "calling"));

    private static readonly KnownObject Pds = new KnownObject("pds: ")
        .Words("type", "TaskStatus", "ContactStatus", "AgentStatus")
        .Child("body", body => body
            .Texts("agentName", "callType", "taskId", "taskName", "groupName", "callid", "phoneNumber", "mainNumber", "phoneTag", "contactName", "address", "info1", "info2", "info3", "remark", "privateData")
            .Texts("timestamp", "talkResultLabel", "talkremarks", "displayTalkResult", "isConcealCallee", "threewayState", "threewayAccount", "recLink")
            .Numbers("nthCall", "curDayOnlineDuration", "curDayRestDuration", "curWaitingCallCount", "groupUnallocatedCall", "earliestCallWaitTime", "waitingDialNumber", "totalNumber", "holdTimestamp")
            .Open("customizeResults", "customerInfo", "curDayCallCount", "curDayCallDuration", "holdDuration")
            .Children("curDayTalkResults", result => result.Texts("talkResult").Numbers("count"))
            .Words("registerState", "Registered")
            .Words("state", "Creating", "Not Started", "Running", "Paused", "Cancelled", "Finished", "CALLING", "RINGING", "ANSWERED", "HANGUP", "TALKRESULT")
            .Codes("hangupReason", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "12", "13", "14", "15", "16", "17", "18", "19", "20"));

    /// <summary>The fields beside <c>details</c> of a body of this kind.</summary>
    public static KnownObject Envelope(string kind) => kind switch
    {
        DeliveryKind.Call or DeliveryKind.WorkflowCall => CallEnvelope,
        DeliveryKind.WorkflowStatus => WorkflowStatus,
        DeliveryKind.Pds => Pds,
        _ => new KnownObject(kind + ": "),
    };

    public static JsonKinds KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.String => JsonKinds.String,
        JsonTokenType.Number => JsonKinds.Number,
        JsonTokenType.True or JsonTokenType.False => JsonKinds.Truth,
        JsonTokenType.StartObject => JsonKinds.Object,
        JsonTokenType.StartArray => JsonKinds.Array,
        JsonTokenType.Null => JsonKinds.Null,
        _ => JsonKinds.None,
    };

    public static string WordOf(JsonKinds kind) => kind switch
    {
        JsonKinds.String => Noted("text"),
        JsonKinds.Number => Noted("number"),
        JsonKinds.Truth => Noted("truth value"),
        JsonKinds.Object => Noted("object"),
        JsonKinds.Array => Noted("array"),
        JsonKinds.Null => "null",
        _ => Noted("nothing"),
    };
}
