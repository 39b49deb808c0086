using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Tests.Metrics.Rollups;

/// <summary>
/// The figures once more, as plainly as they can be written: all calls in memory and one sentence of code per figure. What the product
/// says must be the same text.
/// </summary>
internal sealed class PlainFigures
{
    private readonly Connection connection;
    private readonly LocalDays days;
    private readonly LabelLooks looks;
    private readonly List<CallTask> tasks;
    private readonly List<(Call Call, List<Attempt> Attempts, List<Answer> Answers)> all;
    private readonly List<DateTimeOffset> deliveries;

    private PlainFigures(DashboardDb db, Connection connection)
    {
        this.connection = connection;
        days = new LocalDays(connection.TimeZone);
        looks = new LabelLooks(db.LabelMeanings.AsNoTracking().ToList(), new Dictionary<LabelKey, string>());
        tasks = db.CallTasks.AsNoTracking().ToList();
        var attempts = db.Attempts.AsNoTracking().ToList().Where(row => !row.Repeated).OrderBy(row => row.Ordinal).ToLookup(row => row.CallId);
        var answers = db.Answers.AsNoTracking().ToList().OrderBy(row => row.Ordinal).ToLookup(row => row.CallId);
        all = db.Calls.AsNoTracking().ToList().ConvertAll(call => (call, attempts[call.Id].ToList(), answers[call.Id].ToList()));
        deliveries = db.Deliveries.AsNoTracking().Select(row => row.ReceivedAt).ToList();
    }

    public IReadOnlyList<CallTask> Tasks => tasks;

    /// <summary>Only what began before.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>Instants in the middle of what was heard: one within a quarter, one at the edge of one.</summary>
    public IReadOnlyList<DateTimeOffset> Edges()
    {
        var times = all.Select(row => row.Call.OccurredAt).Order().ToList();
        return times.Count == 0 ? [] : [times[times.Count / 2].AddSeconds(1), times[times.Count / 3].AddTicks(-(times[times.Count / 3].Ticks % TimeSpan.FromMinutes(15).Ticks))];
    }

    public static async Task<PlainFigures> ReadAsync(IDbContextFactory<DashboardDb> contexts, Connection connection)
    {
        await using var db = await contexts.CreateDbContextAsync();
        return new PlainFigures(db, connection);
    }

