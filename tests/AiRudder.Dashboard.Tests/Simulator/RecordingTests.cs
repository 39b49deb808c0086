using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AiRudder.Simulator;

namespace AiRudder.Dashboard.Tests.Simulator;

public sealed class RecordingTests
{
    private const int HeaderBytes = 44;
    private const double Quiet = 60;
    private const double Voiced = 300;

    private static readonly DateTimeOffset Start = new(2026, 1, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task SoundIsAsLongAsTheCallAndSpeaksWhenTheTranscriptDoes()
    {
        await using var server = await RecordingServer.StartAsync();
        using var http = new HttpClient();
        foreach (var call in (await AnsweredCallsAsync(server)).Take(40))
        {
            var sound = Samples(await http.GetByteArrayAsync(new Uri(call["recording_link"]!.GetValue<string>())));
            Assert.InRange(sound.Length / 8000.0, call["duration"]!.GetValue<int>() - 0.5, call["duration"]!.GetValue<int>() + 0.5);
            CheckTurns(call, sound);
        }
    }

    [Fact]
    public async Task RangesAndHeadWork()
    {
        await using var server = await RecordingServer.StartAsync();
        using var http = new HttpClient();
        var link = new Uri((await AnsweredCallsAsync(server))[0]["recording_link"]!.GetValue<string>());
        var whole = await http.GetByteArrayAsync(link);

        using var part = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Range = new RangeHeaderValue(100, 299) } };
        using var answer = await http.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("audio/wav", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(whole[100..300], await answer.Content.ReadAsByteArrayAsync());

        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, link));
        Assert.Equal(whole.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task AnotherServerMakesTheSameSound()
    {
        await using var first = await RecordingServer.StartAsync();
        await using var second = await RecordingServer.StartAsync();
        using var http = new HttpClient();
        var link = new Uri((await AnsweredCallsAsync(first))[0]["recording_link"]!.GetValue<string>());

        Assert.Equal(
            await http.GetByteArrayAsync(link),
            await http.GetByteArrayAsync(new Uri(second.BaseAddress, link.AbsolutePath)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing.wav")]
    [InlineData("0123456789abcdef_0123456789abcdef.wav")]
    [InlineData("../etc/passwd")]
    public async Task UnknownNamesAreNotFound(string name)
    {
        await using var server = await RecordingServer.StartAsync();
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(server.BaseAddress, name));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static void CheckTurns(JsonNode call, short[] sound)
    {
        var turns = call["asr_result"]!.AsArray();
        for (var i = 0; i < turns.Count; i++)
        {
            var at = TimeSpan.Parse(turns[i]!["time"]!.GetValue<string>(), CultureInfo.InvariantCulture).TotalSeconds;
            var next = i + 1 < turns.Count
                ? TimeSpan.Parse(turns[i + 1]!["time"]!.GetValue<string>(), CultureInfo.InvariantCulture).TotalSeconds
                : sound.Length / 8000.0;
            var robot = turns[i]!["robottext"]!.GetValue<string>().Length / 13.0;
            for (var from = at; from + 0.5 < at + (robot * 0.94); from += 0.5)
            {
                Assert.True(Loudness(sound, from, 0.5) > Voiced, $"The robot is silent at {from}.");
            }

            if (turns[i]!["text"]!.GetValue<string>().Length > 0)
            {
                var answered = Enumerable.Range(0, 30).Select(step => at + (robot * 1.06) + (step * 0.1)).Where(from => from + 0.2 < next);
                Assert.Contains(answered, from => Loudness(sound, from, 0.2) > Voiced);
            }

            if (i + 1 < turns.Count)
            {
                Assert.True(Loudness(sound, next - 0.35, 0.33) < Quiet, $"No pause before {next}.");
            }
        }
    }

    private static double Loudness(short[] sound, double from, double length)
    {
        var part = sound.AsSpan((int)(from * 8000), (int)(length * 8000));
        var sum = 0.0;
        foreach (var sample in part)
        {
            sum += (double)sample * sample;
        }

        return Math.Sqrt(sum / part.Length);
    }

    private static short[] Samples(byte[] wav) =>
        [.. Enumerable.Range(0, (wav.Length - HeaderBytes) / 2).Select(i => BinaryPrimitives.ReadInt16LittleEndian(wav.AsSpan(HeaderBytes + (i * 2))))];

    private static async Task<List<JsonNode>> AnsweredCallsAsync(RecordingServer server)
    {
        await using var receiver = await Receiver.StartAsync();
        using var http = new HttpClient();
        var options = new TrafficOptions { Webhook = receiver.Webhook, Recordings = server.BaseAddress, History = TimeSpan.FromDays(1), DuplicateShare = 0 };
        await new Traffic(options, http, new SteppedTime(Start)).RunHistoryAsync(null, CancellationToken.None);
        Assert.All(receiver.Calls, call => Assert.Equal(
            call["duration"]!.GetValue<int>() == 0,
            call["recording_link"]!.GetValue<string>().Length == 0));
        return [.. receiver.Calls.Where(call => call["duration"]!.GetValue<int>() > 0).OrderBy(call => call["call_id"]!.GetValue<string>())];
    }
}
