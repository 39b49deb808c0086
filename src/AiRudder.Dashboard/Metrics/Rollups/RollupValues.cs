using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>What is summed over calls and their dials; everything can be added and taken away again.</summary>
public class RollupValues
{
    public long Calls { get; set; }

    public long Connected { get; set; }

    public long DurationSeconds { get; set; }

    public long DurationKnown { get; set; }

    public long RobotTalkSeconds { get; set; }

    public long RobotTalkKnown { get; set; }

    public long ShortCalls { get; set; }

    public long SilentCalls { get; set; }

    public long Turns { get; set; }

    public long TurnsKnown { get; set; }

    public long TransferRequests { get; set; }

    public long TransferSuccesses { get; set; }

    /// <summary>Those of connected calls: a record may say that a person took over a call that never connected.</summary>
    public long ConnectedTransfers { get; set; }

    public long TransferWaitSeconds { get; set; }

    public long TransferWaitKnown { get; set; }

    public long Contradictions { get; set; }

    /// <summary>Dials, by their own start.</summary>
    public long Attempts { get; set; }

    public long ConnectedAttempts { get; set; }

    public long RingSeconds { get; set; }

    public long RingKnown { get; set; }

    /// <summary>Adds one call, or takes it away.</summary>
    public void Add(Call call, int sign)
    {
        Calls += sign;
        Contradictions += (call.Flags & CallFlags.Contradiction) != 0 ? sign : 0;
        if (call.TransferRequestedAt is { } asked)
        {
            TransferRequests += sign;
            if (call.TransferSucceededAt is { } taken)
            {
                TransferSuccesses += sign;
                ConnectedTransfers += call.Connected ? sign : 0;
                if (taken >= asked)
                {
                    TransferWaitKnown += sign;
                    TransferWaitSeconds += sign * WholeSeconds(taken - asked);
                }
            }
        }

        if (!call.Connected)
        {
            return;
        }

        Connected += sign;
        SilentCalls += call.CalleeSpoke ? 0 : sign;
        if (call.DurationSeconds is { } duration)
        {
            DurationKnown += sign;
            DurationSeconds += sign * (long)duration;
            ShortCalls += duration <= Sums.ShortSeconds ? sign : 0;
        }

        if (call.RobotTalkSeconds is { } talk)
        {
            RobotTalkKnown += sign;
            RobotTalkSeconds += sign * (long)talk;
        }

        if (call.TalkRounds is { } turns)
        {
            TurnsKnown += sign;
            Turns += sign * (long)turns;
        }
    }

    /// <summary>Adds one dial, or takes it away.</summary>
    public void Add(Attempt attempt, int sign)
    {
        Attempts += sign;
        ConnectedAttempts += attempt.Connected ? sign : 0;
        if (attempt.RingSeconds is { } ring)
        {
            RingKnown += sign;
            RingSeconds += sign * (long)ring;
        }
    }

    public void Add(RollupValues other)
    {
        Calls += other.Calls;
        Connected += other.Connected;
        DurationSeconds += other.DurationSeconds;
        DurationKnown += other.DurationKnown;
        RobotTalkSeconds += other.RobotTalkSeconds;
        RobotTalkKnown += other.RobotTalkKnown;
        ShortCalls += other.ShortCalls;
        SilentCalls += other.SilentCalls;
        Turns += other.Turns;
        TurnsKnown += other.TurnsKnown;
        TransferRequests += other.TransferRequests;
        TransferSuccesses += other.TransferSuccesses;
        ConnectedTransfers += other.ConnectedTransfers;
        TransferWaitSeconds += other.TransferWaitSeconds;
        TransferWaitKnown += other.TransferWaitKnown;
        Contradictions += other.Contradictions;
        Attempts += other.Attempts;
        ConnectedAttempts += other.ConnectedAttempts;
        RingSeconds += other.RingSeconds;
        RingKnown += other.RingKnown;
    }

    /// <summary>What was added was taken away again.</summary>
    public bool IsZero() =>
        Calls == 0 && Connected == 0 && DurationSeconds == 0 && DurationKnown == 0 && RobotTalkSeconds == 0 && RobotTalkKnown == 0 && ShortCalls == 0 && SilentCalls == 0 &&
        Turns == 0 && TurnsKnown == 0 && TransferRequests == 0 && TransferSuccesses == 0 && ConnectedTransfers == 0 && TransferWaitSeconds == 0 && TransferWaitKnown == 0 && Contradictions == 0 &&
        Attempts == 0 && ConnectedAttempts == 0 && RingSeconds == 0 && RingKnown == 0;

    /// <summary>Cut per call, as the times come in whole seconds: a sum of cut parts can be taken apart again.</summary>
    public static long WholeSeconds(TimeSpan span) => (long)Math.Floor(span.TotalSeconds);
}