    public string Summary(CallFilter filter, SlotPlan plan)
    {
        var calls = all.Where(row => Fits(filter, row.Call) && In(filter, row.Call.OccurredAt)).Select(row => row.Call).ToList();
        var connected = calls.Where(call => call.Connected).ToList();
        var dials = Dials(filter).ToList();
        var byTask = calls.GroupBy(call => call.CallTaskId).ToList();
        var heard = byTask.Sum(Distinct);
        var reached = byTask.Sum(group => Distinct(group.Where(call => call.Connected)));
        var sizes = byTask.Select(group => tasks.Single(task => task.Id == group.Key).ListSize).ToList();
        long? size = sizes.Count > 0 && sizes.TrueForAll(one => one is not null) ? sizes.Sum() : null;
        var inAll = byTask.Where(group => tasks.Single(task => task.Id == group.Key).ListSize is not null).Sum(group => Distinct(all.Select(row => row.Call).Where(call => call.CallTaskId == group.Key)));
        long Known(Func<Call, int?> read) => connected.Count(call => read(call) is not null);
        long Sum(Func<Call, int?> read) => connected.Sum(call => (long)(read(call) ?? 0));
        long Having(Meaning meaning) => connected.Count(call => (looks.Of(Key(call), call.OccurredAt).Meanings & meaning) != 0);
        var asked = calls.Where(call => call.TransferRequestedAt is not null).ToList();
        var taken = asked.Where(call => call.TransferSucceededAt is not null).ToList();
        var promises = connected.Where(call => call.Callee is not null && (looks.Of(Key(call), call.OccurredAt).Meanings & Meaning.Promise) != 0).Select(call => (call.Callee, days.DayOf(call.OccurredAt))).Distinct().Count();
        var answered = dials.Count(dial => dial.Attempt.Connected);
        var rings = dials.Where(dial => dial.Attempt.RingSeconds is not null).ToList();

        string[] lines =
        [
            Line(Figures.Deliveries, deliveries.Count(at => In(filter, at))),
            Line(Figures.NumbersHeard, heard),
            Line(Figures.NumbersReached, reached),
            Line(Figures.Calls, calls.Count),
            Line(Figures.Attempts, dials.Count),
            Line(Figures.Connected, answered),
            Line(Figures.AnswerRate, answered, dials.Count),
            Line(Figures.Reach, reached, size),
            Line(Figures.AttemptsPerNumber, dials.Count, heard),
            Line(Figures.AverageCallDuration, Sum(call => call.DurationSeconds), Known(call => call.DurationSeconds)),
            Line(Figures.AverageRobotTalk, Sum(call => call.RobotTalkSeconds), Known(call => call.RobotTalkSeconds)),
            Line(Figures.AverageRingTime, rings.Sum(dial => (long)dial.Attempt.RingSeconds!), rings.Count),
            Line(Figures.ShortCallShare, connected.Count(call => call.DurationSeconds <= 6), Known(call => call.DurationSeconds)),
            Line(Figures.NoResponseRate, connected.Count(call => !call.CalleeSpoke), connected.Count),
            Line(Figures.TurnsPerCall, Sum(call => call.TalkRounds), Known(call => call.TalkRounds)),
            Line(Figures.TransferRequests, asked.Count),
            Line(Figures.TransferRate, asked.Count, connected.Count),
            Line(Figures.TransferSuccess, taken.Count, asked.Count),
            Line(Figures.TransferWait, taken.Where(Ordered).Sum(call => (long)(call.TransferSucceededAt!.Value - call.TransferRequestedAt!.Value).TotalSeconds), taken.Count(Ordered)),
            Line(Figures.RightPartyOfConnects, Having(Meaning.RightParty), connected.Count),
            Line(Figures.PromiseOfRightParty, promises, Having(Meaning.RightParty)),
            Line(Figures.UnmappedShare, connected.Count(call => !looks.Of(Key(call), call.OccurredAt).Mapped), connected.Count),
            Line(Figures.Contradictions, calls.Count(call => (call.Flags & CallFlags.Contradiction) != 0)),
            Line(Figures.ContradictionRate, calls.Count(call => (call.Flags & CallFlags.Contradiction) != 0), calls.Count),
            Line(Figures.Coverage, size is null ? null : inAll, size),
        ];
        var starts = plan.In(days);
        int Slot(DateTimeOffset at) => Math.Max(0, starts.Count(start => start <= at) - 1);
        var slots = Enumerable.Range(0, plan.Count).Select(slot => $"slot {slot}: {Tally(calls.Where(call => Slot(call.OccurredAt) == slot).ToList(), dials.Where(dial => Slot(dial.At) == slot).ToList())}");
        return string.Join('\n', lines.Order(StringComparer.Ordinal).Concat(slots.Where(line => !line.EndsWith(Nothing, StringComparison.Ordinal))));
    }

    public string TaskList(CallFilter filter) => string.Join('\n', tasks
        .Select(task => (Task: task, Calls: all.Where(row => Fits(filter, row.Call) && In(filter, row.Call.OccurredAt) && row.Call.CallTaskId == task.Id).Select(row => row.Call).ToList()))
        .Where(row => row.Calls.Count > 0)
        .Select(row => $"{row.Task.VendorTaskId}: {Distinct(row.Calls)} {Distinct(row.Calls.Where(call => call.Connected))} {Tally(row.Calls, Dials(filter).Where(dial => dial.Call.CallTaskId == row.Task.Id).ToList())}")
        .Order(StringComparer.Ordinal));

