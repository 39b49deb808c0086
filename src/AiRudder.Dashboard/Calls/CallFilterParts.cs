using System.Globalization;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>The conditions behind the figures of a task's page.</summary>
public sealed partial record CallFilter
{
    /// <summary>Stands for a word that AIRUDDER did not send.</summary>
    public const string NoWord = "--";

    /// <summary>Local weekday of the start, in the zone of the connection.</summary>
    public DayOfWeek? Weekday { get; init; }

    /// <summary>Local hour of the start, 0 to 23.</summary>
    public int? Hour { get; init; }

    /// <summary>Dials of the number, this call's own included.</summary>
    public int? Attempts { get; init; }

    /// <summary>At least so many dials.</summary>
    public int? MinAttempts { get; init; }

    /// <summary>Our id of a delivery: calls that it brought, first or again.</summary>
    public long? Delivery { get; init; }

    /// <summary>hangup_by, or <see cref="NoWord"/>.</summary>
    public string? HangupBy { get; init; }

    /// <summary>An interview's question, by its key in the script: calls that hold it. The three that follow say how it ended.</summary>
    public string? Question { get; init; }

    public string? QuestionStatus { get; init; }

    /// <summary>whether_answer.</summary>
    public string? Answered { get; init; }

    /// <summary>verification_results.</summary>
    public string? Verification { get; init; }

    /// <summary>Calls with an interview that does not hold this question.</summary>
    public string? NotAsked { get; init; }

    /// <summary>The last question of the interview that was answered; <see cref="NoWord"/> when none was.</summary>
    public string? LastAnswered { get; init; }

    /// <summary>Key of what the robot said last, see <see cref="RollupTermWriter.KeyOfWord"/>: the sentence itself has no place in an address.</summary>
    public string? LastSaid { get; init; }

    private static bool IsKey(string text) => text.Length == 2 * Identity.Bytes && text.All(char.IsAsciiHexDigit);

    private IQueryable<Call> NarrowParts(IQueryable<Call> calls, DashboardDb db)
    {
        calls = Attempts is { } exactly ? calls.Where(call => call.AttemptCount == exactly) : calls;
        calls = MinAttempts is { } least ? calls.Where(call => call.AttemptCount >= least) : calls;
        calls = Delivery is { } delivery ? calls.Where(call => db.CallVersions.Where(version => version.DeliveryId == delivery).Select(version => version.CallId).Contains(call.Id)) : calls;
        calls = HangupBy switch
        {
            null => calls,
            NoWord => calls.Where(call => call.HangupBy == null),
            var by => calls.Where(call => call.HangupBy == by),
        };
        calls = NarrowLine(calls, db);
        calls = NarrowInterview(calls, db);
        if (LastSaid is { } key)
        {
            var identity = Convert.FromHexString(key);
            calls = calls.Where(call => call.LastSaid == db.Set<RollupTerm>().Where(term => term.Identity == identity).Select(term => term.First).FirstOrDefault() && call.LastSaid != null);
        }

        return calls;
    }

    private IQueryable<Call> NarrowLine(IQueryable<Call> calls, DashboardDb db)
    {
        if (CallerNumber is NoWord)
        {
            calls = calls.Where(call => call.CallerNumber == null);
        }
        else if (CallerNumber is { } caller)
        {
            var bare = caller.Trim().TrimStart('+');
            var plus = "+" + bare;
            calls = caller.StartsWith('#') && int.TryParse(caller.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var term)
                ? calls.Where(call => db.Set<RollupTerm>().Any(row => row.Id == term && row.Kind == TermKind.Word && row.First == call.CallerNumber))
                : calls.Where(call => call.CallerNumber == bare || call.CallerNumber == plus);
        }

        if (Line is { } line)
        {
            var wanted = Word(line);
            calls = calls.Where(call => db.CallTasks.Any(row => row.Id == call.CallTaskId && row.Line == wanted));
        }

        return calls;
    }

    private IQueryable<Call> NarrowInterview(IQueryable<Call> calls, DashboardDb db)
    {
        if ((Question ?? QuestionStatus ?? Answered ?? Verification) is not null)
        {
            // A question asked twice is as it ended.
            var items = db.Answers.Where(item => !db.Answers.Any(later => later.CallId == item.CallId && later.Ordinal > item.Ordinal && later.Question == item.Question));
            if (Question is { } question)
            {
                var wanted = Word(question);
                items = items.Where(item => item.Question == wanted);
            }

            if (QuestionStatus is { } status)
            {
                var wanted = Word(status);
                items = items.Where(item => item.Status == wanted);
            }

            if (Answered is { } answered)
            {
                var wanted = Word(answered);
                items = items.Where(item => item.Answered == wanted);
            }

            if (Verification is { } verification)
            {
                var wanted = Word(verification);
                items = items.Where(item => item.Verification == wanted);
            }

            calls = calls.Where(call => items.Any(item => item.CallId == call.Id));
        }

        if (NotAsked is { } missing)
        {
            var wanted = Word(missing);
            calls = calls.Where(call => db.Answers.Any(item => item.CallId == call.Id) && !db.Answers.Any(item => item.CallId == call.Id && item.Question == wanted));
        }

        if (LastAnswered is { } last)
        {
            var said = InfoCheck.Answered.ToLowerInvariant();

            // The database folds the case: of the one documented word it is the same in any culture.
#pragma warning disable CA1304, CA1311, CA1862
            var answers = db.Answers.Where(item => item.Answered == null ? item.Value != null || item.Text != null : item.Answered.ToLower() == said);
#pragma warning restore CA1304, CA1311, CA1862
            var ends = answers.Where(item => !answers.Any(later => later.CallId == item.CallId && later.Ordinal > item.Ordinal));
            calls = last == NoWord
                ? calls.Where(call => db.Answers.Any(item => item.CallId == call.Id) && !ends.Any(item => item.CallId == call.Id && item.Question != null))
                : calls.Where(call => ends.Any(item => item.CallId == call.Id && item.Question == last));
        }

        return calls;
    }

    private static string? Word(string text) => text == NoWord ? null : text;
}
