using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRudder.Simulator;

internal static class HostileCatalogue
{
    private static readonly DateTime Noon = new(2026, 1, 21, 12, 0, 0);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    public static IEnumerable<HostileBody> Bodies() =>
        [.. NotJson(), .. Encodings(), .. WrongShapes(), .. OddValues(), .. Elements(), .. Identities(), .. Versions(), .. Transport()];

    private static IEnumerable<HostileBody> NotJson()
    {
        var good = Bytes(Call());
        yield return new("empty", []);
        yield return new("blanks only", "  \r\n "u8.ToArray());
        yield return Text("null", "null");
        yield return Text("true", "true");
        yield return Text("a number", "42");
        yield return Text("a string", "\"task_id\"");
        yield return Text("[]", "[]");
        yield return Text("{}", "{}");
        yield return Text("broken JSON", "{\"task_id\": \"a\", \"details\": [}");
        yield return Text("form fields", "task_id=1&details=2");
        yield return Text("XML", "<call><task_id>1</task_id></call>");
        yield return new("truncated in the middle", good[..(good.Length / 2)]);
        yield return new("truncated by one byte", good[..^1]);
        yield return new("rubbish after the end", [.. good, .. "}}garbage"u8]);
        yield return new("two bodies one after the other", [.. good, (byte)'\n', .. good]);
        yield return Text("single quotes", "{'task_id':'a','details':[]}");
        yield return Text("comments and trailing commas", "{/* hi */ \"task_id\":\"a\", \"details\":[],}");
        yield return Text("NaN and Infinity", "{\"task_id\":\"a\",\"repeat_number\":NaN,\"details\":[{\"duration\":Infinity}]}");
        yield return Text("nested 10,000 arrays deep", new string('[', 10_000) + new string(']', 10_000));
        yield return Text("nested 10,000 objects deep in a call", "{\"task_id\":\"deep\",\"details\":[{\"call_id\":\"deep\",\"variables\":"
            + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000) + "}]}");
    }

    private static IEnumerable<HostileBody> Encodings()
    {
        var good = Call();
        good["details"]![0]!["variables"]!["receiver_name"] = "José Muñoz Ünal";
        var text = Encoding.UTF8.GetString(Bytes(good));
        yield return new("UTF-8 with byte order mark", [0xEF, 0xBB, 0xBF, .. Bytes(good)]);
        yield return new("UTF-16 with byte order mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]);
        yield return new("UTF-16 without one", Encoding.BigEndianUnicode.GetBytes(text));
        yield return new("Latin-1", Encoding.Latin1.GetBytes(text));
        yield return new("Latin-1, declared", Encoding.Latin1.GetBytes(text)) { ContentType = "application/json; charset=iso-8859-1" };
        yield return With("lone surrogate, escaped", "human_robot_summary", "@@", "\\ud83d alone");
        yield return new("invalid UTF-8 in a string", Splice(Bytes(Call()), "\"result\":\"finished\"", [.. "\"result\":\""u8, 0xC3, 0x28, 0xFF, (byte)'"']));
        yield return With("NUL in strings, escaped", "human_robot_summary", "@@", "before\\u0000after");
        yield return new("NUL byte in a string", Splice(Bytes(Call()), "\"result\":\"finished\"", [.. "\"result\":\"fin"u8, 0, .. "ished\""u8]));
        yield return With("right-to-left override and emoji", "human_robot_summary", "@@", "\u202Egnp.exe 👩‍👩‍👧‍👦 مرحبا");
    }

    private static IEnumerable<HostileBody> WrongShapes()
    {
        var details = Call()["details"]![0]!.AsObject();
        var everywhere = new JsonObject();
        foreach (var (name, value) in details)
        {
            everywhere[name] = value switch
            {
                JsonArray => "an array it is not",
                JsonObject => new JsonArray(1, "two", null),
                JsonValue scalar when scalar.GetValueKind() == JsonValueKind.Number => new JsonObject { ["number"] = "many" },
                _ => 12.5,
            };
        }

        yield return Changed("wrong types in every field of a call", body => body["details"] = new JsonArray(everywhere));
        yield return Changed("wrong types in the envelope", body =>
        {
            foreach (var name in body.Select(pair => pair.Key).Where(name => name != "details").ToList())
            {
                body[name] = new JsonArray(new JsonObject());
            }
        });
        yield return Changed("details is an object", body => body["details"] = body["details"]![0]!.DeepClone());
        yield return Changed("details is a string holding JSON", body => body["details"] = body["details"]!.ToJsonString());
        yield return Changed("details is null", body => body["details"] = null);
        yield return Changed("details missing", body => body.Remove("details"));
        yield return Changed("details empty", body => body["details"] = new JsonArray());
        yield return Changed("every value null", body =>
        {
            foreach (var name in details.Select(pair => pair.Key))
            {
                body["details"]![0]![name] = null;
            }
        });
        yield return Changed("numbers as strings, strings as numbers", body =>
        {
            var call = body["details"]![0]!;
            (call["duration"], call["ring_time"], call["call_times"], call["result_label"], call["caller_number"]) = ("61", " 5", "2.0", 7, 622150997200);
        });
        yield return Text("unknown kind", "{\"event\":\"something_new\",\"payload\":{\"x\":1}}");
        yield return Text("PDS of an unknown type", "{\"type\":\"MoonStatus\",\"body\":{\"phase\":\"full\"}}");
        yield return Text("PDS whose body is a string", "{\"type\":\"AgentStatus\",\"body\":\"\"}");
        yield return Text("duplicate keys", "{\"task_id\":\"a\",\"task_id\":\"b\",\"details\":[{\"call_id\":\"dup-1\",\"call_id\":\"dup-2\",\"result\":\"finished\",\"result\":\"cancelled\"}],\"details\":[]}");
        yield return Text("keys in another case", "{\"TASK_ID\":\"a\",\"Details\":[{\"CALL_ID\":\"upper-1\",\"Result\":\"finished\"}]}");
    }

    private static IEnumerable<HostileBody> OddValues()
    {
        yield return With("1e400 as duration", "duration", "@@", "1e400", quoted: false);
        yield return With("a number of 400 digits", "ring_time", "@@", new string('9', 400), quoted: false);
        yield return With("negative duration", "duration", "@@", "-5", quoted: false);
        yield return With("duration beyond 32 bits", "duration", "@@", "99999999999", quoted: false);
        yield return With("impossible date", "call_end_time", "@@", "2026-02-31 25:61:61");
        yield return With("year zero", "call_start_time", "@@", "0000-00-00 00:00:00");
        yield return With("date far away", "call_connect_time", "@@", "9999-12-31 23:59:59");
        yield return With("ISO date with offset", "call_end_time", "@@", "2026-01-21T12:00:00.123+07:00");
        yield return With("Multi_intention broken", "Multi_intention", "@@", "{not json");
        yield return With("Multi_intention nested 1,000 deep", "Multi_intention", "@@", new string('[', 1000) + new string(']', 1000));
        yield return With("huge string (5 MB)", "human_robot_summary", "@@", new string('x', 5_000_000));
        yield return With("markup and formula", "human_robot_summary", "@@", "<script>alert(1)</script>=HYPERLINK(1)' OR 1=1 --");
        yield return With("recording on a private address", "recording_link", "@@", "http://169.254.169.254/latest/meta-data");
        yield return With("recording as a file", "recording_link", "@@", "file:///etc/passwd");
        yield return With("recording as a script", "recording_link", "@@", "javascript:alert(1)");
        yield return Changed("10,000 unknown fields", body =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                body["details"]![0]!["field_" + i] = i;
            }
        });
        yield return Changed("3,000 turns", body => body["details"]![0]!["asr_result"] = new JsonArray([.. Enumerable.Range(0, 3000)
            .Select(i => (JsonNode)new JsonObject { ["time"] = $"{i / 360:00}:{i / 6 % 60:00}:{i % 6 * 10:00}", ["robottext"] = "hello", ["text"] = "yes" })]));
        yield return Changed("turns with odd times", body => body["details"]![0]!["asr_result"] = new JsonArray(
            new JsonObject { ["time"] = "99:99:99", ["robottext"] = "a", ["text"] = "b" },
            new JsonObject { ["time"] = "-00:00:05", ["robottext"] = "c" },
            new JsonObject { ["time"] = 7, ["text"] = "d" },
            null,
            "not an object"));
    }

    private static IEnumerable<HostileBody> Elements()
    {
        foreach (var (name, bad) in new (string, JsonNode?)[] { ("a null", null), ("a number", 5), ("a string", "x"), ("an array", new JsonArray()), ("an empty object", new JsonObject()) })
        {
            yield return Changed($"{name} between two good calls", body => body["details"] = new JsonArray(Element("good-1-" + name), bad, Element("good-2-" + name)));
        }

        yield return Changed("no call id", body => body["details"]![0]!.AsObject().Remove("call_id"));
        yield return Changed("empty call id", body => body["details"]![0]!["call_id"] = "");
        yield return Changed("the same call twice in one body", body => body["details"] = new JsonArray(Element("twice"), Element("twice")));
        yield return Changed("call id of 10,000 characters", body => body["details"]![0]!["call_id"] = new string('c', 10_000));
    }

    private static IEnumerable<HostileBody> Identities()
    {
        string[] ids = ["AbCdEf0123", "abcdef0123", "abcdef0123 ", " abcdef0123", "caf\u00E9-0123", "cafe\u0301-0123", "stra\u00DFe-1", "strasse-1", "\uFF11\uFF12\uFF13", "123"];
        yield return Changed("ten call ids alike but not equal, in one body", body => body["details"] = new JsonArray([.. ids.Select(id => (JsonNode)Element(id))]));
        foreach (var id in ids)
        {
            yield return Changed($"call id '{id}' by itself", body => body["details"]![0]!["call_id"] = id);
        }
    }

    private static IEnumerable<HostileBody> Versions()
    {
        // Versions of one call as they grow, sent in another order than they came to be.
        string[][] later = [["asr_result", "human_robot_summary", "emotion", "recording_link"], ["human_robot_summary", "recording_link"], ["recording_link"], []];
        foreach (var version in new[] { 2, 0, 3, 1 })
        {
            yield return Changed($"one call, version {version + 1} of 4", body =>
            {
                var call = body["details"]![0]!;
                call["call_id"] = "growing-call";
                foreach (var field in later[version])
                {
                    call[field] = field == "asr_result" ? new JsonArray() : "";
                }
            });
        }
    }

    private static IEnumerable<HostileBody> Transport()
    {
        var good = Bytes(Call());
        yield return new("gzip with Content-Encoding", Gzip(good)) { Encoding = "gzip" };
        yield return new("gzip without saying so", Gzip(good));
        yield return new("gzip announced, plain sent", good) { Encoding = "gzip" };
        yield return new("text/plain", good) { ContentType = "text/plain" };
        yield return new("form content type", good) { ContentType = "application/x-www-form-urlencoded" };
        yield return new("multipart content type", good) { ContentType = "multipart/form-data; boundary=x" };
        yield return new("no content type", good) { ContentType = "" };
        yield return new("a good call, for comparison", good);
        yield return new("the same good call again", good);
    }

    private static JsonObject Call(string callId = "hostile-call")
    {
        var task = CallTask.RunningAt(Noon, 1, [0])[0];
        var delivery = new Delivery(task, Noon, [new PlannedCall(7, 1, Answered: true, Noon)]);
        var body = JsonNode.Parse(delivery.Body(new CallGenerator(new Uri("http://127.0.0.1:5090/"))))!.AsObject();
        body["details"]![0]!["call_id"] = callId;
        return body;
    }

    private static JsonNode Element(string callId) => Call(callId)["details"]![0]!.DeepClone();

    private static HostileBody Changed(string name, Action<JsonObject> change)
    {
        var body = Call(name);
        change(body);
        return new HostileBody(name, Bytes(body));
    }

    /// <summary>Puts a value into the text as it is, so that it need not be valid.</summary>
    private static HostileBody With(string name, string field, string mark, string value, bool quoted = true)
    {
        var body = Call(name);
        body["details"]![0]![field] = mark;
        var text = Encoding.UTF8.GetString(Bytes(body));
        return Text(name, quoted
            ? text.Replace(mark, value, StringComparison.Ordinal)
            : text.Replace($"\"{mark}\"", value, StringComparison.Ordinal));
    }

    private static HostileBody Text(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString(Plain));

    private static byte[] Splice(byte[] body, string found, byte[] instead)
    {
        var at = body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(found));
        return [.. body[..at], .. instead, .. body[(at + found.Length)..]];
    }

    private static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }
}