    public string Detail(CallFilter filter)
    {
        var dials = Dials(filter).ToList();
        var connected = all.Where(row => Fits(filter, row.Call) && In(filter, row.Call.OccurredAt) && row.Call.Connected).Select(row => row.Call).ToList();
        return string.Join('\n', dials.GroupBy(dial => dial.Ordinal).OrderBy(group => group.Key).Select(group => $"rung {group.Key}: {group.Count()} {group.Count(dial => dial.First)}")
            .Concat(dials.GroupBy(dial => dial.Attempt.RingType).Select(group => $"ring {group.Key}: {group.Count()} {group.Count(dial => dial.Attempt.Connected)}").Order(StringComparer.Ordinal))
            .Concat(connected.GroupBy(call => (call.HangupType, call.HangupBy)).Select(group => $"hang-up {group.Key}: {group.Count()}").Order(StringComparer.Ordinal))
            .Concat(Script(filter, dials).Order(StringComparer.Ordinal)));
    }

    private IEnumerable<string> Script(CallFilter filter, List<Dial> dials)
    {
        var connected = all.Where(row => Fits(filter, row.Call) && In(filter, row.Call.OccurredAt) && row.Call.Connected).ToList();
        foreach (var group in dials.GroupBy(dial => (days.ToLocal(dial.At).DayOfWeek, days.ToLocal(dial.At).Hour)))
            yield return $"heat {group.Key}: {group.Count()} {group.Count(dial => dial.Attempt.Connected)}";

        foreach (var group in connected.SelectMany(row => row.Answers.Where(item => !row.Answers.Any(later => later.Ordinal > item.Ordinal && later.Question == item.Question))).GroupBy(item => (item.Question, item.Status, item.Answered, item.Verification)))
            yield return $"question {group.Key}: {group.Count()}";

        foreach (var group in connected.Where(row => row.Answers.Count > 0).GroupBy(row => (row.Answers.LastOrDefault(item => item.Answered is null ? (item.Value ?? item.Text) is not null : item.Answered == "Answered")?.Question, row.Call.HangupType)))
            yield return $"break-off {group.Key}: {group.Count()}";

        foreach (var group in connected.Where(row => row.Call.LastSaid is not null).GroupBy(row => (row.Call.LastSaid, row.Call.HangupType)))
            yield return $"said {group.Key}: {group.Count()}";
    }

    public static string Text(Summary summary) => string.Join('\n', Figures.All.Select(definition => Line(definition.Name, summary[definition.Name].Numerator, summary[definition.Name].Denominator))
        .Order(StringComparer.Ordinal)
        .Concat(summary.Slots.Select((slot, index) => $"slot {index}: {Text(slot)}").Where(line => !line.EndsWith(Nothing, StringComparison.Ordinal))));

    public static string Text(IEnumerable<TaskRow> rows) => string.Join('\n', rows.Select(row => $"{row.Task.VendorTaskId}: {row.Heard} {row.Reached} {Text(row.Sums)}").Order(StringComparer.Ordinal));

    public static string Text(TaskDetail detail) => string.Join('\n', detail.Ladder.Select(rung => $"rung {rung.Attempt}: {rung.Dials} {rung.Connects}")
        .Concat(detail.Rings.Select(ring => $"ring {ring.RingType}: {ring.Attempts} {ring.Connected}").Order(StringComparer.Ordinal))
        .Concat(detail.Hangups.Select(cell => $"hang-up {(cell.HangupType, cell.HangupBy)}: {cell.Calls}").Order(StringComparer.Ordinal))
        .Concat(Text(detail.Script).Order(StringComparer.Ordinal)));

    public static IEnumerable<string> Text(TaskScript script) =>
    [
        .. script.Heat.Select(cell => $"heat {(cell.Weekday, cell.Hour)}: {cell.Attempts} {cell.Connected}"),
        .. script.Questions.Select(row => $"question {(row.Question, row.Status, row.Answered, row.Verification)}: {row.Calls}"),
        .. script.BreakOffs.Select(row => $"break-off {(row.Question, row.HangupType)}: {row.Calls}"),
        .. script.LastWords.Select(row => $"said {(row.Sentence, row.HangupType)}: {row.Calls}"),
    ];

    private const string Nothing = "0 0 0 0 0 0 0 0 0 0 0 0 0 0 | 0 0 0 0 | ";

