using AiRudder.Dashboard.Calls;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>
/// What a row of sums is about, and so the order of its key: the same sums are kept several times, each in the order of a question.
/// Quarters are quarter hours since 1970 in UTC: every zone's days and hours begin at one, so they are exact whatever the zone.
/// Days are the connection's local days as <see cref="DateOnly.DayNumber"/>.
/// </summary>
public enum RollupGrain
{
    /// <summary>Scope: connection. Slot: quarter.</summary>
    ConnectionQuarter = 1,

    /// <summary>Scope: connection. Slot: day.</summary>
    ConnectionDay = 2,

    /// <summary>Scope: task. Slot: quarter.</summary>
    TaskQuarter = 3,

    /// <summary>Scope: task. Slot: day.</summary>
    TaskDay = 4,

    /// <summary>Scope: connection. Slot: day. Part: task.</summary>
    DayTask = 5,

    /// <summary>Scope: task. Slot: 0, all its days.</summary>
    Task = 6,

    /// <summary><see cref="ConnectionQuarter"/> whatever the label: one row where that has dozens. Label: 0.</summary>
    ConnectionQuarterTotal = 7,

    /// <summary><see cref="ConnectionDay"/> whatever the label.</summary>
    ConnectionDayTotal = 8,

    /// <summary><see cref="DayTask"/> whatever the label.</summary>
    DayTaskTotal = 9,
}

/// <summary>Sums over calls and dials.</summary>
public sealed class RollupSum : RollupValues
{
    public RollupGrain Grain { get; set; }

    /// <summary>Our id of the connection or task.</summary>
    public int Scope { get; set; }

    public int Slot { get; set; }

    /// <summary>Our id of the task where the scope is a connection's day; else 0.</summary>
    public int Part { get; set; }

    /// <summary>A <see cref="RollupTerm"/>: robot and label of the call; 0 in the grains whatever the label.</summary>
    public int LabelId { get; set; }
}

/// <summary>Calls of one number: from these follow the counts of distinct numbers, which sums cannot give.</summary>
public sealed class RollupNumber
{
    public int CallTaskId { get; set; }

    /// <summary>See <see cref="RollupDeltas.NumberOf"/>.</summary>
    public long Number { get; set; }

    public int Quarter { get; set; }

    public int LabelId { get; set; }

    public long Calls { get; set; }

    public long Connected { get; set; }
}

/// <summary>Connected calls with a label, by day and number over all tasks: a promise counts once per number and local day.</summary>
public sealed class RollupTalk
{
    public int ConnectionId { get; set; }

    public int Day { get; set; }

    public long Number { get; set; }

    public int LabelId { get; set; }

    public int Quarter { get; set; }

    public long Connected { get; set; }
}

/// <summary>
/// Distinct numbers by the set of labels they have within the slot. What a label means may change tomorrow: whichever labels are asked
/// for, a number counts once when its set holds one of them. Grains: Task and TaskDay for all calls, ConnectionDay for talks.
/// </summary>
public sealed class RollupSet
{
    public RollupGrain Grain { get; set; }

    public int Scope { get; set; }

    public int Slot { get; set; }

    /// <summary>A <see cref="RollupTerm"/>: the set.</summary>
    public int SetId { get; set; }

    public long Numbers { get; set; }
}

/// <summary>What a <see cref="RollupFacet"/> counts.</summary>
public enum FacetKind
{
    /// <summary>A: ring type. N: dials by their own start; M: connected ones.</summary>
    Ring = 1,

    /// <summary>A: number of the attempt, from 1. N: dials by their own start; M: those at which the number was first connected.</summary>
    Rung = 2,

    /// <summary>A: hangup_type, B: hangup_by. N: connected calls.</summary>
    Hangup = 3,

    /// <summary>A: question, B: its status, C: whether it was answered, D: result of the verification. N: connected calls; a question asked twice counts as it ended.</summary>
    Question = 4,

    /// <summary>A: last question answered, B: hangup_type. N: connected calls that had questions.</summary>
    BreakOff = 5,

    /// <summary>A: what the robot said last, B: hangup_type. N: connected calls in which it said something.</summary>
    LastSaid = 6,

    /// <summary>A: our number as the callee saw it, B: local hour. N: dials by their own start; M: connected ones.</summary>
    Caller = 7,

    /// <summary>A: our number. N: connected calls of known duration; M: short ones.</summary>
    CallerTalk = 8,

    /// <summary>A: our number. N: calls by their own start; M: connected ones.</summary>
    CallerCall = 9,
}

/// <summary>Counts of one task and day by words of AIRUDDER's.</summary>
public sealed class RollupFacet
{
    public FacetKind Kind { get; set; }

