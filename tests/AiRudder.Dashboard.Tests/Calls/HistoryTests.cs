using System.Globalization;
using System.Text.Json.Nodes;
using AiRudder.Dashboard.Tests.Support;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Calls;

/// <summary>
/// Histories as chance makes them: versions, copies, look-alike ids, missing ids, numbers twice, processed in any order and replayed.
/// What is stored must be what a plain recomputation over the bodies in order of arrival says.
/// </summary>
[Trait("Requirement", "D5")]
public sealed class HistoryTests
{
    private static readonly string?[] CallIds = ["a", "A", "a ", "b", "c", null, null, ""];
    private static readonly string?[] Labels = ["A", "B", "--", "Null", null];
    private static readonly int?[] Durations = [0, 0, 5, 10, null];
    private static readonly string?[] Callees = ["+1", "+2", "", null];
    private static readonly int?[] CallTimes = [1, 2, null];

    [Fact]
    public async Task History_OfAnyKind_EndsAsRecomputed()
    {
        using var road = new CallRoad();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var name = $"h{seed}";
            var bodies = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Body(random, name)).ToList();
            var arrivals = bodies.Concat(bodies.Where(_ => random.Next(3) == 0)).ToList();
            var ids = new List<long>();
            foreach (var body in arrivals)
                ids.Add((await road.StoreAsync(body.ToJsonString())).Id);

            var order = ids.Distinct().OrderBy(_ => random.Next()).ToArray();
            if (random.Next(4) == 0)
                await road.ProcessAsync();
            else
                await road.ProcessAsync(order);

            var replay = new Replay(road.Contexts);
            foreach (var id in order.Where(_ => random.Next(3) == 0))
            {
                await replay.OneAsync(id, default);
                await road.ProcessAsync(id);
            }

            Assert.Equal(Recomputed(bodies), await StoredAsync(road, name));
        }
    }

    private static JsonObject Body(Random random, string name)
    {
        T Any<T>(T[] values) => values[random.Next(values.Length)];

        var details = new JsonArray();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var element = new JsonObject { ["intention_description"] = name };
            void Set(string field, JsonNode? value)
            {
                if (value is not null || random.Next(4) == 0)
                    element[field] = value;
            }

            Set("call_id", Any(CallIds) is { Length: > 0 } id ? name + id : random.Next(2) == 0 ? "" : null);
            Set("callee", Any(Callees));
            Set("result_label", Any(Labels));
            Set("duration", Any(Durations) is { } duration ? random.Next(2) == 0 ? duration : duration.ToString(CultureInfo.InvariantCulture) : null);
            Set("call_times", Any(CallTimes));
            details.Add((JsonNode)element);
        }

        // A number of its own keeps two bodies from being copies of each other by chance.
        return new JsonObject { ["task_id"] = name + random.Next(2), ["salt"] = random.Next(), ["details"] = details };
    }

    /// <summary>The rules of the specification once more, as plainly as they can be written.</summary>
    private static string Recomputed(List<JsonObject> bodies)
    {
        var calls = new Dictionary<string, List<JsonObject>>();
        foreach (var body in bodies)
        {
            var elements = body["details"]!.AsArray().Select(element => element!.AsObject()).ToList();
            string? Number(JsonObject element) => Filled(element, "callee") is { } callee ? $"{body["task_id"]}|{callee}|{Filled(element, "call_times")}" : null;
            foreach (var element in elements)
            {
                var others = elements.Where(other => Filled(other, "call_id") is null && Number(other) is { } number && number == Number(element)).Select(other => other.ToJsonString()).Distinct();
                var key = Filled(element, "call_id") is { } id ? "id " + id
                    : Number(element) is { } own && others.Count() == 1 ? "number " + own
                    : "content " + element.ToJsonString();
                if (!calls.TryGetValue(key, out var versions))
                    calls[key] = versions = [];

                versions.Add(element);
            }
        }

        string? Last(List<JsonObject> versions, string field) => versions.Select(version => Filled(version, field)).LastOrDefault(value => value is not null);
        string? LastNumber(List<JsonObject> versions, string field) =>
            versions.Select(version => Filled(version, field)).Where(value => value is not null).OrderBy(value => value == "0" ? 0 : 1).LastOrDefault();

        return Lines(calls.Values.Select(versions => Line(Last(versions, "call_id"), Last(versions, "callee"), Last(versions, "result_label"), LastNumber(versions, "duration"), versions.Count)));
    }

    private static async Task<string> StoredAsync(CallRoad road, string name)
    {
        await using var db = road.Db();
        var calls = await (
            from detail in db.CallDetails
            where detail.LabelDescription == name
            join call in db.Calls on detail.CallId equals call.Id
            select new { call.VendorCallId, call.Callee, call.Label, call.DurationSeconds, call.Versions }).ToListAsync();
        return Lines(calls.Select(call => Line(call.VendorCallId, call.Callee, call.Label, call.DurationSeconds?.ToString(CultureInfo.InvariantCulture), call.Versions)));
    }

    private static string? Filled(JsonObject element, string field) => element[field]?.ToString() is { } text && text is not ("" or "--" or "Null") ? text : null;

    private static string Line(string? callId, string? callee, string? label, string? duration, int versions) => $"{callId}|{callee}|{label}|{duration}|{versions}";

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));
}
