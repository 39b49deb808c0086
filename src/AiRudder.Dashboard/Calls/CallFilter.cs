using System.Globalization;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Which calls are meant. The names are the same in the address of a page, in the query string of the API and in every link
/// behind a figure; null means "any".
/// </summary>
public sealed partial record CallFilter
{
    /// <summary>First local day of the connection, inclusive.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last local day of the connection, inclusive.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Local time of the first day from which calls count; midnight when null.</summary>
    public TimeOnly? FromTime { get; init; }

    /// <summary>Local time of the last day before which calls count; the end of the day when null.</summary>
    public TimeOnly? ToTime { get; init; }

    /// <summary>Name of the connection; null means all.</summary>
    public string? Connection { get; init; }

    /// <summary>AIRUDDER's task id.</summary>
    public string? Task { get; init; }

    /// <summary>A robot, several separated by commas, or <see cref="NoRobot"/> among them for calls that name none.</summary>
    public string? Robot { get; init; }

    /// <summary>A label, or <see cref="NoLabel"/> for calls without one.</summary>
    public string? Label { get; init; }

    /// <summary>What the label meant on the day of the call; <see cref="Intentions.Meaning.None"/> for labels that meant nothing.</summary>
    public Meaning? Meaning { get; init; }

    /// <summary>True: on every day labels mean what they mean now.</summary>
    public bool? MeaningsNow { get; init; }

    public string? Result { get; init; }

    public string? RingType { get; init; }

    public string? HangupType { get; init; }

    /// <summary>The number in full, with or without its plus sign.</summary>
    public string? Callee { get; init; }

    /// <summary>Our number in full, a hash sign and the number of its term, which tells nothing of it, or <see cref="NoWord"/>.</summary>
    public string? CallerNumber { get; init; }

    /// <summary>The trunk of the task, or <see cref="NoWord"/>.</summary>
    public string? Line { get; init; }

    /// <summary>Seconds.</summary>
    public int? MinDuration { get; init; }

    /// <summary>Seconds.</summary>
    public int? MaxDuration { get; init; }

    public bool? Connected { get; init; }

    /// <summary>A person took the call over, whether or not it says that one was asked for.</summary>
    public bool? Transferred { get; init; }

    /// <summary>As figures count transfers: one was asked for, and taken. False: all other calls.</summary>
    public bool? TransferTaken { get; init; }

    public bool? HasRecording { get; init; }

    /// <summary>A review of the call was handed in.</summary>
    public bool? Reviewed { get; init; }

    public CallFlags? Flag { get; init; }

    /// <summary>Words in transcript or summary; a call id or task name finds its calls too.</summary>
    public string? Q { get; init; }

    public const string NoLabel = "--";

    public const string NoRobot = "--";

