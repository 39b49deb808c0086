using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiRudder.Simulator;

namespace AiRudder.Dashboard.Tests.Simulator;

public sealed partial class TrafficTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 21, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Envelope =
    [
        "task_id", "task_name", "status", "created_at", "repeat_interval", "repeat_number", "robot_hash", "robot_method",
        "sip_line", "schedule_start_time", "schedule_end_time", "details",
    ];

    private static readonly string[] Detail =
    [
        "id", "callee", "result", "result_label", "duration", "hangup_type", "hangup_by", "ring_type", "EventLabel", "Multi_intention",
        "Slots", "NerSlots", "variables", "robot_hash", "call_id", "call_times", "call_start_time", "call_end_time", "call_dial_time",
        "call_connect_time", "robot_end_time", "ring_time", "talk_round", "redail_call", "intention_description", "caller_number",
        "asr_result", "human_robot_summary", "emotion", "recording_link", "transfer", "reason_code",
    ];

    private static readonly string[] Attempt =
        ["call_id", "call_start_time", "ring_type", "ring_time", "hangup_type", "result_label", "callee_number", "caller_number", "reason_code"];

    private static readonly string[] QuestionAnswer =
    [
        "question_name", "answer", "answer_text", "status", "answer_text_slot", "var", "verification_results", "question_content",
        "question_type", "whether_answer",
    ];

    private static readonly string[] Transfer =
    [
        "TransferStatus", "TransferFailureReason", "TransferTime", "TransferRingTime", "TransferSuccessTime", "TransferReason",
        "TransferCallId",
    ];

    [Fact]
    public async Task SameSeedAndStartMakeTheSameBytes()
    {
        var first = await HistoryAsync(seed: 5);
        var second = await HistoryAsync(seed: 5);
        var other = await HistoryAsync(seed: 6);

        Assert.NotEmpty(first);
        Assert.Equal(first, second);
        Assert.Empty(first.Intersect(other));
    }

    [Fact]
    public async Task LiveTrafficRepeatsItselfToo()
    {
        var first = await LiveAsync();
        var second = await LiveAsync();

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task LiveAnsweredCallsComeOneByOneAndUnansweredInRounds()
    {
        var bodies = new Capture();
        using var http = new HttpClient(bodies);
        var time = new SteppedTime(Start);
        var traffic = new Traffic(Options(maxCalls: 300) with { DuplicateShare = 0 }, http, time);

        await time.PlayAsync(() => traffic.RunLiveAsync(CancellationToken.None));

        var details = bodies.Json.Select(body => body["details"]!.AsArray()).ToList();
        var answered = details.Where(calls => calls[0]!["duration"]!.GetValue<int>() > 0).ToList();
        Assert.All(answered, calls => Assert.Single(calls));
        Assert.Contains(details.Except(answered), calls => calls.Count >= 20);
        Assert.Equal(300, details.Sum(calls => calls.Count));
        Assert.Equal(300, traffic.Progress.Calls);
        Assert.True(bodies.Json.Select(body => body["task_id"]!.GetValue<string>()).Distinct().Count() > 3);
    }

    [Fact]
    public async Task LiveTrafficEndsQuietlyWhenCancelled()
    {
        using var http = new HttpClient(new Capture());
        using var stop = new CancellationTokenSource();
        var live = new Traffic(Options(), http, new SteppedTime(Start)).RunLiveAsync(stop.Token);
        await stop.CancelAsync();
        await live;
    }

    [Fact]
    public async Task BodiesHaveTheVendorsNames()
    {
        await using var receiver = await Receiver.StartAsync();
        await PostHistoryAsync(receiver.Webhook, TimeSpan.FromDays(3));

        Assert.All(receiver.Requests, request =>
        {
            Assert.Equal("AIRUDDER", request.UserAgent);
            Assert.Equal("application/json", request.ContentType);
            Assert.Equal(Envelope, Names(request.Json));
        });
        Assert.All(receiver.Calls, call => Assert.Equal(Detail, Names(call).Except(["question_answer"])));
        Assert.All(receiver.Calls.SelectMany(call => call["redail_call"]!.AsArray()), attempt => Assert.Equal(Attempt, Names(attempt!)));
        Assert.All(receiver.Calls.SelectMany(call => call["asr_result"]!.AsArray()), turn => Assert.Equal(["time", "robottext", "text"], Names(turn!)));
        Assert.All(Questions(receiver), question => Assert.Equal(QuestionAnswer, Names(question!)));
        Assert.NotEmpty(Questions(receiver));
        Assert.All(
            receiver.Calls.Select(call => call["transfer"]!).Where(transfer => transfer.AsObject().Count > 0),
            transfer => Assert.Equal(Transfer, Names(transfer)));
        Assert.All(receiver.Calls, call => Assert.NotNull(JsonNode.Parse(call["Multi_intention"]!.GetValue<string>())));
    }

    [Fact]
    public async Task TimesOfAnAnsweredCallFit()
    {
        await using var receiver = await Receiver.StartAsync();
        await PostHistoryAsync(receiver.Webhook, TimeSpan.FromDays(3));

        var answered = receiver.Calls.Where(call => call["call_connect_time"]!.GetValue<string>().Length > 0).ToList();
        Assert.True(answered.Count > 300);
        Assert.All(answered, call =>
        {
            var connect = Time(call, "call_connect_time");
            Assert.Matches(LocalTime(), call["call_end_time"]!.GetValue<string>());
            Assert.Equal(call["duration"]!.GetValue<int>(), (Time(call, "call_end_time") - connect).TotalSeconds);
            Assert.InRange(Time(call, "robot_end_time"), connect, Time(call, "call_end_time"));
            Assert.InRange(call["asr_result"]!.AsArray().Count, 1, 14);
            Assert.Equal(call["talk_round"]!.GetValue<int>(), call["asr_result"]!.AsArray().Count);
        });
        Assert.Contains(answered, call => call["transfer"]!["TransferSuccessTime"]!.GetValue<string>().Length > 0);
        Assert.Contains(answered, call => call["redail_call"]!.AsArray().Count > 0);
    }

    [Fact]
    public async Task HistoryKeepsWorkingHoursAndCount()
    {
        await using var receiver = await Receiver.StartAsync();
        await PostHistoryAsync(receiver.Webhook, TimeSpan.FromDays(4));

        Assert.All(receiver.Calls, call => Assert.InRange(Time(call, "call_end_time").TimeOfDay, TimeSpan.FromHours(8), TimeSpan.FromHours(20.1)));
        Assert.All(receiver.Calls, call => Assert.True(Time(call, "call_end_time") <= Start.DateTime.AddMinutes(1)));
        var fullDay = receiver.Calls.Count(call => Time(call, "call_dial_time").Date == Start.Date.AddDays(-2));
        Assert.Equal(400, fullDay);
    }

    [Fact]
    public async Task EveryScriptCanBeSaid()
    {
        await using var receiver = await Receiver.StartAsync();
        await PostHistoryAsync(receiver.Webhook, TimeSpan.FromDays(8), perDay: 1200);

        var texts = receiver.Calls.SelectMany(call => call["asr_result"]!.AsArray())
            .SelectMany(turn => new[] { turn!["robottext"]!.GetValue<string>(), turn["text"]!.GetValue<string>() });
        Assert.All(texts, text => Assert.DoesNotMatch("[{}|@]", text));
        Assert.Equal(18, receiver.Calls.Select(call => call["robot_hash"]!.GetValue<string>()).Distinct().Count());
    }

    private static IEnumerable<JsonNode?> Questions(Receiver receiver) =>
        receiver.Calls.SelectMany(call => call["question_answer"]?.AsArray() ?? []);

    private static async Task PostHistoryAsync(Uri webhook, TimeSpan history, int perDay = 400)
    {
        using var http = new HttpClient();
        var options = Options() with { Webhook = webhook, History = history, HistoryCallsPerDay = perDay, DuplicateShare = 0 };
        var traffic = new Traffic(options, http, new SteppedTime(Start));
        await traffic.RunHistoryAsync(null, CancellationToken.None);
        Assert.Equal(traffic.Progress.Posted, traffic.Progress.Answered200);
    }

    private static async Task<List<string>> HistoryAsync(int seed)
    {
        var bodies = new Capture();
        using var http = new HttpClient(bodies);
        var options = Options() with { Seed = seed, History = TimeSpan.FromDays(2) };
        await new Traffic(options, http, new SteppedTime(Start)).RunHistoryAsync(null, CancellationToken.None);
        return bodies.Hashes;
    }

    private static async Task<List<string>> LiveAsync()
    {
        var bodies = new Capture();
        using var http = new HttpClient(bodies);
        var time = new SteppedTime(Start);
        await time.PlayAsync(() => new Traffic(Options(maxCalls: 150), http, time).RunLiveAsync(CancellationToken.None));
        return bodies.Hashes;
    }

    private static TrafficOptions Options(int? maxCalls = null) =>
        new() { Webhook = new Uri("http://receiver.invalid/"), MaxCalls = maxCalls };

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(pair => pair.Key);

    private static DateTime Time(JsonNode call, string field) =>
        DateTime.ParseExact(call[field]!.GetValue<string>(), "yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")]
    private static partial Regex LocalTime();

    /// <summary>Answers 200 without a network.</summary>
    private sealed class Capture : HttpMessageHandler
    {
        private readonly List<byte[]> _bodies = [];

        public List<string> Hashes => [.. _bodies.Select(body => Convert.ToHexString(SHA256.HashData(body))).Order()];

        public IEnumerable<JsonNode> Json => _bodies.Select(body => JsonNode.Parse(body)!);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            lock (_bodies)
            {
                _bodies.Add(body);
            }

            return new HttpResponseMessage();
        }
    }
}
