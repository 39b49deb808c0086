namespace AiRudder.Simulator;

/// <summary>The bodies of past days, oldest first.</summary>
internal sealed class HistoryPlan(TrafficOptions options, IReadOnlyList<int> countries, ulong run)
{
    private const int FirstHour = 8;
    private const int LastHour = 20;
    private const int HoursPerRound = 3;
    private const double AnsweredShare = 0.48;

    // People are called, and answer, most before lunch and after work.
    private static readonly (int Hour, int Weight)[] Hours =
    [
        (8, 5), (9, 9), (10, 12), (11, 11), (12, 6), (13, 7), (14, 8), (15, 9), (16, 11), (17, 12), (18, 8), (19, 5),
    ];

    public IEnumerable<Delivery> Deliveries(DateTime now)
    {
        if (options.History <= TimeSpan.Zero)
        {
            return [];
        }

        var oldest = now - options.History;
        return Enumerable.Range(0, (now.Date - oldest.Date).Days + 1)
            .Select(day => oldest.Date.AddDays(day))
            .SelectMany(day => Day(day, oldest, now).OrderBy(delivery => delivery.At).ThenBy(delivery => delivery.Calls[0].Seed));
    }

    private IEnumerable<Delivery> Day(DateTime day, DateTime oldest, DateTime now)
    {
        var dice = new Dice(Dice.Mix(run, (ulong)day.Ticks));
        var tasks = Enumerable.Range(FirstHour, LastHour - FirstHour)
            .ToDictionary(hour => hour, hour => CallTask.RunningAt(day.AddHours(hour), options.Seed, countries));
        var rows = new Dictionary<string, int>();
        var rounds = new Dictionary<(string Task, DateTime End), (CallTask Task, List<PlannedCall> Calls)>();

        for (var i = 0; i < options.HistoryCallsPerDay; i++)
        {
            var hour = dice.Pick(Hours, hour => hour.Weight).Hour;
            var at = day.AddHours(hour).AddSeconds(dice.Between(0, 3599));
            var task = dice.Pick(tasks[hour]);
            var call = new PlannedCall(dice.Next(), 0, dice.Chance(AnsweredShare), at);
            if (at < oldest || at > now)
            {
                continue;
            }

            var row = rows[task.Id] = rows.GetValueOrDefault(task.Id) + 1;
            call = call with { Row = row };
            if (call.Answered)
            {
                yield return new Delivery(task, at.AddSeconds(1), [call]);
                continue;
            }

            var end = RoundEnd(task, at);
            if (!rounds.TryGetValue((task.Id, end), out var round))
            {
                rounds[(task.Id, end)] = round = (task, []);
            }

            round.Calls.Add(call);
        }

        foreach (var ((_, end), (task, calls)) in rounds.Where(round => round.Key.End <= now))
        {
            yield return new Delivery(task, end, [.. calls.OrderBy(call => call.At)]);
        }
    }

    private static DateTime RoundEnd(CallTask task, DateTime at)
    {
        var end = task.Start.AddHours((((int)(at - task.Start).TotalHours / HoursPerRound) + 1) * HoursPerRound);
        return end < task.End ? end : task.End;
    }
}