    private static string Text(Tally sum) =>
        $"{sum.Calls} {sum.Connected} {sum.DurationSeconds} {sum.DurationKnown} {sum.RobotTalkSeconds} {sum.RobotTalkKnown} {sum.ShortCalls} {sum.SilentCalls} {sum.Turns} {sum.TurnsKnown} {sum.TransferRequests} {sum.TransferSuccesses} {sum.ConnectedTransfers} {sum.Contradictions} | " +
        $"{sum.Attempts} {sum.ConnectedAttempts} {sum.RingSeconds} {sum.RingKnown} | {Labels(sum.ConnectedByLabel)}";

    private static string Tally(List<Call> calls, List<Dial> dials)
    {
        var connected = calls.Where(call => call.Connected).ToList();
        return $"{calls.Count} {connected.Count} {connected.Sum(call => call.DurationSeconds ?? 0)} {connected.Count(call => call.DurationSeconds is not null)} " +
            $"{connected.Sum(call => call.RobotTalkSeconds ?? 0)} {connected.Count(call => call.RobotTalkSeconds is not null)} {connected.Count(call => call.DurationSeconds <= 6)} {connected.Count(call => !call.CalleeSpoke)} " +
            $"{connected.Sum(call => call.TalkRounds ?? 0)} {connected.Count(call => call.TalkRounds is not null)} {calls.Count(call => call.TransferRequestedAt is not null)} " +
            $"{calls.Count(call => call.TransferRequestedAt is not null && call.TransferSucceededAt is not null)} {connected.Count(call => call.TransferRequestedAt is not null && call.TransferSucceededAt is not null)} {calls.Count(call => (call.Flags & CallFlags.Contradiction) != 0)} | " +
            $"{dials.Count} {dials.Count(dial => dial.Attempt.Connected)} {dials.Sum(dial => dial.Attempt.RingSeconds ?? 0)} {dials.Count(dial => dial.Attempt.RingSeconds is not null)} | " +
            Labels(connected.GroupBy(Key).ToDictionary(group => group.Key, group => (long)group.Count()));
    }

    private static string Labels(IReadOnlyDictionary<LabelKey, long> counts) => string.Join(", ", counts.Where(pair => pair.Value != 0).Select(pair => $"{pair.Key.Robot}/{pair.Key.Label}={pair.Value}").Order(StringComparer.Ordinal));

    private IEnumerable<Dial> Dials(CallFilter filter) =>
        from row in all
        where Fits(filter, row.Call)
        from dial in row.Attempts.Select((attempt, index) => new Dial(row.Call, attempt, index + 1, attempt.StartedAt ?? row.Call.OccurredAt, attempt.Connected && !row.Attempts.Take(index).Any(other => other.Connected)))
        where In(filter, dial.At)
        select dial;

    private bool In(CallFilter filter, DateTimeOffset at) => (filter.From is not { } from || days.StartOf(from) <= at) && (filter.To is not { } to || at < days.StartOf(to.AddDays(1))) && (Until is not { } until || at < until);

    private bool Fits(CallFilter filter, Call call) =>
        (filter.Task is null || tasks.Single(task => task.Id == call.CallTaskId).VendorTaskId == filter.Task) &&
        (filter.Robot is null || call.RobotHash == filter.Robot) &&
        (filter.Label is null || call.Label == (filter.Label == CallFilter.NoLabel ? null : filter.Label)) &&
        (filter.Meaning is not { } meaning || (meaning == Meaning.None ? !looks.Of(Key(call), call.OccurredAt).Mapped : (looks.Of(Key(call), call.OccurredAt).Meanings & meaning) != 0)) &&
        (filter.Connection is null || filter.Connection == connection.Name);

    private static bool Ordered(Call call) => call.TransferSucceededAt >= call.TransferRequestedAt;

    private static LabelKey Key(Call call) => new(call.ConnectionId, call.RobotHash, call.Label);

    private static int Distinct(IEnumerable<Call> calls) => calls.Select(call => call.Callee).OfType<string>().Distinct(StringComparer.Ordinal).Count();

    private static string Line(string name, long? numerator, long? denominator = null) => string.Create(CultureInfo.InvariantCulture, $"{name}: {numerator}/{denominator}");

    private sealed record Dial(Call Call, Attempt Attempt, int Ordinal, DateTimeOffset At, bool First);
}
