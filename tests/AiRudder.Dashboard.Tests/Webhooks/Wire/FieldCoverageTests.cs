using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Webhooks.Wire;

/// <summary>The specification ticked off: each field it names carries a value of its own, and each value must arrive in a column.</summary>
[Trait("Requirement", "D8")]
public sealed class FieldCoverageTests
{
    private enum Is
    {
        Text,
        Number,
        Time,
        Texts,
        JsonInText,
        Offset,
    }

    /// <summary>Sections 3.2 and 6.1. <c>details</c> is what the others are about.</summary>
    private static readonly (string Name, Is Type)[] Envelope =
    [
        ("task_id", Is.Text), ("task_name", Is.Text), ("status", Is.Text), ("created_at", Is.Time), ("repeat_interval", Is.Number), ("repeat_number", Is.Number), ("robot_hash", Is.Text),
        ("robot_method", Is.Text), ("sip_line", Is.Text), ("schedule_start_time", Is.Time), ("schedule_end_time", Is.Time),
        ("workflow_id", Is.Text), ("workflow_name", Is.Text), ("nodetask_id", Is.Text), ("nodetask_name", Is.Text), ("case_id", Is.Text),
    ];

    /// <summary>Section 3.3 without the four that have fields of their own.</summary>
    private static readonly (string Name, Is Type)[] Detail =
    [
        ("id", Is.Number), ("callee", Is.Text), ("result", Is.Text), ("result_label", Is.Text), ("duration", Is.Number), ("hangup_type", Is.Text), ("hangup_by", Is.Text), ("ring_type", Is.Text),
        ("EventLabel", Is.Texts), ("Multi_intention", Is.JsonInText), ("Slots", Is.Text), ("NerSlots", Is.Texts), ("variables", Is.Texts), ("robot_hash", Is.Text), ("call_id", Is.Text),
        ("call_times", Is.Number), ("call_dial_time", Is.Time), ("call_start_time", Is.Time), ("call_connect_time", Is.Time), ("robot_end_time", Is.Time), ("call_end_time", Is.Time),
        ("ring_time", Is.Number), ("talk_round", Is.Number), ("intention_description", Is.Text), ("caller_number", Is.Text), ("human_robot_summary", Is.Text), ("emotion", Is.Text),
        ("recording_link", Is.Text), ("reason_code", Is.Text),
    ];

    /// <summary>Section 3.4.</summary>
    private static readonly (string Name, Is Type)[] Question =
    [
        ("question_name", Is.Text), ("question_content", Is.Text), ("question_type", Is.Text), ("answer", Is.Text), ("answer_text", Is.Text), ("answer_text_slot", Is.Text), ("status", Is.Text),
        ("var", Is.Text), ("verification_results", Is.Text), ("whether_answer", Is.Text),
    ];

    /// <summary>Section 3.5.</summary>
    private static readonly (string Name, Is Type)[] Redial =
    [
        ("call_id", Is.Text), ("call_start_time", Is.Time), ("ring_type", Is.Text), ("ring_time", Is.Number), ("hangup_type", Is.Text), ("result_label", Is.Text), ("callee_number", Is.Text),
        ("caller_number", Is.Text), ("reason_code", Is.Text),
    ];

    /// <summary>Section 3.6.</summary>
    private static readonly (string Name, Is Type)[] Asr = [("time", Is.Offset), ("robottext", Is.Text), ("text", Is.Text)];

    /// <summary>Section 3.7.</summary>
    private static readonly (string Name, Is Type)[] Transfer =
    [
        ("TransferStatus", Is.Number), ("TransferReason", Is.Text), ("TransferTime", Is.Time), ("TransferRingTime", Is.Time), ("TransferSuccessTime", Is.Time), ("TransferFailureReason", Is.Text),
        ("TransferCallId", Is.Text),
    ];

    private static readonly string[] Workflow = ["workflow_id", "workflow_name", "nodetask_id", "nodetask_name", "case_id"];

