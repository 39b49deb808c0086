using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AiRudder.Dashboard.Storage.Sqlite;

/// <summary>
/// Search with SQLite's full-text index over pieces of three letters: it finds any part of a text in any script, without regard to
/// case and accents. The index holds no text of its own. Triggers take deleted calls out of it at once and note changed ones.
/// </summary>
public sealed class SqliteTranscripts(DashboardDb db) : ITranscriptSearch
{
    private const int ShortestIndexed = 3;

    public bool HasIndex => true;

    /// <summary>Marks count for nothing in the index, so they do not make a word longer.</summary>
    public bool IsIndexed(string words) =>
        SearchedWords.Of(words).Normalize(System.Text.NormalizationForm.FormD).EnumerateRunes().Count(rune => rune.Value is < 0x300 or > 0x36f) >= ShortestIndexed;

    public IQueryable<long> Saying(string words, long first = 0, long last = long.MaxValue)
    {
        var wanted = SearchedWords.Of(words);
        if (IsIndexed(words))
        {
            var phrase = $"\"{wanted.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            return db.Database.SqlQuery<long>($"""SELECT rowid AS "Value" FROM "CallWords" WHERE "CallWords" MATCH {phrase} AND rowid BETWEEN {first} AND {last}""");
        }

        var pattern = $"%{wanted.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal)}%";
        return db.Database.SqlQuery<long>(
            $"""
            SELECT detail."CallId" AS "Value" FROM "CallDetails" detail
            WHERE detail."CallId" BETWEEN {first} AND {last} AND (detail."Summary" LIKE {pattern} ESCAPE '!' OR EXISTS (
                SELECT 1 FROM json_each(detail."TurnsJson") turn
                WHERE turn.value ->> '$.robot' LIKE {pattern} ESCAPE '!' OR turn.value ->> '$.callee' LIKE {pattern} ESCAPE '!'))
            """);
    }

    public async Task<IReadOnlyList<long>> ChangedAsync(int most, CancellationToken cancel) =>
        await db.Database.SqlQuery<long>($"""SELECT "CallId" AS "Value" FROM "CallWordsChanged" ORDER BY "CallId" LIMIT {most}""").ToListAsync(cancel);

    public Task PutAsync(IReadOnlyList<SpokenText> texts, CancellationToken cancel)
    {
        using var command = Command("""INSERT OR REPLACE INTO "CallWords" (rowid, said, summary) VALUES (@id, @said, @summary)""", "@id", "@said", "@summary");
        foreach (var text in texts)
        {
            cancel.ThrowIfCancellationRequested();
            (command.Parameters[0].Value, command.Parameters[1].Value, command.Parameters[2].Value) = (text.CallId, text.Said, text.Summary);
            command.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    public Task SettleAsync(IReadOnlyList<long> callIds, CancellationToken cancel)
    {
        using var command = Command("""DELETE FROM "CallWordsChanged" WHERE "CallId" = @id""", "@id");
        foreach (var id in callIds)
        {
            command.Parameters[0].Value = id;
            command.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> names)
    {
        var command = ((SqliteConnection)db.Database.GetDbConnection()).CreateCommand();
        command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        foreach (var name in names)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }
}
