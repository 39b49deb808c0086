using System.Globalization;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Exports;

/// <summary>Makes the files that were ordered, one at a time, and deletes them when their time is over.</summary>
public sealed partial class ExportWorker(IDbContextFactory<DashboardDb> contexts, CallQueries calls, ExportDesk desk, TimeProvider time, ILogger<ExportWorker> log) : BackgroundService
{
    private const int Step = 2_000;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(10);

    private static string Node => Environment.MachineName;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var begun = false;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (!begun)
                    {
                        await BeginAnewAsync(stoppingToken);
                        begun = true;
                    }

                    await DeleteOldAsync(stoppingToken);
                    if (!await WorkAsync(stoppingToken))
                    {
                        await Task.Delay(Poll, time, stoppingToken);
                    }
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogTrouble(log, error);
                    await Task.Delay(AfterTrouble, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what was under way begins anew at the next start.
        }
    }

    /// <summary>Makes the next file that waits.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> WorkAsync(CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.ExportJobs.AsNoTracking().Where(row => row.State == ExportState.Waiting).OrderBy(row => row.Id).FirstOrDefaultAsync(cancel) is not { } job)
        {
            return false;
        }

        var id = job.Id;
        if (await db.ExportJobs.Where(row => row.Id == id && row.State == ExportState.Waiting)
                .ExecuteUpdateAsync(row => row.SetProperty(it => it.State, ExportState.Running).SetProperty(it => it.Node, Node).SetProperty(it => it.Rows, 0), cancel) == 0)
        {
            return true; // cancelled, or another node was first
        }

        var name = $"{Guid.NewGuid():N}.part";
        var path = Path.Combine(desk.Folder, name);
        try
        {
            DurableFolder.Create(desk.Folder);
            var rows = await WriteAsync(job, path, cancel);
            var capped = job.Ids is null && rows == CallFile.MostRows;
            var now = time.GetUtcNow();
            if (await db.ExportJobs.Where(row => row.Id == id && row.State == ExportState.Running).ExecuteUpdateAsync(
                    row => row.SetProperty(it => it.State, ExportState.Done).SetProperty(it => it.Rows, rows).SetProperty(it => it.Capped, capped).SetProperty(it => it.File, name).SetProperty(it => it.EndedAt, now),
                    cancel) == 0)
            {
                File.Delete(path);
            }

            LogDone(log, id, rows);
        }
        catch (CancelledException)
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            var reference = Guid.NewGuid().ToString("N")[..12];
            var now = time.GetUtcNow();
            LogFailed(log, id, reference, error);
            File.Delete(path);
            await db.ExportJobs.Where(row => row.Id == id && row.State == ExportState.Running).ExecuteUpdateAsync(
                row => row.SetProperty(it => it.State, ExportState.Failed).SetProperty(it => it.Failure, reference).SetProperty(it => it.EndedAt, now), cancel);
        }

        desk.Tell();
        return true;
    }

    /// <summary>Deletes files whose time is over, and forgets exports that ended long ago.</summary>
    public async Task DeleteOldAsync(CancellationToken cancel)
    {
        var before = time.GetUtcNow() - ExportDesk.Kept;
        var node = Node;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        foreach (var job in await db.ExportJobs.AsNoTracking().Where(row => row.EndedAt < before && (row.File == null || row.Node == node)).OrderBy(row => row.Id).Take(100).ToListAsync(cancel))
        {
            if (job.File is { } file)
            {
                File.Delete(Path.Combine(desk.Folder, file));
            }

            await db.ExportJobs.Where(row => row.Id == job.Id).ExecuteDeleteAsync(cancel);
        }
    }

    /// <summary>What this node had under way when it ended begins anew; half-written files are nobody's.</summary>
    public async Task BeginAnewAsync(CancellationToken cancel)
    {
        var node = Node;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.ExportJobs.Where(row => row.State == ExportState.Running && row.Node == node).ExecuteUpdateAsync(row => row.SetProperty(it => it.State, ExportState.Waiting).SetProperty(it => it.Rows, 0), cancel);
        if (!Directory.Exists(desk.Folder))
        {
            return;
        }

        var known = (await db.ExportJobs.Where(row => row.File != null).Select(row => row.File).ToListAsync(cancel)).ToHashSet();
        foreach (var path in Directory.EnumerateFiles(desk.Folder).Where(path => !known.Contains(Path.GetFileName(path))))
        {
            File.Delete(path);
        }
    }

    private async Task<int> WriteAsync(ExportJob job, string path, CancellationToken cancel)
    {
        // Only the words: what numbers and times look like is the same in every file. Flows into what is awaited here, and not back.
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(job.Language);
        var address = new CallListAddress("http://here/calls" + job.Query);
        var columns = CallColumns.Parse(job.Columns).Columns;
        var lines = job.Ids is { } ids
            ? Marked([.. ids.Split(',').Select(id => long.Parse(id, CultureInfo.InvariantCulture))], job.Reveal, cancel)
            : calls.StreamAsync(new CallsWanted(address.Filter, address.Sort, Limit: CallFile.MostRows, Reveal: job.Reveal), cancel);
        var count = 0;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 65_536, useAsync: true);
        await CallFile.WriteAsync(
            file,
            job.Format,
            columns,
            [.. columns.Select(column => T(column.Words))],
            lines,
            rows =>
            {
                count = rows;
                return rows % Step == 0 ? SayAsync(job.Id, rows, cancel) : ValueTask.CompletedTask;
            },
            cancel);
        return count;
    }

    private async IAsyncEnumerable<CallLine> Marked(IReadOnlyList<long> ids, bool reveal, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var line in await calls.OfAsync(ids, reveal, cancel))
        {
            yield return line;
        }
    }

    /// <summary>Says how far it is, and learns whether it is still wanted.</summary>
    private async ValueTask SayAsync(int id, int rows, CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.ExportJobs.Where(row => row.Id == id && row.State == ExportState.Running).ExecuteUpdateAsync(row => row.SetProperty(it => it.Rows, rows), cancel) == 0)
        {
            throw new CancelledException();
        }

        desk.Tell();
    }

    /// <summary>Whoever ordered the file does not want it any more.</summary>
    private sealed class CancelledException : Exception;

    [LoggerMessage(8201, LogLevel.Information, "Export {Id} is done: {Rows} calls")]
    private static partial void LogDone(ILogger log, int id, int rows);

    [LoggerMessage(8202, LogLevel.Error, "Export {Id} failed, reference {Reference}")]
    private static partial void LogFailed(ILogger log, int id, string reference, Exception error);

    [LoggerMessage(8203, LogLevel.Error, "Exports cannot be worked on now")]
    private static partial void LogTrouble(ILogger log, Exception error);
}
