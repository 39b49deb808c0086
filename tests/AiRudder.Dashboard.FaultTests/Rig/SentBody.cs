using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>A body of calls that no other body holds.</summary>
internal sealed record SentBody(byte[] Bytes, string Sha256, IReadOnlyList<string> CallIds)
{
    public static SentBody Of(byte[] bytes, params IReadOnlyList<string> callIds) => new(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)), callIds);

    /// <summary>One call, or now and then a small batch.</summary>
    public static SentBody Next() => Batch(Random.Shared.Next(8) == 0 ? Random.Shared.Next(2, 20) : 1);

    /// <param name="calls">How many.</param>
    /// <param name="padding">Characters added to each call's summary, to make a body large.</param>
    public static SentBody Batch(int calls, int padding = 0)
    {
        var ids = Enumerable.Range(0, calls).Select(_ => Guid.NewGuid().ToString("N")).ToList();
        return Of(Encoding.UTF8.GetBytes(Text(string.Join(',', ids.Select(id => Call(id, padding))))), ids);
    }

    /// <summary>The body around elements that are given as JSON.</summary>
    public static string Text(string elements, string task = "fault-task") =>
        $$"""{"task_id":"{{task}}","task_name":"Faults","status":"running","created_at":"2026-01-21 10:00:00","robot_hash":"00c2a19f37ea4361f490af9237590ac5","details":[{{elements}}]}""";

    public static string Call(string id, int padding = 0, int duration = 32) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"id":1,"callee":"+62812{{Random.Shared.Next(1_000_000, 9_999_999)}}","result":"finished","result_label":"E","duration":{{duration}},"hangup_type":"ByCallee","hangup_by":"ByCallee","ring_type":"normal","call_id":"{{id}}","call_times":1,"call_start_time":"2026-01-21 10:11:12","call_connect_time":"2026-01-21 10:11:17","call_end_time":"2026-01-21 10:11:49","talk_round":1,"asr_result":[{"time":"00:00:01","robottext":"Selamat pagi","text":"Ya"}],"human_robot_summary":"{{Padding(padding)}}"}
        """);

    /// <summary>Letters that do not shrink to nothing when they are packed.</summary>
    private static string Padding(int length) => length == 0 ? "short" : Convert.ToBase64String(RandomNumberGenerator.GetBytes(length * 3 / 4));
}
