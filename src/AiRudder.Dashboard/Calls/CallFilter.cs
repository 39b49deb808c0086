using System.Globalization;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Which calls are meant. The names are the same in the address of a page, in the query string of the API and in every link
/// behind a figure; null means "any".
/// </summary>
public sealed record CallFilter
{
    /// <summary>First local day of the connection, inclusive.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last local day of the connection, inclusive.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Name of the connection; null means all.</summary>
    public string? Connection { get; init; }

    /// <summary>AIRUDDER's task id.</summary>
    public string? Task { get; init; }

    public string? Robot { get; init; }

    /// <summary>A label, or <see cref="NoLabel"/> for calls without one.</summary>
    public string? Label { get; init; }

    public Meaning? Meaning { get; init; }

    public string? Result { get; init; }

    public string? RingType { get; init; }

    public string? HangupType { get; init; }

    /// <summary>The number in full, with or without its plus sign.</summary>
    public string? Callee { get; init; }

    /// <summary>Seconds.</summary>
    public int? MinDuration { get; init; }

    /// <summary>Seconds.</summary>
    public int? MaxDuration { get; init; }

    public bool? Connected { get; init; }

    public bool? Transferred { get; init; }

    public bool? HasRecording { get; init; }

    public CallFlags? Flag { get; init; }

    /// <summary>Words in transcript or summary; a call id or task name finds its calls too.</summary>
    public string? Q { get; init; }

    public const string NoLabel = "--";

    /// <summary>Reads the query string. A value that cannot be read is an error in words, never ignored.</summary>
    public static (CallFilter Filter, IReadOnlyList<string> Errors) Parse(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var values = query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var errors = new List<string>();

        string? Text(string name) => values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

        T? Value<T>(string name, Func<string, T?> read, string allowed)
            where T : struct
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (read(text) is not { } value)
            {
                errors.Add($"{name}: '{text}' is not {allowed}.");
                return null;
            }

            return value;
        }

        DateOnly? Day(string name) => Value<DateOnly>(
            name, text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 2100 ? day : null, "a day written yyyy-MM-dd, from 2000 to 2099");

        bool? Truth(string name) => Value<bool>(name, text => bool.TryParse(text, out var truth) ? truth : null, "true or false");

        int? Seconds(string name) => Value<int>(
            name, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null, "a whole number of seconds");

        TEnum? Word<TEnum>(string name)
            where TEnum : struct, Enum => Value<TEnum>(
            name, text => Enum.TryParse<TEnum>(text, ignoreCase: true, out var word) && Enum.IsDefined(word) && !char.IsAsciiDigit(text[0]) ? word : null, $"one of {string.Join(", ", Enum.GetNames<TEnum>().Skip(1))}");

        var filter = new CallFilter
        {
            From = Day("from"),
            To = Day("to"),
            Connection = Text("connection"),
            Task = Text("task"),
            Robot = Text("robot"),
            Label = Text("label"),
            Meaning = Word<Meaning>("meaning"),
            Result = Text("result"),
            RingType = Text("ringType"),
            HangupType = Text("hangupType"),
            Callee = Text("callee"),
            MinDuration = Seconds("minDuration"),
            MaxDuration = Seconds("maxDuration"),
            Connected = Truth("connected"),
            Transferred = Truth("transferred"),
            HasRecording = Truth("hasRecording"),
            Flag = Word<CallFlags>("flag"),
            Q = Text("q"),
        };
        if (filter is { From: { } from, To: { } to } && to < from)
        {
            errors.Add($"to: {to:yyyy-MM-dd} is before from ({from:yyyy-MM-dd}).");
        }