    private readonly List<(string Field, string Marker)> markers = [];
    private int next = 1;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_WithEveryDocumentedField_FillsAColumnWithEach(bool workflowFieldsInElement)
    {
        using var road = new CallRoad();
        var envelope = Envelope.Where(field => !workflowFieldsInElement || !Workflow.Contains(field.Name));
        var detail = workflowFieldsInElement ? Detail.Concat(Workflow.Select(name => (name, Is.Text))) : Detail;
        var element = Filled("details[].", detail);
        element["question_answer"] = new JsonArray(Filled("question_answer[].", Question));
        element["redail_call"] = new JsonArray(Filled("redail_call[].", Redial));
        element["asr_result"] = new JsonArray(Filled("asr_result[].", Asr));
        element["transfer"] = Filled("transfer.", Transfer);
        element["a_field_of_the_future"] = Mark("a_field_of_the_future", Is.Text);
        var body = Filled("", envelope);
        body["details"] = new JsonArray(element);

        var delivery = await road.ReceiveAsync(body.ToJsonString());

        Assert.Equal(1, delivery.Calls);
        var stored = await StoredAsync(road);
        Assert.Empty(markers.Where(marker => !stored.Contains(marker.Marker, StringComparison.Ordinal)).Select(marker => $"{marker.Field} ({marker.Marker})"));
        Assert.Null((await road.DetailAsync((await road.OnlyCallAsync()).Id)).ReadingNotes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_WithEveryNameInOtherCase_IsReadTheSame(bool upper)
    {
        using var road = new CallRoad();
        var element = Filled("details[].", Detail);
        var body = new JsonObject { ["task_id"] = Mark("task_id", Is.Text), ["details"] = new JsonArray(element) };
        var json = Recased(body, upper).ToJsonString();

        await road.ReceiveAsync(json);

        var stored = await StoredAsync(road);
        Assert.Empty(markers.Where(marker => !stored.Contains(marker.Marker, StringComparison.Ordinal)).Select(marker => marker.Field));
        Assert.Null((await road.DetailAsync((await road.OnlyCallAsync()).Id)).UnknownJson);
    }

    private static JsonObject Recased(JsonObject body, bool upper)
    {
        var recased = new JsonObject();
        foreach (var (name, value) in body)
        {
            var other = upper ? name.ToUpperInvariant() : name.ToLowerInvariant();
            recased[other] = value is JsonArray { Count: 1 } array ? new JsonArray(Recased(array[0]!.AsObject(), upper)) : value?.DeepClone();
        }

        return recased;
    }

    private JsonObject Filled(string path, IEnumerable<(string Name, Is Type)> fields)
    {
        var filled = new JsonObject();
        foreach (var (name, type) in fields)
            filled[name] = Mark(path + name, type);

        return filled;
    }

    private JsonNode Mark(string field, Is type)
    {
        var number = next++;
        switch (type)
        {
            case Is.Number:
                markers.Add((field, $"={1000 + number}; "));
                return 1000 + number;
            case Is.Time:
                // Jakarta is seven hours ahead of UTC.
                var local = new DateTime(2026, 1, 21, 12, 0, 0).AddMinutes(number);
                markers.Add((field, $"={local.AddHours(-7).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}; "));
                return local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            case Is.Offset:
                markers.Add((field, $"\"at\":{60 + number}"));
                return $"00:01:{number:00}";
            case Is.Texts:
                markers.Add((field, $"{{\"key{number}\":\"value{number}x\"}}"));
                return new JsonObject { [$"key{number}"] = $"value{number}x" };
            case Is.JsonInText:
                markers.Add((field, $"{{\"inner\":\"value{number}x\"}}"));
                return $"{{\"inner\":\"value{number}x\"}}";
            default:
                markers.Add((field, $"value{number}x"));
                return $"value{number}x";
        }
    }

    private static async Task<string> StoredAsync(CallRoad road)
    {
        await using var db = road.Db();
        var text = new StringBuilder();
        object[] rows =
        [
            .. await db.CallTasks.AsNoTracking().ToListAsync(), .. await db.Calls.AsNoTracking().ToListAsync(), .. await db.CallDetails.AsNoTracking().ToListAsync(),
            .. await db.Attempts.AsNoTracking().ToListAsync(), .. await db.Answers.AsNoTracking().ToListAsync(),
        ];
        foreach (var row in rows)
            CallRoad.Write(text, row);

        return text.ToString();
    }
}
