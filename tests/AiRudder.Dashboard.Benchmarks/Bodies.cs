using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>Bodies of one answered call each, four kilobytes long, that differ in the call's id.</summary>
internal static class Bodies
{
    private const int Length = 4096;

    private static readonly byte[] Template = Make();
    private static readonly int Place = Template.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Mark));

    private const string Mark = "00000000000000000000000000000000";

    public static byte[] Next()
    {
        var body = (byte[])Template.Clone();
        Span<byte> random = stackalloc byte[Mark.Length / 2];
        RandomNumberGenerator.Fill(random);
        Convert.TryToHexStringLower(random, body.AsSpan(Place), out _);
        return body;
    }

    private static byte[] Make()
    {
        using var sample = typeof(Bodies).Assembly.GetManifestResourceStream("call.json")!;
        var body = JsonNode.Parse(sample)!;
        var call = body["details"]![0]!;
        call["call_id"] = Mark;
        var text = body.ToJsonString();
        call["human_robot_summary"] = Words(Length - Encoding.UTF8.GetByteCount(text) + (call["human_robot_summary"]?.ToString().Length ?? 0));
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static string Words(int length) => string.Concat(Enumerable.Repeat("The customer says that the salary comes on Friday and asks for two more days. ", 100))[..Math.Max(0, length)];
}
