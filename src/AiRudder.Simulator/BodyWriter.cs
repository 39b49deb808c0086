using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRudder.Simulator;

/// <summary>Writes the body of the vendor's "webhook of call", misspelled names included.</summary>
internal static class BodyWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(CallTask task, DateTime at, IEnumerable<FinishedCall> calls)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("task_id", task.Id);
            json.WriteString("task_name", task.Name);
            // Whether a body can say anything but finished is unknown; "calling" is the pull API's word.
            json.WriteString("status", at < task.End ? "calling" : "finished");
            json.WriteString("created_at", Text(task.Created));
            json.WriteNumber("repeat_interval", task.RepeatInterval);
            json.WriteNumber("repeat_number", task.RepeatNumber);
            json.WriteString("robot_hash", task.Robot.Group ?? task.Robot.Hash);
            json.WriteString("robot_method", task.Robot.Group is null ? "single" : "group");
            json.WriteString("sip_line", task.Robot.Line);
            json.WriteString("schedule_start_time", Text(task.Start));
            json.WriteString("schedule_end_time", Text(task.End));
            json.WriteStartArray("details");
            foreach (var call in calls)
            {
                WriteCall(json, task.Robot, call);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCall(Utf8JsonWriter json, Robot robot, FinishedCall call)
    {
        var talk = call.Talk;
        json.WriteStartObject();
        json.WriteNumber("id", call.Row);
        json.WriteString("callee", call.Callee);
        json.WriteString("result", "finished");
        json.WriteString("result_label", call.Letter);
        json.WriteNumber("duration", talk?.Duration ?? 0);
        json.WriteString("hangup_type", call.HangupType);
        json.WriteString("hangup_by", call.HangupBy);
        json.WriteString("ring_type", call.RingType);
        if (robot.IsInfoCheck)
        {
            WriteAnswers(json, talk?.Answers ?? []);
        }

        WriteMap(json, "EventLabel", talk?.Events);
        json.WriteString("Multi_intention", talk is { Path.Also.Count: > 0 } ? Intentions(talk.Path.Also) : "{}");
        json.WriteString("Slots", talk?.Slots ?? "");
        WriteMap(json, "NerSlots", talk?.Entities);
        WriteMap(json, "variables", call.Variables);
        json.WriteString("robot_hash", robot.Hash);
        json.WriteString("call_id", call.CallId);
        json.WriteNumber("call_times", call.CallTimes);
        json.WriteString("call_start_time", Text(call.Start));
        json.WriteString("call_end_time", Text(call.End));
        json.WriteString("call_dial_time", Text(call.Dial));
        json.WriteString("call_connect_time", Text(call.Connect));
        json.WriteString("robot_end_time", Text(call.Connect?.AddSeconds(talk?.RobotEnd ?? 0)));
        json.WriteNumber("ring_time", call.RingTime);
        json.WriteNumber("talk_round", talk?.Turns.Count ?? 0);
        WriteEarlier(json, call);
        json.WriteString("intention_description", robot.Letters[call.Letter]);
        json.WriteString("caller_number", call.Caller);
        WriteTurns(json, talk?.Turns ?? []);
        json.WriteString("human_robot_summary", talk?.Summary ?? "");
        json.WriteString("emotion", talk?.Emotion ?? "");
        json.WriteString("recording_link", call.RecordingLink);
        WriteTransfer(json, call);
        json.WriteString("reason_code", "Null");
        json.WriteEndObject();
    }

    // All words here but Yes, Completed, whether, Answered and the hyphen are invented: the spec shows one value each.
    private static void WriteAnswers(Utf8JsonWriter json, IReadOnlyList<Answer> answers)
    {
        json.WriteStartArray("question_answer");
        foreach (var answer in answers)
        {
            json.WriteStartObject();
            json.WriteString("question_name", answer.Question.Name);
            json.WriteString("answer", answer.Word);
            json.WriteString("answer_text", answer.Text);
            json.WriteString("status", answer.Asked ? "Completed" : "Not asked");
            json.WriteString("answer_text_slot", answer.Slot);
            json.WriteString("var", answer.Var);
            json.WriteString("verification_results", answer.Verification);
            json.WriteString("question_content", answer.Question.Content);
            json.WriteString("question_type", "whether");
            json.WriteString("whether_answer", answer.Word == "-" ? "Unanswered" : "Answered");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEarlier(Utf8JsonWriter json, FinishedCall call)
    {
        json.WriteStartArray("redail_call");
        foreach (var attempt in call.Earlier)
        {
            json.WriteStartObject();
            json.WriteString("call_id", attempt.CallId);
            json.WriteString("call_start_time", Text(attempt.Start));
            json.WriteString("ring_type", attempt.RingType);
            json.WriteNumber("ring_time", attempt.RingTime);
            json.WriteString("hangup_type", "ByRobot");
            json.WriteString("result_label", attempt.Letter);
            json.WriteString("callee_number", call.Callee);
            json.WriteString("caller_number", attempt.Caller);
            json.WriteString("reason_code", "Null");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTurns(Utf8JsonWriter json, IReadOnlyList<SpokenTurn> turns)
    {
        json.WriteStartArray("asr_result");
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("time", TimeSpan.FromSeconds(turn.At).ToString("c", CultureInfo.InvariantCulture));
            json.WriteString("robottext", turn.Robot);
            json.WriteString("text", turn.Callee);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // 2 = handed over is the reading of the one sample; 0 and 3 and the words of reasons are invented.
    private static void WriteTransfer(Utf8JsonWriter json, FinishedCall call)
    {
        json.WriteStartObject("transfer");
        if (!call.BareTransfer)
        {
            var handover = call.Talk?.Handover;
            json.WriteNumber("TransferStatus", handover is null ? 0 : handover.Took is null ? 3 : 2);
            json.WriteString("TransferFailureReason", handover is { Took: null } ? "NoAgentAvailable" : "");
            json.WriteString("TransferTime", Text(call.Connect?.AddSeconds(handover?.Began ?? 0), handover is not null));
            json.WriteString("TransferRingTime", Text(call.Connect?.AddSeconds(handover?.Rang ?? 0), handover is not null));
            json.WriteString("TransferSuccessTime", Text(call.Connect?.AddSeconds(handover?.Took ?? 0), handover?.Took is not null));
            json.WriteString("TransferReason", handover?.Reason ?? "");
            json.WriteString("TransferCallId", handover is null ? "" : "artificial_" + call.AgentLegId);
        }

        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string>? map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map ?? new Dictionary<string, string>())
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static string Intentions(IReadOnlyList<string> also)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("secondary");
            foreach (var intention in also)
            {
                json.WriteStringValue(intention);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Text(DateTime? local, bool happened = true) =>
        happened && local is { } time ? time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";
}
