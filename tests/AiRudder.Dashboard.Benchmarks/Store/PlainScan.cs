using System.Diagnostics;
using AiRudder.Dashboard.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Benchmarks.Store;

/// <summary>The questions asked of the stored calls themselves, on the product's own file, with the product's own indexes and settings.</summary>
internal sealed class PlainScan : IAnswers
{
    private readonly SqliteConnection connection;

    public PlainScan(string file)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        SqlitePragmas.Apply(connection);
        foreach (var view in Views)
        {
            using var command = connection.CreateCommand();
            command.CommandText = view;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Names and columns as the questions have them.</summary>
    private static IEnumerable<string> Views =>
    [
        """
        CREATE TEMP VIEW c AS SELECT "Id" AS id, "OccurredAt" AS began, "CallTaskId" AS task, "RobotHash" AS robot, "Label" AS label, "Callee" AS callee, "Connected" AS connected,
            "DurationSeconds" AS duration, "RobotTalkSeconds" AS talk, "TalkRounds" AS rounds, "CalleeSpoke" AS spoke, "TransferRequestedAt" IS NOT NULL AS asked,
            "TransferSucceededAt" IS NOT NULL AS taken, "Flags" <> 0 AS contradicts, "HangupType" AS hanguptype, "HangupBy" AS hangupby FROM "Calls"
        """,
        """
        CREATE TEMP VIEW d AS SELECT "CallId" AS ofcall, "Ordinal" AS ordinal, "StartedAt" AS began, "Connected" AS connected, "RingSeconds" AS ring, "RingType" AS ringtype FROM "Attempts"
        """,
        """CREATE TEMP VIEW m AS SELECT "RobotHash" AS robot, "Label" AS label, ("Meanings" / 8) % 2 AS promise FROM "LabelMeanings" """,
    ];

    public Task<Taken> AskAsync(IReadOnlyList<string> sql, int times) => Task.Run(() =>
    {
        var taken = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var statement in sql)
            {
                Read(statement);
            }

            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Taken.Of(taken);
    });

    /// <summary>Writes a view as CSV with a header; times in milliseconds, truth as 0 and 1, nothing as nothing.</summary>
    public void Export(string view, string file)
    {
        using var output = new StreamWriter(file);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {view}";
        using var reader = command.ExecuteReader();
        output.Write(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)) + "\n");
        var values = new object[reader.FieldCount];
        while (reader.Read())
        {
            reader.GetValues(values);
            for (var i = 0; i < values.Length; i++)
            {
                output.Write(i == 0 ? "" : ",");
                output.Write(values[i] is DBNull ? "" : Convert.ToString(values[i], System.Globalization.CultureInfo.InvariantCulture));
            }

            output.Write('\n');
        }
    }

    /// <summary>Bytes of the file, and what of it are fields that are only shown and the index of what was said.</summary>
    public (long File, long Shown, long Words) Bytes()
    {
        return (
            Number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
            Number($"""SELECT sum({string.Join(" + ", Shown.Select(column => $"coalesce(length(CAST(\"{column}\" AS BLOB)), 0)"))}) FROM "CallDetails" """),
            Number("""SELECT sum(length(block)) FROM "CallWords_data" """));

        long Number(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static readonly string[] Shown = ["TurnsJson", "Summary", "VariablesJson", "TimeZone", "RecordingLink"];

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private void Read(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                reader.GetValue(i);
            }
        }
    }
}
