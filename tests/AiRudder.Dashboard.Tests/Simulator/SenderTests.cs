using AiRudder.Simulator;

namespace AiRudder.Dashboard.Tests.Simulator;

public sealed class SenderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 21, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(500)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task GivesUpAfterFiveRetriesAMinuteApart(int status)
    {
        await using var receiver = await Receiver.StartAsync(status);
        using var http = new HttpClient();
        var time = new SteppedTime(Start);
        var traffic = new Traffic(new TrafficOptions { Webhook = receiver.Webhook }, http, time);

        var posting = traffic.PostBatchAsync(3, 1, CancellationToken.None);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await UntilAsync(() => receiver.Requests.Count == attempt && time.Waits(TimeSpan.FromMinutes(1)));
            time.Advance(TimeSpan.FromSeconds(59));
            await Task.Delay(20);
            Assert.Equal(attempt, receiver.Requests.Count);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await posting.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(6, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => Convert.ToBase64String(request.Body)).Distinct());
        Assert.Equal(new TrafficProgress(Posted: 1, Answered200: 0, Retries: 5, Dropped: 1, Calls: 3), traffic.Progress);
    }

    [Fact]
    public async Task ABatchIsOneBodyPostedAsOftenAsAsked()
    {
        await using var receiver = await Receiver.StartAsync();
        using var http = new HttpClient();
        var traffic = new Traffic(new TrafficOptions { Webhook = receiver.Webhook }, http, new SteppedTime(Start));

        await traffic.PostBatchAsync(2500, 3, CancellationToken.None);

        Assert.Equal(3, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => Convert.ToBase64String(request.Body)).Distinct());
        var calls = receiver.Requests.First().Json["details"]!.AsArray();
        Assert.Equal(2500, calls.Count);
        Assert.Equal(2500, calls.Select(call => call!["call_id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(2500, calls.Select(call => call!["callee"]!.GetValue<string>()).Distinct().Count());
        Assert.All(calls, call => Assert.Equal("", call!["call_connect_time"]!.GetValue<string>()));
        Assert.All(calls, call => Assert.InRange(call!["redail_call"]!.AsArray().Count, 0, 4));
    }

    [Fact]
    public async Task DuplicatesAreTheSameBytes()
    {
        await using var receiver = await Receiver.StartAsync();
        using var http = new HttpClient();
        var options = new TrafficOptions { Webhook = receiver.Webhook, History = TimeSpan.FromDays(1), HistoryCallsPerDay = 60, DuplicateShare = 1 };
        await new Traffic(options, http, new SteppedTime(Start)).RunHistoryAsync(null, CancellationToken.None);

        Assert.NotEmpty(receiver.Requests);
        Assert.All(receiver.Requests.GroupBy(request => Convert.ToBase64String(request.Body)), copies => Assert.Equal(2, copies.Count()));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var waited = 0; !condition(); waited++)
        {
            Assert.True(waited < 2000, "It never happened.");
            await Task.Delay(10);
        }
    }
}
