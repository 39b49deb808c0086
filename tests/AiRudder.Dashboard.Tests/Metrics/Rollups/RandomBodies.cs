using System.Globalization;
using System.Text.Json.Nodes;

namespace AiRudder.Dashboard.Tests.Metrics.Rollups;

/// <summary>Bodies as chance makes them, with times around days on which clocks change and around midnight.</summary>
internal sealed class RandomBodies(Random random, DateTime[] around)
{
    private static readonly string?[] Labels = ["A", "B", "C", "--", null];
    private static readonly string?[] Robots = ["r1", "r2", null];
    private static readonly string?[] Callees = ["+1", "+2", "+3", "+4", "+5", "", null];
    private static readonly string?[] Callers = ["+91", "+92", null];
    private static readonly string?[] Hangups = ["ByCallee", "ByRobot", "ByAgent", null];
    private static readonly string?[] Rings = ["normal", "outofarea", "busy", null];

    public JsonObject Next()
    {
        var details = new JsonArray();
        for (var i = random.Next(1, 6); i > 0; i--)
            details.Add((JsonNode)Element());

        var body = new JsonObject { ["task_id"] = random.Next(12) == 0 ? null : "t" + random.Next(4), ["salt"] = random.Next(), ["details"] = details };
        if (random.Next(3) == 0)
            body["status"] = "finished";

        return body;
    }

    private JsonObject Element()
    {
        var element = new JsonObject();
        var start = Near();
        var connected = random.Next(2) == 0;
        void Set(string field, JsonNode? value)
        {
            if (value is not null || random.Next(4) == 0)
                element[field] = value;
        }

        Set("call_id", random.Next(8) == 0 ? null : "c" + random.Next(25));
        Set("callee", Any(Callees));
        Set("caller_number", Any(Callers));
        Set("result_label", Any(Labels));
        Set("robot_hash", Any(Robots));
        Set("call_times", random.Next(3) == 0 ? random.Next(1, 4) : null);
        Set("call_start_time", random.Next(10) == 0 ? null : Text(start));
        Set("call_dial_time", random.Next(3) == 0 ? Text(start.AddSeconds(-2)) : null);
        Set("ring_type", Any(Rings));
        Set("ring_time", random.Next(3) == 0 ? null : random.Next(40));
        Set("hangup_type", Any(Hangups));
        Set("hangup_by", Any(Hangups));
        Set("talk_round", random.Next(3) == 0 ? null : random.Next(9));
        if (connected)
        {
            Set("call_connect_time", random.Next(3) == 0 ? null : Text(start.AddSeconds(5)));
            Set("robot_end_time", random.Next(3) == 0 ? null : Text(start.AddSeconds(5 + random.Next(60))));
            Set("duration", random.Next(4) == 0 ? null : random.Next(40));
            Set("asr_result", random.Next(2) == 0 ? new JsonArray(new JsonObject { ["time"] = "00:00:01", ["robottext"] = "halo " + (random.Next(2) == 0 ? "satu" : "dua " + random.Next(100)), ["text"] = random.Next(2) == 0 ? "ya" : "" }) : null);
            if (random.Next(3) == 0)
                Set("transfer", new JsonObject { ["TransferStatus"] = random.Next(4), ["TransferTime"] = Text(start.AddSeconds(20)), ["TransferSuccessTime"] = random.Next(2) == 0 ? Text(start.AddSeconds(15 + random.Next(60))) : "" });

            if (random.Next(3) == 0)
                Set("question_answer", new JsonArray([.. Enumerable.Range(1, random.Next(1, 4)).Select(i => new JsonObject { ["question_name"] = random.Next(9) == 0 ? "-" : "Q" + (random.Next(5) == 0 ? 1 : i), ["answer"] = random.Next(2) == 0 ? "Yes" : "-", ["verification_results"] = random.Next(3) == 0 ? "Consistent" : "-", ["status"] = random.Next(2) == 0 ? "Completed" : "-", ["whether_answer"] = random.Next(2) == 0 ? "Answered" : "-" })]));
        }

        if (random.Next(3) == 0)
            Set("redail_call", new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new JsonObject
            {
                ["call_id"] = random.Next(4) == 0 ? null : "c" + random.Next(25), ["call_start_time"] = random.Next(5) == 0 ? null : Text(random.Next(20) == 0 ? start.AddDays(random.Next(-60, 60)) : start.AddMinutes(-random.Next(2000))),
                ["caller_number"] = Any(Callers), ["ring_type"] = Any(Rings), ["ring_time"] = random.Next(2) == 0 ? null : random.Next(40),
            })]));

        return element;
    }

    private DateTime Near() => Any(around).AddMinutes(random.Next(4) == 0 ? 15 * random.Next(-200, 200) : random.Next(-180, 300)).AddSeconds(random.Next(3) == 0 ? 0 : random.Next(60));

    private T Any<T>(T[] values) => values[random.Next(values.Length)];

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