        return (filter, errors);
    }

    /// <summary>The query string that <see cref="Parse"/> reads back, with a leading question mark, or empty.</summary>
    public string ToQueryString()
    {
        var values = new Dictionary<string, string?>
        {
            ["from"] = From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["to"] = To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["connection"] = Connection,
            ["task"] = Task,
            ["robot"] = Robot,
            ["label"] = Label,
            ["meaning"] = Meaning?.ToString(),
            ["result"] = Result,
            ["ringType"] = RingType,
            ["hangupType"] = HangupType,
            ["callee"] = Callee,
            ["minDuration"] = MinDuration?.ToString(CultureInfo.InvariantCulture),
            ["maxDuration"] = MaxDuration?.ToString(CultureInfo.InvariantCulture),
            ["connected"] = Lower(Connected),
            ["transferred"] = Lower(Transferred),
            ["hasRecording"] = Lower(HasRecording),
            ["flag"] = Flag?.ToString(),
            ["q"] = Q,
        };
        return QueryHelpers.AddQueryString("", values.Where(pair => pair.Value is not null));

        static string? Lower(bool? value) => value switch { true => "true", false => "false", null => null };
    }

    /// <summary>The calls that fit. <paramref name="connections"/> are all connections: their zones decide where days begin.</summary>
    public IQueryable<Call> Apply(DashboardDb db, IReadOnlyList<Connection> connections) => Narrow(ApplyPeriod(db, connections), db);

    /// <summary>Of these calls, those that fit everything but connection and days.</summary>
    public IQueryable<Call> Narrow(IQueryable<Call> calls, DashboardDb db)
    {
        if (Task is { } task)
        {
            // A subquery, not a join: SQL Server and SQLite both turn it into a look-up by the task's index.
            calls = calls.Where(call => db.CallTasks.Any(row => row.Id == call.CallTaskId && row.VendorTaskId == task));
        }

        calls = Robot is { } robot ? calls.Where(call => call.RobotHash == robot) : calls;
        calls = Label switch
        {
            null => calls,
            NoLabel => calls.Where(call => call.Label == null),
            var label => calls.Where(call => call.Label == label),
        };
        if (Meaning is { } meaning)
        {
            calls = calls.Where(call => db.LabelMeanings.Any(row =>
                row.ConnectionId == call.ConnectionId && row.Label == call.Label && (row.Meanings & meaning) != 0 &&
                (row.RobotHash == call.RobotHash || (row.RobotHash == null &&
                    !db.LabelMeanings.Any(own => own.ConnectionId == call.ConnectionId && own.Label == call.Label && own.RobotHash == call.RobotHash)))));
        }

        calls = Result is { } result ? calls.Where(call => call.Result == result) : calls;
        calls = RingType is { } ring ? calls.Where(call => call.RingType == ring) : calls;
        calls = HangupType is { } hangup ? calls.Where(call => call.HangupType == hangup) : calls;
        if (Callee is { } callee)
        {
            // A plus sign in an address is often lost to a blank.
            var bare = callee.Trim().TrimStart('+');
            var plus = "+" + bare;
            calls = calls.Where(call => call.Callee == bare || call.Callee == plus);
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
        calls = HasRecording is { } recorded ? calls.Where(call => call.HasRecording == recorded) : calls;
        calls = Flag is { } flag ? calls.Where(call => (call.Flags & flag) != 0) : calls;
        if (Q is { } words)
        {
            var pattern = $"%{words.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
            calls = calls.Where(call => call.VendorCallId == words ||
                db.CallDetails.Any(detail => detail.CallId == call.Id && (EF.Functions.Like(detail.TurnsJson!, pattern, "!") || EF.Functions.Like(detail.Summary!, pattern, "!"))) ||
                db.CallTasks.Any(row => row.Id == call.CallTaskId && EF.Functions.Like(row.Name!, pattern, "!")));
        }

        return calls;
    }

    /// <summary>Only connection and days: what figures about attempts and deliveries have in common with calls.</summary>
    private IQueryable<Call> ApplyPeriod(DashboardDb db, IReadOnlyList<Connection> connections)
    {
        var wanted = Connection is { } name
            ? connections.Where(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase)).ToList()
            : connections;
        var calls = db.Calls.AsNoTracking();
        if (From is null && To is null && Connection is null)
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
                var start = days.StartOf(from);
                part = part.Where(call => call.OccurredAt >= start);
            }

            if (To is { } to)
            {
                var end = days.StartOf(to.AddDays(1));
                part = part.Where(call => call.OccurredAt < end);
            }

            union = union is null ? part : union.Concat(part);
        }

        return union ?? calls.Where(call => false);
    }
}