    public int CallTaskId { get; set; }

    public int Day { get; set; }

    public int A { get; set; }

    public int B { get; set; }

    public int C { get; set; }

    public int D { get; set; }

    public long N { get; set; }

    public long M { get; set; }
}

/// <summary>A task over all its days.</summary>
public sealed class RollupTask
{
    public int CallTaskId { get; set; }

    public int ConnectionId { get; set; }

    /// <summary>First and last day on which one of its calls began; meaningless while it has none.</summary>
    public int FirstDay { get; set; }

    public int LastDay { get; set; }

    public long Calls { get; set; }

    /// <summary>Distinct numbers.</summary>
    public long Heard { get; set; }

    /// <summary>Distinct numbers with a connected call.</summary>
    public long Reached { get; set; }
}

public enum TermKind
{
    /// <summary>First: robot, Second: label; of one connection.</summary>
    Label = 1,

    /// <summary>First: a word of AIRUDDER's.</summary>
    Word = 2,

    /// <summary>First: members in ascending order, separated by commas; each is a label's id times two, plus one for connected calls.</summary>
    Set = 3,
}

/// <summary>Texts that rollups are keyed by, each with a short number. Rows are never changed; 0 stands for a word that is null.</summary>
public sealed class RollupTerm
{
    public int Id { get; set; }

    public TermKind Kind { get; set; }

    /// <summary>Hash of the rest: text of any length cannot be a key.</summary>
    public required byte[] Identity { get; set; }

    /// <summary>0 for terms that belong to none.</summary>
    public int ConnectionId { get; set; }

    public string? First { get; set; }

    public string? Second { get; set; }
}

public enum RollupPhase
{
    /// <summary>All calls are counted.</summary>
    Ready = 0,

    /// <summary>Old rollups are being deleted; nothing counts meanwhile.</summary>
    Clearing = 1,

    /// <summary>Calls are being counted in the order of their ids.</summary>
    Counting = 2,
}

/// <summary>Which calls of a connection are in the rollups. No row: none has been received yet.</summary>
public sealed class RollupState
{
    /// <summary>Grows when what is counted changes, so that an upgraded installation counts anew.</summary>
    public const int CurrentVersion = 3;

    public int ConnectionId { get; set; }

    /// <summary>The zone whose days were used. A connection that was given another one is counted anew.</summary>
    public required string TimeZone { get; set; }

    public int Version { get; set; }

    public RollupPhase Phase { get; set; }

    /// <summary>Counting: the last id counted. Clearing: the last task cleared.</summary>
    public long Mark { get; set; }

    /// <summary>Counting: ids above it were stored since and are counted already.</summary>
    public long End { get; set; }

    /// <summary>Whether a stored call is in the rollups, so that a new version of it must be taken out and put in.</summary>
    public bool Counts(long callId) => Phase switch
    {
        RollupPhase.Ready => true,
        RollupPhase.Counting => callId <= Mark || callId > End,
        _ => false,
    };
}

/// <summary>The rollups' part of the model.</summary>
public static class RollupTables
{
    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<RollupSum>(sum => sum.HasKey(row => new { row.Grain, row.Scope, row.Slot, row.Part, row.LabelId }));
        builder.Entity<RollupNumber>(number => number.HasKey(row => new { row.CallTaskId, row.Number, row.Quarter, row.LabelId }));
        builder.Entity<RollupTalk>(talk => talk.HasKey(row => new { row.ConnectionId, row.Day, row.Number, row.LabelId, row.Quarter }));
        builder.Entity<RollupSet>(set => set.HasKey(row => new { row.Grain, row.Scope, row.Slot, row.SetId }));
        builder.Entity<RollupFacet>(facet => facet.HasKey(row => new { row.Kind, row.CallTaskId, row.Day, row.A, row.B, row.C, row.D }));
        builder.Entity<RollupTask>(task =>
        {
            task.HasKey(row => row.CallTaskId);
            task.Property(row => row.CallTaskId).ValueGeneratedNever();
            task.HasIndex(row => new { row.ConnectionId, row.LastDay });
        });
        builder.Entity<RollupTerm>(term =>
        {
            term.Property(row => row.Identity).HasMaxLength(Identity.Bytes).IsFixedLength();
            term.HasIndex(row => row.Identity).IsUnique();
        });
        builder.Entity<RollupState>(state =>
        {
            state.HasKey(row => row.ConnectionId);
            state.Property(row => row.ConnectionId).ValueGeneratedNever();
            state.Property(row => row.TimeZone).HasMaxLength(100);
        });
    }
}
