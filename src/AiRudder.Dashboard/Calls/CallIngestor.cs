using System.Text.Json;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>
/// Writes the calls of one delivery inside the transaction the worker opened. May be run again for the same delivery (a replay,
/// a crash): its versions replace themselves and every call is merged anew from all its versions.
/// </summary>
public sealed class CallIngestor(DashboardDb db, IBulkInsert bulk, Delivery delivery, Connection connection, CallEnvelope envelope)
{
    private readonly Dictionary<long, (bool Connected, int Attempts)> touched = [];
    private readonly HashSet<Guid> sharedNumbers = [];
    private HashSet<long> before = [];
    private CallTask task = null!;
    private long sequence;
    private int quarantined;

    /// <summary>Draws the landing's number, which also keeps other nodes out until the commit; makes or updates the task; forgets an earlier run.</summary>
    /// <param name="shared">Number identities that several different elements of this delivery share: those are told apart by content.</param>
    /// <param name="cancel">Stops the work; the transaction is then rolled back.</param>
    public async Task BeginAsync(IEnumerable<byte[]> shared, CancellationToken cancel)
    {
        sharedNumbers.UnionWith(shared.Select(identity => new Guid(identity)));
        sequence = await db.DrawAsync(Counter.Landings, 1, cancel);
        task = await TaskAsync(cancel);
        before = [.. await db.CallVersions.Where(version => version.DeliveryId == delivery.Id).Select(version => version.CallId).Distinct().ToListAsync(cancel)];
        if (before.Count > 0)
        {
            await db.CallVersions.Where(version => version.DeliveryId == delivery.Id).ExecuteDeleteAsync(cancel);
        }

        await db.QuarantinedElements.Where(element => element.DeliveryId == delivery.Id).ExecuteDeleteAsync(cancel);
    }

    /// <summary>Stores a chunk of elements, a few hundred at a time.</summary>
    public async Task AddAsync(IReadOnlyCollection<CallDraft> drafts, CancellationToken cancel)
    {
        await QuarantineAsync(drafts, cancel);
        var byIdentity = drafts.Where(draft => draft.Element is not null).GroupBy(IdentityOf).ToList();
        if (byIdentity.Count == 0)
        {
            return;
        }

        var identities = byIdentity.Select(group => group.Key.ToByteArray()).ToList();
        var known = await db.Calls
            .Where(call => call.ConnectionId == connection.Id && identities.Contains(call.Identity))
            .Select(call => new { call.Id, call.Identity })
            .ToDictionaryAsync(call => new Guid(call.Identity), call => call.Id, cancel);

        var fresh = byIdentity.Where(group => !known.ContainsKey(group.Key)).ToList();
        var nextId = fresh.Count == 0 ? 0 : await db.DrawAsync(Counter.Calls, fresh.Count, cancel) - fresh.Count;
        var rows = new List<CallRows>(fresh.Count);
        var versions = new List<CallVersion>(drafts.Count);
        foreach (var group in fresh)
        {
            var row = CallRows.From(CallMerge.Merge(group.Select(draft => draft.Element!)), envelope.RobotHash, envelope.Workflow, connection, delivery.ReceivedAt);
            row.SetId(++nextId);
            row.Call.Identity = group.Key.ToByteArray();
            row.Call.CallTaskId = task.Id;
            row.Call.Versions = group.Count();
            rows.Add(row);
            versions.AddRange(group.Select(draft => VersionOf(draft, row.Call.Id)));
            Touch(row.Call);
        }

        var changed = byIdentity.Where(group => known.ContainsKey(group.Key)).ToList();
        versions.AddRange(changed.SelectMany(group => group.Select(draft => VersionOf(draft, known[group.Key]))));

        await bulk.InsertAsync(db, rows.ConvertAll(row => row.Call), cancel);
        await bulk.InsertAsync(db, rows.ConvertAll(row => row.Detail), cancel);
        await bulk.InsertAsync(db, rows.SelectMany(row => row.Attempts).ToList(), cancel);
        await bulk.InsertAsync(db, rows.SelectMany(row => row.Answers).ToList(), cancel);
        await bulk.InsertAsync(db, versions, cancel);
        await MergeAnewAsync([.. changed.Select(group => known[group.Key])], cancel);
    }

