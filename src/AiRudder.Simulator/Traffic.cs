namespace AiRudder.Simulator;

/// <summary>The vendor at work: days of history, live calls, aggregated rounds of unanswered numbers.</summary>
/// <param name="options">What to make and where to send it.</param>
/// <param name="http">Posts the bodies.</param>
/// <param name="time">The only clock; the instant of construction is the start that bodies depend on.</param>
public sealed class Traffic(TrafficOptions options, HttpClient http, TimeProvider time)
{
    private const int HistoryAtOnce = 8;
    private const int MostPending = 2000;
    private const int FirstLiveRow = 20_000;
    private const double UsualCallsPerMinute = 20;

    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(5);

    private readonly Sender _sender = new(options.Webhook, http, time, options.RetryFactor);
    private readonly CallGenerator _generator = new(options.Recordings);
    private readonly IReadOnlyList<int> _countries = CountriesOf(options);
    private readonly ulong _run = Dice.Mix((ulong)options.Seed, (ulong)time.GetUtcNow().ToUnixTimeSeconds());
    private readonly Dictionary<string, int> _rows = [];
    private int _callsLeft = options.MaxCalls ?? int.MaxValue;

    /// <summary>What was sent so far.</summary>
    public TrafficProgress Progress => _sender.Progress;

    /// <summary>Posts finished calls of past days as fast as the receiver takes them.</summary>
    /// <param name="progress">Told after each body.</param>
    /// <param name="cancellationToken">Stops it; then the task is cancelled.</param>
    public Task RunHistoryAsync(IProgress<TrafficProgress>? progress, CancellationToken cancellationToken)
    {
        var plan = new HistoryPlan(options, _countries, _run).Deliveries(LocalNow()).Select(Within).OfType<Delivery>();
        var pace = new ParallelOptions { MaxDegreeOfParallelism = HistoryAtOnce, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(plan, pace, async (delivery, stop) =>
        {
            await PostAsync(delivery, stop);
            progress?.Report(Progress);
        });
    }

    /// <summary>
    /// Posts answered calls as they end and, every two to three minutes, the unanswered numbers of a round. Returns when
    /// cancelled or when the calls asked for are sent.
    /// </summary>
    /// <param name="cancellationToken">Stops it quietly; bodies waiting for a retry are given up.</param>
    public async Task RunLiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LiveAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Posts one aggregated body.</summary>
    /// <param name="numbers">How many unanswered numbers it holds.</param>
    /// <param name="copies">How many times it is posted, byte for byte, one after the other.</param>
    /// <param name="cancellationToken">Stops it; then the task is cancelled.</param>
    public async Task PostBatchAsync(int numbers, int copies, CancellationToken cancellationToken)
    {
        var now = LocalNow();
        var task = new Dice(_run).Pick(CallTask.RunningAt(now, options.Seed, _countries));
        var body = Delivery.Round(task, now, _run, FirstLiveRow, numbers).Body(_generator);
        for (var copy = 0; copy < copies; copy++)
        {
            await _sender.PostAsync(body, copy == 0 ? numbers : 0, cancellationToken);
        }
    }

    private static int[] CountriesOf(TrafficOptions options)
    {
        var known = ScriptLibrary.Countries;
        return options.Countries is null
            ? [.. Enumerable.Range(0, known.Count)]
            : [.. options.Countries.Select(iso =>
                known.Select((country, place) => (country, place))
                    .Where(item => item.country.Iso.Equals(iso, StringComparison.OrdinalIgnoreCase))
                    .Select(item => (int?)item.place)
                    .FirstOrDefault() ?? throw new ArgumentException($"No scripts for the country '{iso}'.", nameof(options)))];
    }

    private async Task LiveAsync(CancellationToken cancellationToken)
    {
        var dice = new Dice(Dice.Mix(_run, 6));
        var pending = new List<Task>();
        var nextCall = time.GetUtcNow() + dice.Gap(options.CallsPerMinute);
        var nextRound = time.GetUtcNow().AddSeconds(dice.Between(30, 60));
        while (_callsLeft > 0)
        {
            var (at, isRound) = nextRound < nextCall ? (nextRound, true) : (nextCall, false);
            var wait = at - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
            else if (-wait > LongestLag)
            {
                // The machine slept; the vendor's calls of that time went to nobody.
                (nextCall, nextRound, at) = (nextCall - wait, nextRound - wait, at - wait);
            }

            var delivery = Within(isRound ? LiveRound(at, dice) : LiveCall(at, dice))!;
            (nextCall, nextRound) = isRound
                ? (nextCall, nextRound.AddSeconds(dice.Between(120, 180)))
                : (nextCall + dice.Gap(options.CallsPerMinute), nextRound);
            pending.Add(PostAsync(delivery, cancellationToken));
            await SettleAsync(pending);
        }

        await Task.WhenAll(pending);
    }

    private Delivery LiveCall(DateTimeOffset at, Dice dice)
    {
        var local = Delivery.WholeSecond(Local(at));
        var task = dice.Pick(CallTask.RunningAt(local, options.Seed, _countries));
        return new Delivery(task, local, [new PlannedCall(dice.Next(), NextRow(task, 1), Answered: true, local)]);
    }

    private Delivery LiveRound(DateTimeOffset at, Dice dice)
    {
        var local = Delivery.WholeSecond(Local(at));
        var task = dice.Pick(CallTask.RunningAt(local, options.Seed, _countries));
        var numbers = Math.Max(1, (int)(dice.Between(20, 80) * options.CallsPerMinute / UsualCallsPerMinute));
        return Delivery.Round(task, local, dice.Next(), NextRow(task, numbers), numbers);
    }

    private int NextRow(CallTask task, int rows)
    {
        var row = _rows.GetValueOrDefault(task.Id, FirstLiveRow);
        _rows[task.Id] = row + rows;
        return row;
    }

    /// <summary>As much of it as is still asked for; null when nothing is.</summary>
    private Delivery? Within(Delivery delivery)
    {
        var calls = Math.Min(_callsLeft, delivery.Calls.Count);
        _callsLeft -= calls;
        return calls == 0 ? null : delivery with { Calls = [.. delivery.Calls.Take(calls)] };
    }

    private async Task PostAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var body = delivery.Body(_generator);
        await _sender.PostAsync(body, delivery.Calls.Count, cancellationToken);
        if (delivery.IsRepeated(options.DuplicateShare))
        {
            await _sender.PostAsync(body, 0, cancellationToken);
        }
    }

    private static async Task SettleAsync(List<Task> pending)
    {
        if (pending.Count >= MostPending)
        {
            await Task.WhenAny(pending);
        }

        foreach (var done in pending.Where(task => task.IsCompleted).ToList())
        {
            pending.Remove(done);
            await done;
        }
    }

    private DateTime LocalNow() => Delivery.WholeSecond(Local(time.GetUtcNow()));

    private DateTime Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, options.Zone).DateTime;
}
