using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.CallTasks;

/// <summary>Attempts by the local weekday and hour of their start.</summary>
/// <param name="Weekday">In the zone of the connection.</param>
/// <param name="Hour">0 to 23.</param>
/// <param name="Attempts">n of the cell.</param>
/// <param name="Connected">Of them connected; these are as many calls.</param>
public sealed record HeatCell(DayOfWeek Weekday, int Hour, long Attempts, long Connected);

/// <summary>Connected calls by how a question of their interview ended, in AIRUDDER's words; null where it sent none.</summary>
public sealed record QuestionCount(string? Question, string? Status, string? Answered, string? Verification, long Calls);

/// <summary>Connected calls with an interview, by the last question answered (null for none) and by how they ended.</summary>
public sealed record BreakOff(string? Question, string? HangupType, long Calls);

/// <summary>Connected calls by what the robot said last.</summary>
/// <param name="Sentence">Without names and numbers, see <see cref="LastSentence"/>.</param>
/// <param name="Key">What the sentence is called in an address.</param>
/// <param name="HangupType">How they ended.</param>
/// <param name="Calls">How many.</param>
public sealed record LastWords(string Sentence, string Key, string? HangupType, long Calls);

/// <summary>When a task is worth dialling, and where its talk breaks off.</summary>
public sealed record TaskScript(IReadOnlyList<HeatCell> Heat, IReadOnlyList<QuestionCount> Questions, IReadOnlyList<BreakOff> BreakOffs, IReadOnlyList<LastWords> LastWords)
{
    /// <summary>From the sums kept ready.</summary>
    public static async Task<TaskScript> ReadAsync(DashboardDb db, RollupScope scope, RollupNames.Held names, CancellationToken cancel)
    {
        var heat = await RollupReader.Attempts(db, scope).ToListAsync(cancel);
        return new TaskScript(
            Cells(heat.Select(row => (scope.Days.ToLocal(RollupDeltas.StartOf(row.Slot)), row.Attempts, row.Connected))),
            [.. (await RollupReader.Facets(db, scope, FacetKind.Question).ToListAsync(cancel)).Select(row => new QuestionCount(names.Word(row.A), names.Word(row.B), names.Word(row.C), names.Word(row.D), row.N))],
            [.. (await RollupReader.Facets(db, scope, FacetKind.BreakOff).ToListAsync(cancel)).Select(row => new BreakOff(names.Word(row.A), names.Word(row.B), row.N))],
            [.. (await RollupReader.Facets(db, scope, FacetKind.LastSaid).ToListAsync(cancel)).Select(row => Said(names.Word(row.A)!, names.Word(row.B), row.N))]);
    }

    /// <summary>Call by call, for filters that no sums are kept for.</summary>
    public static async Task<TaskScript> ScanAsync(DashboardDb db, CallFilter filter, List<Connection> home, CancellationToken cancel)
    {
        var days = new LocalDays(home[0].TimeZone);
        var calls = Sums.Calls(db, filter, home);
        var dials = await Starts(Sums.Dials(db, filter, home)).ToListAsync(cancel);
        var interviews = (await Asked(db, calls).ToListAsync(cancel)).GroupBy(item => item.CallId).Select(items => items.OrderBy(item => item.Ordinal).ToList()).ToList();
        return new TaskScript(
            Cells(dials.Select(dial => (days.ToLocal(dial.At), 1L, dial.Connected ? 1L : 0))),
            [.. interviews.SelectMany(items => items.GroupBy(item => item.Question, StringComparer.Ordinal).Select(asked => asked.Last()))
                .GroupBy(item => (item.Question, item.Status, item.Answered, item.Verification))
                .Select(group => new QuestionCount(group.Key.Question, group.Key.Status, group.Key.Answered, group.Key.Verification, group.Count()))],
            [.. interviews.GroupBy(items => (items.FindLast(item => InfoCheck.IsAnswered(item.Answered) ?? item.HasValue)?.Question, items[0].HangupType))
                .Select(group => new BreakOff(group.Key.Question, group.Key.HangupType, group.Count()))],
            [.. (await Said(calls).ToListAsync(cancel)).Select(row => Said(row.Sentence, row.HangupType, row.Calls))]);
    }

    public static IQueryable<DialStart> Starts(IQueryable<Dial> dials) => dials.Select(dial => new DialStart(dial.At, dial.Connected));

    public static IQueryable<AskedItem> Asked(DashboardDb db, IQueryable<Call> calls) =>
        from call in calls
        where call.Connected
        join item in db.Answers on call.Id equals item.CallId
        select new AskedItem(call.Id, call.HangupType, item.Ordinal, item.Question, item.Status, item.Answered, item.Verification, item.Value != null || item.Text != null);

    public static IQueryable<SaidCount> Said(IQueryable<Call> calls) =>
        calls.Where(call => call.Connected && call.LastSaid != null)
            .GroupBy(call => new { call.LastSaid, call.HangupType })
            .Select(group => new SaidCount(group.Key.LastSaid!, group.Key.HangupType, group.Count()));

    private static LastWords Said(string sentence, string? hangup, long calls) => new(sentence, RollupTermWriter.KeyOfWord(sentence), hangup, calls);

    private static List<HeatCell> Cells(IEnumerable<(DateTimeOffset Local, long Attempts, long Connected)> starts) =>
        [.. starts.GroupBy(start => (start.Local.DayOfWeek, start.Local.Hour))
            .Select(group => new HeatCell(group.Key.DayOfWeek, group.Key.Hour, group.Sum(start => start.Attempts), group.Sum(start => start.Connected)))
            .Where(cell => cell.Attempts > 0)
            .OrderBy(cell => ((int)cell.Weekday + 6) % 7).ThenBy(cell => cell.Hour)];

    public sealed record DialStart(DateTimeOffset At, bool Connected);

    public sealed record AskedItem(long CallId, string? HangupType, int Ordinal, string? Question, string? Status, string? Answered, string? Verification, bool HasValue);

    public sealed record SaidCount(string Sentence, string? HangupType, int Calls);
}
