using System.Text.Json;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>Merges calls anew from all their versions, in the order their deliveries arrived.</summary>
/// <param name="db">With an open transaction.</param>
/// <param name="bulk">Writes the rows.</param>
/// <param name="arrivals">Deliveries that are being stored, for the tasks they brought.</param>
/// <param name="rollups">Where the calls are taken out as they were and put in as they become; opened in this transaction, flushed by the caller.</param>
/// <param name="stagedBy">The delivery that stores in several transactions; null when this one is all.</param>
internal sealed class CallMerger(DashboardDb db, IBulkWrite bulk, IReadOnlyList<Arrival> arrivals, RollupDeltas rollups, long? stagedBy = null)
{
    /// <summary>Calls merged at a time: their versions are held in memory.</summary>
    public const int Chunk = 250;

    /// <summary>The rows of one call from its versions, each with the envelope it came in.</summary>
    public static CallRows Fold(IReadOnlyList<(CallElement Element, CallEnvelope Envelope)> versions, Connection connection, DateTimeOffset receivedAt) => CallRows.From(
        CallMerge.Merge(versions.Select(version => version.Element)),
        versions.Select(version => version.Envelope.RobotHash).LastOrDefault(hash => hash is not null),
        versions.Select(version => version.Envelope.Workflow).Aggregate((older, newer) => newer.Over(older)),
        connection,
        receivedAt);

    /// <param name="calls">Ids, and the arrivals that touched each.</param>
    /// <param name="cancel">Stops the work.</param>
    public async Task MergeAnewAsync(Dictionary<long, List<Arrival>> calls, CancellationToken cancel)
    {
        foreach (var chunk in calls.Keys.Chunk(Chunk))
        {
            await MergeChunkAsync(chunk, calls, cancel);
        }
    }

    /// <summary>
    /// A reader that improved since the delivery was processed before may see other calls in the same bytes: what no version supports
    /// any more goes.
    /// </summary>
    public async Task ReleaseAsync(IReadOnlyList<long> calls, Arrival arrival, CancellationToken cancel)
    {
        var supported = await db.CallVersions.Where(version => calls.Contains(version.CallId)).Select(version => version.CallId).Distinct().ToListAsync(cancel);
        var orphans = calls.Except(supported).ToList();
        await RemoveAsync(orphans, cancel);
        await db.Calls.IgnoreQueryFilters().Where(call => orphans.Contains(call.Id)).ExecuteDeleteAsync(cancel);
        await MergeAnewAsync(supported.ToDictionary(id => id, _ => new List<Arrival> { arrival }), cancel);
    }

    /// <summary>Takes stored calls out of the rollups.</summary>
    /// <returns>The calls as they were.</returns>
    private async Task<Dictionary<long, Call>> RemoveAsync(IReadOnlyList<long> ids, CancellationToken cancel)
    {
        var stored = await RollupDeltas.StoredAsync(db, db.Calls.IgnoreQueryFilters().Where(call => ids.Contains(call.Id)), cancel);
        foreach (var (call, attempts, answers) in stored)
        {
            rollups.Remove(call, attempts, answers);
        }

        return stored.ToDictionary(row => row.Call.Id, row => row.Call);
    }

    private async Task MergeChunkAsync(long[] ids, Dictionary<long, List<Arrival>> calls, CancellationToken cancel)
    {
        var versions = await (
            from version in db.CallVersions.AsNoTracking()
            join source in db.Deliveries on version.DeliveryId equals source.Id
            where ids.Contains(version.CallId)
            orderby version.DeliveryId, version.Ordinal
            select new { version.CallId, version.DeliveryId, version.Original, source.ReceivedAt }).ToListAsync(cancel);

        // Apart from the versions: one delivery may bring thousands of them, and has one envelope.
        var sources = versions.Select(version => version.DeliveryId).Distinct().ToList();
        var envelopes = (await db.Deliveries.Where(source => sources.Contains(source.Id)).Select(source => new { source.Id, source.Envelope }).ToListAsync(cancel))
            .ToDictionary(source => source.Id, source => Reread(source.Envelope));
        var current = await RemoveAsync(ids, cancel);
        await db.Attempts.Where(row => ids.Contains(row.CallId)).ExecuteDeleteAsync(cancel);
        await db.Answers.Where(row => ids.Contains(row.CallId)).ExecuteDeleteAsync(cancel);
        var rows = new List<CallRows>(ids.Length);
        foreach (var group in versions.GroupBy(version => version.CallId))
        {
            var touching = calls[group.Key];
            var folded = group.Select(version => (Element: CallDraft.Reread(version.Original), Envelope: envelopes[version.DeliveryId])).ToList();
            var row = Fold(folded, touching[0].Connection, group.First().ReceivedAt);
            row.SetId(group.Key);
            row.Call.Identity = current[group.Key].Identity;

            // The newest version that names a task says which one the call belongs to.
            var named = folded.Select(version => version.Envelope.TaskId).LastOrDefault(id => id is not null) ?? "";
            row.Call.CallTaskId = await TaskAsync(touching[0].Connection.Id, named, cancel) ?? current[group.Key].CallTaskId;
            row.Call.Versions = group.Count();

            // A delivery that lands at once shows what it touches, whoever is still bringing the same call.
            row.Call.StagedBy = stagedBy is null ? null : current[group.Key].StagedBy;
            rows.Add(row);
            rollups.Change(row);
            touching.ForEach(arrival => arrival.Touch(row.Call));
        }

        await bulk.UpdateAsync(db, rows.ConvertAll(row => row.Call), cancel);
        await bulk.UpdateAsync(db, rows.ConvertAll(row => row.Detail), cancel);
        await bulk.InsertAsync(db, rows.SelectMany(row => row.Attempts).ToList(), cancel);
        await bulk.InsertAsync(db, rows.SelectMany(row => row.Answers).ToList(), cancel);
    }

    /// <summary>Our id of a task. Nearly always it is one that this group has just brought.</summary>
    private async Task<int?> TaskAsync(int connectionId, string vendorId, CancellationToken cancel)
    {
        if (arrivals.FirstOrDefault(arrival => arrival.Connection.Id == connectionId && (arrival.Envelope.TaskId ?? "") == vendorId) is { } arrival)
        {
            return arrival.Task.Id;
        }

        var identity = Identity.OfTask(vendorId);
        return await db.CallTasks.Where(row => row.ConnectionId == connectionId && row.Identity == identity).Select(row => (int?)row.Id).SingleOrDefaultAsync(cancel);
    }

    private static CallEnvelope Reread(string? json)
    {
        if (json is null)
        {
            return new CallEnvelope();
        }

        using var document = JsonDocument.Parse(json, WireJson.Envelope);
        return CallEnvelope.Read(document.RootElement, []);
    }
}
