namespace AiRudder.Simulator;

/// <summary>Makes the calls of a delivery out of nothing but their keys.</summary>
internal sealed class CallGenerator(Uri? recordings)
{
    // Only normal and outofarea are known of the vendor's ring types. The other words are invented: its sister
    // products tell such cases apart by number, so words for them are to be expected, in a spelling nobody has seen.
    private static readonly (string Word, int Weight, int Shortest, int Longest)[] Rings =
    [
        ("normal", 46, 20, 45),
        ("noanswer", 12, 25, 45),
        ("busy", 14, 2, 6),
        ("poweroff", 13, 2, 5),
        ("outofarea", 11, 2, 6),
        ("notinuse", 4, 1, 4),
    ];

    /// <summary>A call that was answered and has ended at a local time.</summary>
    public FinishedCall Answered(CallTask task, ulong seed, int row, DateTime end)
    {
        var key = CallKey.At(seed, task, end.AddMinutes(-1));
        var talk = Conversation.Of(key);
        var dice = new Dice(Dice.Mix(seed, 2));
        var ring = dice.Between(2, 24);
        var connect = end.AddSeconds(-talk.Duration);
        var start = connect.AddSeconds(-ring - 1);
        var callId = dice.Id();
        var (times, earlier) = Earlier(task, dice, callId, start, 0.45);
        var (type, by) = HangUp(talk, dice);
        return new FinishedCall(
            row, callId, task.Callee(row), task.Caller(dice), talk.Path.Letter, type, by, "normal", ring,
            start.AddSeconds(-1), start, connect, end, times, earlier, talk.Variables, dice.Id(),
            recordings is null ? "" : new Uri(recordings, key.FileName).AbsoluteUri, BareTransfer: false, talk);
    }

    /// <summary>A number that used up its attempts; the last of them began at a local time.</summary>
    public static FinishedCall Unanswered(CallTask task, ulong seed, int row, DateTime start)
    {
        var dice = new Dice(Dice.Mix(seed, 3));
        var (word, ring) = Ring(dice);
        var callId = dice.Id();
        var (times, earlier) = Earlier(task, dice, callId, start, 0.8);
        return new FinishedCall(
            row, callId, task.Callee(row), task.Caller(dice), task.Robot.Unreached, "ByRobot", "", word, ring,
            start.AddSeconds(-1), start, null, start.AddSeconds(ring), times, earlier,
            Conversation.VariablesOf(CallKey.At(seed, task, start)), "", "", dice.Chance(0.3), null);
    }

    private static (string Type, string By) HangUp(Conversation talk, Dice dice)
    {
        var ended = talk.Path.Ends == "robot" ? "ByRobot" : "ByCallee";
        if (talk.Handover?.Took is not null)
        {
            return ("ByCallee", dice.Chance(0.6) ? "ByAgent" : "ByCallee");
        }

        // The vendor's own sample disagrees with itself, so a few calls do here.
        return dice.Chance(0.02) ? ("ByCallee", "ByAgent") : (ended, ended);
    }

    private static (string Word, int Seconds) Ring(Dice dice)
    {
        var ring = dice.Pick(Rings, ring => ring.Weight);
        return (ring.Word, dice.Between(ring.Shortest, ring.Longest));
    }

    private static (int Times, IReadOnlyList<EarlierAttempt> Earlier) Earlier(
        CallTask task, Dice dice, string callId, DateTime start, double share)
    {
        var earlier = new List<EarlierAttempt>();
        for (var at = start; earlier.Count < task.RepeatNumber && dice.Chance(share);)
        {
            at = at.AddMinutes(-task.RepeatInterval).AddSeconds(dice.Between(-20, 20));
            if (at < task.Start)
            {
                break;
            }

            var (word, seconds) = Ring(dice);
            earlier.Insert(0, new EarlierAttempt(dice.Id(), at, word, seconds, task.Robot.Unreached, task.Caller(dice)));
        }

        var times = earlier.Count + 1;
        if (earlier.Count > 0 && dice.Chance(0.03))
        {
            // The vendor's sample lists the call itself among its redials.
            earlier.Add(new EarlierAttempt(callId, start, "normal", dice.Between(2, 20), task.Robot.Unreached, task.Caller(dice)));
        }

        return (times, earlier);
    }
}
