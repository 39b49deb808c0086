using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks.Novelties;

/// <summary>Writes what was seen every few seconds: a few rows at most, because what is known is only counted.</summary>
public sealed partial class NoveltyWriter(SchemaWatch watch, IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time, ILogger<NoveltyWriter> log) : BackgroundService
{
    /// <summary>Rows of one connection; more are counted together.</summary>
    public const int MostOfConnection = 500;

    /// <summary>Words of one field.</summary>
    public const int MostOfPath = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is written below.
        }

        await FlushAsync(CancellationToken.None);
    }

    /// <summary>Writes what waits; keeps it for the next time when that fails.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        var taken = watch.Take();
        if (taken.Count == 0)
        {
            return;
        }

        try
        {
            using var pen = await gate.EnterAsync(cancel);
            await using var db = await contexts.CreateDbContextAsync(cancel);
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            foreach (var connection in taken.GroupBy(it => it.Key.ConnectionId))
            {
                await WriteAsync(db, connection.Key, [.. connection], cancel);
            }

            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception error)
        {
            watch.Return(taken);
            if (error is OperationCanceledException && cancel.IsCancellationRequested)
            {
                throw;
            }

            LogNotWritten(log, error);
        }
    }

    private static async Task WriteAsync(DashboardDb db, int connectionId, List<KeyValuePair<NoveltyKey, SchemaWatch.Tally>> seen, CancellationToken cancel)
    {
        var known = (await db.SchemaNovelties.AsNoTracking().Where(row => row.ConnectionId == connectionId).Select(row => new { row.Path, row.JsonKind, row.Value, row.What }).ToListAsync(cancel))
            .Select(row => new NoveltyKey(connectionId, row.Path, row.JsonKind, row.Value, row.What)).ToHashSet();
        var ofPath = known.GroupBy(key => key.Path, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        var fresh = new Dictionary<NoveltyKey, SchemaNovelty>();
        foreach (var (sought, tally) in seen)
        {
            var key = known.Contains(sought) ? sought : Admit(sought, known.Count + fresh.Count, ofPath.GetValueOrDefault(sought.Path));
            if (known.Contains(key))
            {
                await db.SchemaNovelties
                    .Where(row => row.ConnectionId == connectionId && row.Path == key.Path && row.JsonKind == key.JsonKind && row.Value == key.Value)
                    .ExecuteUpdateAsync(row => row.SetProperty(it => it.Count, it => it.Count + tally.Count).SetProperty(it => it.LastAt, it => it.LastAt > tally.LastAt ? it.LastAt : tally.LastAt), cancel);
            }
            else if (fresh.TryGetValue(key, out var row))
            {
                row.Count += tally.Count;
                row.LastAt = row.LastAt > tally.LastAt ? row.LastAt : tally.LastAt;
            }
            else
            {
                ofPath[key.Path] = ofPath.GetValueOrDefault(key.Path) + 1;
                fresh[key] = new SchemaNovelty
                {
                    ConnectionId = connectionId, Path = key.Path, JsonKind = key.JsonKind, Value = key.Value, What = key.What, FirstAt = tally.FirstAt, LastAt = tally.LastAt, Count = tally.Count,
                    DeliveryId = tally.DeliveryId,
                };
            }
        }

        db.AddRange(fresh.Values);
    }

    private static NoveltyKey Admit(NoveltyKey key, int ofConnection, int ofPath) =>
        ofConnection >= MostOfConnection ? new NoveltyKey(key.ConnectionId, SchemaNovelty.Others, "", "", NoveltyKind.Field)
        : ofPath >= MostOfPath ? key with { JsonKind = "", Value = SchemaNovelty.Others }
        : key;

    [LoggerMessage(1502, LogLevel.Warning, "What is new in the bodies could not be written and waits")]
    private static partial void LogNotWritten(ILogger log, Exception error);
}
