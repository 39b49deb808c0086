using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Storage.SqlServer;

/// <summary>
/// Reads the texts themselves, without regard to case and accents. Full-text search is an option that not every SQL Server has
/// installed, and it finds words, not parts of a line of Chinese or Thai.
/// </summary>
public sealed class SqlServerTranscripts(DashboardDb db) : ITranscriptSearch
{
    public bool HasIndex => false;

    public bool IsIndexed(string words) => false;

    public IQueryable<long> Saying(string words, long first = 0, long last = long.MaxValue)
    {
        var wanted = SearchedWords.Of(words);
        return db.Database.SqlQuery<long>(
            $"""
            SELECT detail.[CallId] AS [Value] FROM [CallDetails] detail
            WHERE detail.[CallId] BETWEEN {first} AND {last} AND (
                CHARINDEX({wanted} COLLATE Latin1_General_100_CI_AI_SC, detail.[Summary] COLLATE Latin1_General_100_CI_AI_SC) > 0 OR EXISTS (
                SELECT 1 FROM OPENJSON(detail.[TurnsJson]) WITH ([robot] nvarchar(max) '$.robot', [callee] nvarchar(max) '$.callee') turn
                WHERE CHARINDEX({wanted} COLLATE Latin1_General_100_CI_AI_SC, turn.[robot] COLLATE Latin1_General_100_CI_AI_SC) > 0
                    OR CHARINDEX({wanted} COLLATE Latin1_General_100_CI_AI_SC, turn.[callee] COLLATE Latin1_General_100_CI_AI_SC) > 0))
            """);
    }

    public Task<IReadOnlyList<long>> ChangedAsync(int most, CancellationToken cancel) => Task.FromResult<IReadOnlyList<long>>([]);

    public Task PutAsync(IReadOnlyList<SpokenText> texts, CancellationToken cancel) => Task.CompletedTask;

    public Task SettleAsync(IReadOnlyList<long> callIds, CancellationToken cancel) => Task.CompletedTask;
}
