using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>Statements of the hot path: prepared once, bound by position.</summary>
internal static class SqliteStatement
{
    public static SqliteCommand Prepare(SqliteConnection open, string sql, params ReadOnlySpan<string> names)
    {
        var command = open.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    public static void Bind(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