    /// <summary>Reads the query string. A value that cannot be read is an error in words, never ignored.</summary>
    public static (CallFilter Filter, IReadOnlyList<string> Errors) Parse(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var values = query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var errors = new List<string>();

        string? Text(string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

        TValue? Value<TValue>(string name, Func<string, TValue?> read, string allowed)
            where TValue : struct
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (read(text) is not { } value)
            {
                errors.Add(T("{0}: '{1}' is not {2}.", name, text, allowed));
                return null;
            }

            return value;
        }

        int? Whole(string name, int least, int most) => Value<int>(
            name, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null, T("a whole number from {0} to {1}", least, most));

        DateOnly? Day(string name) => Value<DateOnly>(
            name, text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 2100 ? day : null, T("a day written yyyy-MM-dd, from 2000 to 2099"));

        bool? Truth(string name) => Value<bool>(name, text => bool.TryParse(text, out var truth) ? truth : null, T("true or false"));

        int? Seconds(string name) => Value<int>(
            name, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null, T("a whole number of seconds"));

        TEnum? Word<TEnum>(string name)
            where TEnum : struct, Enum => Value<TEnum>(
            name, text => Enum.TryParse<TEnum>(text, ignoreCase: true, out var word) && Enum.IsDefined(word) && !char.IsAsciiDigit(text[0]) ? word : null, T("one of {0}", string.Join(", ", Enum.GetNames<TEnum>().Skip(1))));

        TimeOnly? Clock(string name) => Value<TimeOnly>(
            name, text => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null, T("a time of day written HH:mm"));

        var filter = new CallFilter
        {
            From = Day("from"),
            To = Day("to"),
            FromTime = Clock("fromTime"),
            ToTime = Clock("toTime"),
            Connection = Text("connection"),
            Task = Text("task"),
            Robot = Text("robot"),
            Label = Text("label"),
            Meaning = Word<Meaning>("meaning"),
            MeaningsNow = Truth("meaningsNow"),
            Result = Text("result"),
            RingType = Text("ringType"),
            HangupType = Text("hangupType"),
            Callee = Text("callee"),
            CallerNumber = Text("callerNumber"),
            Line = Text("line"),
            MinDuration = Seconds("minDuration"),
            MaxDuration = Seconds("maxDuration"),
            Connected = Truth("connected"),
            Transferred = Truth("transferred"),
            TransferTaken = Truth("transferTaken"),
            HasRecording = Truth("hasRecording"),
            Reviewed = Truth("reviewed"),
            Flag = Word<CallFlags>("flag"),
            Q = Text("q"),
            Weekday = Value<DayOfWeek>("weekday", text => Enum.TryParse<DayOfWeek>(text, ignoreCase: true, out var day) && !char.IsAsciiDigit(text[0]) ? day : null, T("a weekday, Monday to Sunday")),
            Hour = Whole("hour", 0, 23),
            Attempts = Whole("attempts", 1, 10_000),
            MinAttempts = Whole("minAttempts", 1, 10_000),
            Delivery = Value<long>("delivery", text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null, T("the id of a delivery")),
            HangupBy = Text("hangupBy"),
            Question = Text("question"),
            QuestionStatus = Text("questionStatus"),
            Answered = Text("answered"),
            Verification = Text("verification"),
            NotAsked = Text("notAsked"),
            LastAnswered = Text("lastAnswered"),
            LastSaid = Text("lastSaid"),
        };
        if (filter.LastSaid is { } key && !IsKey(key))
        {
            errors.Add(T("lastSaid: '{0}' is not the key of a sentence.", key));
            filter = filter with { LastSaid = null };
        }

        if (filter is { From: { } from, To: { } to } && to < from)
        {
            errors.Add(T("to: {0} is before from ({1}).", to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        }

        if (filter is { FromTime: not null, From: null } or { ToTime: not null, To: null })
        {
            errors.Add(T("fromTime, toTime: a time of day needs its day: name from and to."));
        }

        return (filter, errors);
    }

    /// <summary>The query string that <see cref="Parse"/> reads back, with a leading question mark, or empty.</summary>
    public string ToQueryString()
    {
        // An array, not a dictionary: a floor writes hundreds of addresses with every refresh.
        (string Name, string? Value)[] values =
        [
            ("from", From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("to", To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("fromTime", FromTime?.ToString("HH:mm", CultureInfo.InvariantCulture)),
            ("toTime", ToTime?.ToString("HH:mm", CultureInfo.InvariantCulture)),
            ("connection", Connection),
            ("task", Task),
            ("robot", Robot),
            ("label", Label),
            ("meaning", Meaning?.ToString()),
            ("meaningsNow", Lower(MeaningsNow)),
            ("result", Result),
            ("ringType", RingType),
            ("hangupType", HangupType),
            ("callee", Callee),
            ("callerNumber", CallerNumber),
            ("line", Line),
            ("minDuration", MinDuration?.ToString(CultureInfo.InvariantCulture)),
            ("maxDuration", MaxDuration?.ToString(CultureInfo.InvariantCulture)),
            ("connected", Lower(Connected)),
            ("transferred", Lower(Transferred)),
            ("transferTaken", Lower(TransferTaken)),
            ("hasRecording", Lower(HasRecording)),
            ("reviewed", Lower(Reviewed)),
            ("flag", Flag?.ToString()),
            ("q", Q),
            ("weekday", Weekday?.ToString()),
            ("hour", Hour?.ToString(CultureInfo.InvariantCulture)),
            ("attempts", Attempts?.ToString(CultureInfo.InvariantCulture)),
            ("minAttempts", MinAttempts?.ToString(CultureInfo.InvariantCulture)),
            ("delivery", Delivery?.ToString(CultureInfo.InvariantCulture)),
            ("hangupBy", HangupBy),
            ("question", Question),
            ("questionStatus", QuestionStatus),
            ("answered", Answered),
            ("verification", Verification),
            ("notAsked", NotAsked),
            ("lastAnswered", LastAnswered),
            ("lastSaid", LastSaid),
        ];
        return QueryHelpers.AddQueryString("", values.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

        static string? Lower(bool? value) => value switch { true => "true", false => "false", null => null };
    }

    /// <summary>The calls that fit. <paramref name="connections"/> are all connections: their zones decide where days begin.</summary>
    public IQueryable<Call> Apply(DashboardDb db, IReadOnlyList<Connection> connections) => Narrow(Within(db.Calls.AsNoTracking(), connections), db);

    /// <summary>Of these calls, those that fit everything but connection and days.</summary>
    public IQueryable<Call> Narrow(IQueryable<Call> calls, DashboardDb db)
    {
        if (Task is { } task)
        {
            // A subquery, not a join: SQL Server and SQLite both turn it into a look-up by the task's index.
            calls = calls.Where(call => db.CallTasks.Any(row => row.Id == call.CallTaskId && row.VendorTaskId == task));
        }

        if (Robot is { } robot)
        {
            var (named, unnamed) = (Robots(robot).Where(one => one != NoRobot).ToList(), Robots(robot).Contains(NoRobot));
            calls = (named.Count, unnamed) switch
            {
                (1, false) => calls.Where(call => call.RobotHash == named[0]),
                (0, _) => calls.Where(call => call.RobotHash == null),
                (_, false) => calls.Where(call => named.Contains(call.RobotHash!)),
                _ => calls.Where(call => call.RobotHash == null || named.Contains(call.RobotHash)),
            };
        }

        calls = Label switch
        {
            null => calls,
            NoLabel => calls.Where(call => call.Label == null),
            var label => calls.Where(call => call.Label == label),
        };
        calls = Meaning is { } meaning ? calls.WithMeaning(db, meaning, MeaningsNow == true) : calls;
        calls = Result is { } result ? calls.Where(call => call.Result == result) : calls;
        calls = RingType switch
        {
            null => calls,
            NoWord => calls.Where(call => call.RingType == null),
            var ring => calls.Where(call => call.RingType == ring),
        };
        calls = HangupType switch
        {
            null => calls,
            NoWord => calls.Where(call => call.HangupType == null),
            var hangup => calls.Where(call => call.HangupType == hangup),
        };
        calls = NarrowParts(calls, db);
        if (Callee is { } callee)
        {
            // A plus sign in an address is often lost to a blank.
            var bare = callee.Trim().TrimStart('+');
            string[] spellings = [bare, "+" + bare];
            calls = calls.Where(call => spellings.Contains(call.Callee));
        }

        calls = MinDuration is { } least ? calls.Where(call => call.DurationSeconds >= least) : calls;
        calls = MaxDuration is { } most ? calls.Where(call => call.DurationSeconds <= most) : calls;
        calls = Connected is { } connected ? calls.Where(call => call.Connected == connected) : calls;
        calls = Transferred switch
        {
            null => calls,
            true => calls.Where(call => call.TransferSucceededAt != null),
            false => calls.Where(call => call.TransferSucceededAt == null),
        };
        calls = TransferTaken switch
        {
            null => calls,
            true => calls.Where(call => call.TransferRequestedAt != null && call.TransferSucceededAt != null),
            false => calls.Where(call => call.TransferRequestedAt == null || call.TransferSucceededAt == null),
        };
        calls = HasRecording is { } recorded ? calls.Where(call => call.HasRecording == recorded) : calls;
        calls = Reviewed switch
        {
            null => calls,
            true => calls.Where(call => db.Reviews.Any(review => review.CallId == call.Id && review.SubmittedAt != null)),
            false => calls.Where(call => !db.Reviews.Any(review => review.CallId == call.Id && review.SubmittedAt != null)),
        };
        calls = Flag is { } flag ? calls.Where(call => (call.Flags & flag) != 0) : calls;
        if (Q is { } words)
        {
            var said = db.Transcripts.Saying(words);
            var pattern = Pattern(words);
            calls = calls.Where(call => call.VendorCallId == words ||
                said.Contains(call.Id) ||
                db.CallTasks.Any(row => row.Id == call.CallTaskId && EF.Functions.Like(row.Name!, pattern, "!")));
        }

        return calls;
    }

    /// <summary>For LIKE with "!" as its escape: the words themselves, anywhere.</summary>
    internal static string Pattern(string words) =>
        $"%{words.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";

    /// <summary>Only connection and days: what figures about attempts and deliveries have in common with calls.</summary>
    internal IQueryable<Call> Within(IQueryable<Call> calls, IReadOnlyList<Connection> connections)
    {
        var wanted = Connection is { } name
            ? connections.Where(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase)).ToList()
            : connections;
        if (From is null && To is null && Connection is null && Weekday is null && Hour is null)
        {
            return calls;
        }

        // Connections in different zones have different days: one range per zone, added up.
        IQueryable<Call>? union = null;
        foreach (var zone in wanted.GroupBy(row => row.TimeZone))
        {
            var ids = zone.Select(row => row.Id).ToList();
            var days = new LocalDays(zone.Key);
            var part = calls.Where(call => ids.Contains(call.ConnectionId));
            if (From is { } from)
            {
                var start = days.At(from.ToDateTime(FromTime ?? TimeOnly.MinValue));
                part = part.Where(call => call.OccurredAt >= start);
            }

            if (To is { } to)
            {
                var end = ToTime is { } time ? days.At(to.ToDateTime(time)) : days.StartOf(to.AddDays(1));
                part = part.Where(call => call.OccurredAt < end);
            }

            if ((Weekday, Hour) is not (null, null))
            {
                part = part.Began(TimeZoneInfo.FindSystemTimeZoneById(zone.Key), Weekday, Hour);
            }

            union = union is null ? part : union.Concat(part);
        }

        return union ?? calls.Where(call => false);
    }

    /// <summary>Whether a call of this robot fits.</summary>
    public bool HasRobot(string? robot) => Robot is not { } wanted || Robots(wanted).Contains(robot ?? NoRobot);

    private static string[] Robots(string robots) => robots.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