    /// <summary>Announces the landing and writes the outcome into the delivery.</summary>
    public async Task CompleteAsync(DateTimeOffset now, CancellationToken cancel)
    {
        // A reader that improved since the first run may see other calls in the same bytes: what no version supports any more goes.
        var left = before.Except(touched.Keys).ToList();
        foreach (var chunk in left.Chunk(500))
        {
            var supported = await db.CallVersions.Where(version => chunk.Contains(version.CallId)).Select(version => version.CallId).Distinct().ToListAsync(cancel);
            var orphans = chunk.Except(supported).ToList();
            await db.Calls.Where(call => orphans.Contains(call.Id)).ExecuteDeleteAsync(cancel);
            await MergeAnewAsync(supported, cancel);
        }

        db.Landings.Add(new Landing
        {
            Sequence = sequence,
            DeliveryId = delivery.Id,
            ConnectionId = connection.Id,
            CallTaskId = task.Id,
            LandedAt = now,
            Calls = touched.Count,
            Unanswered = touched.Values.Count(call => !call.Connected),
            Attempts = touched.Values.Sum(call => call.Attempts),
            Again = before.Count > 0,
        });
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();

        var reason = quarantined == 0 ? null : $"{quarantined} of {touched.Count + quarantined} calls could not be read.";
        var outcome = quarantined > 0 && touched.Count == 0 ? DeliveryOutcome.Quarantined : DeliveryOutcome.Processed;
        await db.Deliveries.Where(row => row.Id == delivery.Id).ExecuteUpdateAsync(
            row => row
                .SetProperty(it => it.Outcome, outcome)
                .SetProperty(it => it.Reason, reason)
                .SetProperty(it => it.ReasonField, quarantined == 0 ? null : "details")
                .SetProperty(it => it.ReasonPosition, (long?)null)
                .SetProperty(it => it.Calls, touched.Count)
                .SetProperty(it => it.QuarantinedCalls, quarantined)
                .SetProperty(it => it.ProcessedAt, now)
                .SetProperty(it => it.NextAttemptAt, (DateTimeOffset?)null),
            cancel);
    }

    private Guid IdentityOf(CallDraft draft)
    {
        if (draft.Element!.CallId is { } id)
        {
            return new Guid(Identity.OfCallId(id));
        }

        return draft.NumberIdentity(envelope.TaskId) is { } number && !sharedNumbers.Contains(new Guid(number))
            ? new Guid(number)
            : new Guid(draft.ContentIdentity);
    }

    private void Touch(Call call) => touched[call.Id] = (call.Connected, call.AttemptCount);

    private CallVersion VersionOf(CallDraft draft, long callId) =>
        new() { DeliveryId = delivery.Id, Ordinal = draft.Ordinal, CallId = callId, Original = draft.Original };

    private async Task QuarantineAsync(IEnumerable<CallDraft> drafts, CancellationToken cancel)
    {
        var refused = drafts.Where(draft => draft.Refusal is not null)
            .Select(draft => new QuarantinedElement { DeliveryId = delivery.Id, Ordinal = draft.Ordinal, Position = draft.Position, Reason = $"details[{draft.Ordinal}] {draft.Refusal}" })
            .ToList();
        quarantined += refused.Count;
        await bulk.InsertAsync(db, refused, cancel);
    }

    /// <summary>Folds all versions of calls that were there before, in the order their deliveries arrived.</summary>
    private async Task MergeAnewAsync(IReadOnlyCollection<long> callIds, CancellationToken cancel)
    {
        if (callIds.Count == 0)
        {
            return;
        }

        var versions = await (
            from version in db.CallVersions.AsNoTracking()
            join source in db.Deliveries on version.DeliveryId equals source.Id
            where callIds.Contains(version.CallId)
            orderby version.DeliveryId, version.Ordinal
            select new { version.CallId, version.Original, source.Envelope, source.ReceivedAt }).ToListAsync(cancel);
        var current = await db.Calls.AsNoTracking().Where(call => callIds.Contains(call.Id)).ToDictionaryAsync(call => call.Id, cancel);
        await db.Attempts.Where(row => callIds.Contains(row.CallId)).ExecuteDeleteAsync(cancel);
        await db.Answers.Where(row => callIds.Contains(row.CallId)).ExecuteDeleteAsync(cancel);
        foreach (var group in versions.GroupBy(version => version.CallId))
        {
            var envelopes = group.Select(version => Reread(version.Envelope)).ToList();
            var workflow = envelopes.Select(it => it.Workflow).Aggregate((older, newer) => newer.Over(older));
            var robot = envelopes.Select(it => it.RobotHash).LastOrDefault(hash => hash is not null);
            var row = CallRows.From(CallMerge.Merge(group.Select(version => CallDraft.Reread(version.Original))), robot, workflow, connection, group.First().ReceivedAt);
            row.SetId(group.Key);
            row.Call.Identity = current[group.Key].Identity;
            row.Call.CallTaskId = envelopes[^1].TaskId == envelope.TaskId ? task.Id : current[group.Key].CallTaskId;
            row.Call.Versions = group.Count();
            db.Update(row.Call);
            db.Update(row.Detail);
            db.AddRange(row.Attempts);
            db.AddRange(row.Answers);
            Touch(row.Call);
        }

        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
    }

    private static CallEnvelope Reread(string? json)
    {
        if (json is null)
        {
            return new CallEnvelope();
        }

        using var document = JsonDocument.Parse(json, WireJson.Element);
        return CallEnvelope.Read(document.RootElement, []);
    }

    private async Task<CallTask> TaskAsync(CancellationToken cancel)
    {
        var vendorId = envelope.TaskId ?? "";
        var identity = Identity.OfTask(vendorId);
        var found = await db.CallTasks.SingleOrDefaultAsync(row => row.ConnectionId == connection.Id && row.Identity == identity, cancel);
        if (found is null)
        {
            found = new CallTask { ConnectionId = connection.Id, VendorTaskId = VendorText.Safe(vendorId)!, Identity = identity, FirstHeardAt = delivery.ReceivedAt };
            db.Add(found);
        }

        envelope.ApplyTo(found, delivery, TimeZoneInfo.FindSystemTimeZoneById(connection.TimeZone));
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return found;
    }
}
