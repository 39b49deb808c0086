using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AiRudder.Dashboard.Benchmarks;

/// <summary>Calls at a fixed rate that can be told apart on a floor.</summary>
internal sealed class NumberedCalls(Load load)
{
    /// <summary>Rows show the last three digits of a number: so many calls can be told apart at a time.</summary>
    public const int Distinct = 1000;

    private readonly JsonNode template = JsonNode.Parse(typeof(Bodies).Assembly.GetManifestResourceStream("call.json")!)!;
    private int next;

    /// <summary>What stands before these digits, as the rows of a floor encode it.</summary>
    public static ReadOnlySpan<byte> Masked => "&#x2022;&#x2022;&#x2022;&#x2022; "u8;

    /// <param name="perSecond">How many.</param>
    /// <param name="count">How many in all.</param>
    /// <param name="sent">Told of the number of each call just before it is posted.</param>
    public async Task PostAsync(double perSecond, int count, Action<int>? sent = null)
    {
        var posts = new List<Task<bool>>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var wait = TimeSpan.FromSeconds(i / perSecond) - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            var number = next++ % Distinct;
            var bytes = Body(number);
            sent?.Invoke(number);
            posts.Add(load.PostAsync(bytes));
        }

        if ((await Task.WhenAll(posts)).Count(stored => !stored) is > 0 and var refused)
        {
            throw new InvalidOperationException($"{refused} of {count} calls were refused.");
        }
    }

    /// <summary>The connection's zone is Asia/Jakarta, which keeps seven hours before UTC all year.</summary>
    private byte[] Body(int number)
    {
        var body = template.DeepClone();
        var call = body["details"]![0]!;

        // Ended just now, by the clock of the connection, so that the figures of today are at work too.
        var ended = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(7));
        foreach (var (name, before) in new[] { ("call_dial_time", 52), ("call_start_time", 51), ("call_connect_time", 44), ("robot_end_time", 0), ("call_end_time", 0) })
        {
            call[name] = ended.AddSeconds(-before).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        }

        (call["call_id"], call["callee"]) = (Guid.NewGuid().ToString("N"), "+62812345" + number.ToString("000", CultureInfo.InvariantCulture));
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }
}
