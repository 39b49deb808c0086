using System.Globalization;
using AiRudder.Dashboard.Exports;

namespace AiRudder.Dashboard.Calls;

/// <summary>One column of the list, and of a file made from it.</summary>
/// <param name="Key">Name in addresses, choices and files.</param>
/// <param name="Words">Heading on the page, in English.</param>
/// <param name="Value">What a file holds: text, or a number.</param>
/// <param name="Usual">Shown to whoever has chosen nothing.</param>
public sealed record CallColumn(string Key, string Words, Func<CallLine, Cell> Value, bool Usual = false);

/// <summary>Which columns there are; their order is always this one.</summary>
public static class CallColumns
{
    public static readonly IReadOnlyList<CallColumn> All =
    [
        new("started", Noted("Started"), line => Instant(line.OccurredAt), Usual: true),
        new("received", Noted("Received"), line => Instant(line.ReceivedAt)),
        new("number", Noted("Number"), line => line.Callee, Usual: true),
        new("connection", Noted("Connection"), line => line.Connection),
        new("task", Noted("Task"), line => line.TaskName ?? line.Task, Usual: true),
        new("robot", Noted("Robot"), line => line.Robot),
        new("intention", Noted("Intention"), line => line.Label, Usual: true),
        new("words", Noted("Label's words"), line => line.LabelWords),
        new("meaning", Noted("Meaning"), line => line.Meaning),
        new("result", Noted("Result"), line => line.Result),
        new("talk", Noted("Talk"), line => (double?)line.DurationSeconds, Usual: true),
        new("rang", Noted("Rang"), line => (double?)line.RingSeconds, Usual: true),
        new("ringType", Noted("Ring type"), line => line.RingType, Usual: true),
        new("hungUp", Noted("Hung up"), line => line.HangupType, Usual: true),
        new("hangupBy", Noted("Hung up by"), line => line.HangupBy),
        new("transfer", Noted("Transfer"), line => line.Transferred ? T("taken over") : line.TransferRequested ? T("failed") : null, Usual: true),
        new("attempts", Noted("Attempts"), line => line.AttemptCount),
        new("caller", Noted("Our number"), line => line.CallerNumber),
        new("found", Noted("Found"), line => string.Join(' ', line.Flags), Usual: true),
        new("recording", Noted("Recording"), line => Word(line.HasRecording), Usual: true),
        new("callId", Noted("AIRUDDER's call id"), line => line.CallId),
    ];

    public static readonly IReadOnlyList<CallColumn> Usual = [.. All.Where(column => column.Usual)];

    /// <summary>What a file holds that nobody chose columns for: the fields of the API, by their names.</summary>
    public static readonly IReadOnlyList<CallColumn> Api =
    [
        new("id", "", line => line.Id), new("callId", "", line => line.CallId), new("connection", "", line => line.Connection), new("task", "", line => line.Task),
        new("taskName", "", line => line.TaskName), new("robot", "", line => line.Robot), new("callee", "", line => line.Callee), new("label", "", line => line.Label),
        new("meaning", "", line => line.Meaning), new("result", "", line => line.Result), new("connected", "", line => Word(line.Connected)),
        new("durationSeconds", "", line => (double?)line.DurationSeconds), new("startedAt", "", line => Instant(line.StartedAt)), new("receivedAt", "", line => Instant(line.ReceivedAt)),
        new("ringType", "", line => line.RingType), new("hangupType", "", line => line.HangupType), new("hangupBy", "", line => line.HangupBy),
        new("callerNumber", "", line => line.CallerNumber), new("hasRecording", "", line => Word(line.HasRecording)), new("transferred", "", line => Word(line.Transferred)),
        new("flags", "", line => string.Join(' ', line.Flags)),
    ];

    /// <summary>Reads a choice of columns; nothing means the usual ones. A name that is none is an error in words.</summary>
    public static (IReadOnlyList<CallColumn> Columns, string? Error) Parse(string? keys)
    {
        if (string.IsNullOrWhiteSpace(keys))
        {
            return (Usual, null);
        }

        var wanted = keys.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = All.Where(column => wanted.Contains(column.Key)).ToList();
        return columns.Count == wanted.Count && columns.Count > 0
            ? (columns, null)
            : (Usual, T("columns: one of them is not one of {0}.", string.Join(", ", All.Select(column => column.Key))));
    }

    public static string Keys(IEnumerable<CallColumn> columns) => string.Join(',', columns.Select(column => column.Key));

    private static string Word(bool truth) => truth ? "true" : "false";

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
