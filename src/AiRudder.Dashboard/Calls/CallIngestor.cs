using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Wire;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>One delivery on its way into the tables, and what it has brought so far.</summary>
public sealed class Arrival(Delivery delivery, Connection connection, CallEnvelope envelope, IEnumerable<byte[]> sharedNumbers)
{
    private readonly HashSet<Guid> shared = [.. sharedNumbers.Select(identity => new Guid(identity))];

    public Delivery Delivery { get; } = delivery;

    public Connection Connection { get; } = connection;

    public CallEnvelope Envelope { get; } = envelope;

    public CallTask Task { get; set; } = null!;

    /// <summary>Calls made or changed: whether connected, and their attempts.</summary>
    public Dictionary<long, (bool Connected, int Attempts)> Touched { get; } = [];

    /// <summary>Calls it had made or changed when it was processed before.</summary>
    public HashSet<long> Before { get; } = [];

    /// <summary>Elements that could not become calls.</summary>
    public int Refused { get; set; }

    public void Touch(Call call) => Touched[call.Id] = (call.Connected, call.AttemptCount);

    /// <summary>
    /// AIRUDDER's id, or the number when there is none. Different elements of one delivery may share a number: those are told apart by
    /// their content, whichever comes first.
    /// </summary>
    public Guid IdentityOf(CallDraft draft) =>
        draft.Element!.CallId is { } id ? new Guid(Identity.OfCallId(id))
        : draft.NumberIdentity(Envelope.TaskId) is { } number && !shared.Contains(new Guid(number)) ? new Guid(number)
        : new Guid(draft.ContentIdentity);
}

/// <summary>
/// Writes the calls of a group of deliveries inside the transaction its caller opened. May be run again for the same delivery
/// (a replay, a crash): its versions replace themselves and every call is merged anew from all its versions.
/// </summary>
/// <param name="db">With an open transaction.</param>
/// <param name="bulk">Writes the rows.</param>
/// <param name="arrivals">The deliveries, in order of arrival.</param>
/// <param name="stagedBy">The delivery until whose end new calls stay hidden; null when everything is one transaction.</param>
public sealed class CallIngestor(DashboardDb db, IBulkWrite bulk, IReadOnlyList<Arrival> arrivals, long? stagedBy = null)
{
    private readonly RollupDeltas rollups = new();

    /// <summary>Calls that were known and got a version more, with the arrivals that brought them: to be merged anew once all versions are there.</summary>
    public Dictionary<long, List<Arrival>> Grown { get; } = [];

    /// <summary>Keeps other nodes out until the commit, makes or updates the tasks, forgets earlier runs.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        await KeepOthersOutAsync(db, cancel);
        await TaskIngest.ApplyAsync(db, arrivals, cancel);
        await rollups.OpenAsync(db, cancel);

        var again = arrivals.Where(arrival => arrival.Delivery.ProcessedAt is not null).ToDictionary(arrival => arrival.Delivery.Id);
        if (again.Count > 0)
        {
            var ids = again.Keys.ToList();
            var before = await db.CallVersions.Where(version => ids.Contains(version.DeliveryId)).Select(version => new { version.DeliveryId, version.CallId }).ToListAsync(cancel);
            before.ForEach(version => again[version.DeliveryId].Before.Add(version.CallId));
            await db.CallVersions.Where(version => ids.Contains(version.DeliveryId)).ExecuteDeleteAsync(cancel);
            await db.QuarantinedElements.Where(element => ids.Contains(element.DeliveryId)).ExecuteDeleteAsync(cancel);
        }
    }

    /// <summary>Two nodes that find the same call unknown would both insert it: whoever ingests holds the counter's row until the commit.</summary>
    public static Task KeepOthersOutAsync(DashboardDb db, CancellationToken cancel) => db.DrawAsync(Counter.Landings, 0, cancel);

    /// <summary>Stores a chunk of elements, a few hundred at a time, in the order of arrival.</summary>
    public async Task AddAsync(IReadOnlyCollection<(Arrival Arrival, CallDraft Draft)> chunk, CancellationToken cancel)
    {
        await QuarantineAsync(chunk, cancel);
        foreach (var perConnection in chunk.Where(item => item.Draft.Element is not null).GroupBy(item => item.Arrival.Connection.Id))
        {
            await AddAsync(perConnection.Key, [.. perConnection.GroupBy(item => item.Arrival.IdentityOf(item.Draft))], cancel);
        }
    }

    /// <summary>Merges what has grown, and lets go of what the deliveries no longer hold.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        var merger = new CallMerger(db, bulk, arrivals, rollups, stagedBy);
        await merger.MergeAnewAsync(Grown, cancel);
        foreach (var arrival in arrivals)
        {
            foreach (var chunk in arrival.Before.Except(arrival.Touched.Keys).Chunk(CallMerger.Chunk))
            {
                await merger.ReleaseAsync(chunk, arrival, cancel);
            }
        }

        await rollups.FlushAsync(db, bulk, cancel);
    }

    /// <summary>Announces the landings, numbered in the order of their commits. The deliveries' own rows are the caller's.</summary>
    public async Task AnnounceAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var sequence = await db.DrawAsync(Counter.Landings, arrivals.Count, cancel) - arrivals.Count;
        await bulk.InsertAsync(
            db,
            arrivals.Select(arrival => new Landing
            {
                Sequence = ++sequence,
                DeliveryId = arrival.Delivery.Id,
                ConnectionId = arrival.Connection.Id,
                CallTaskId = arrival.Task.Id,
                LandedAt = now,
                Calls = arrival.Touched.Count,
                Unanswered = arrival.Touched.Values.Count(call => !call.Connected),
                Attempts = arrival.Touched.Values.Sum(call => call.Attempts),
                Again = arrival.Delivery.ProcessedAt is not null,
            }).ToList(),
            cancel);
    }

    private async Task AddAsync(int connectionId, List<IGrouping<Guid, (Arrival Arrival, CallDraft Draft)>> byIdentity, CancellationToken cancel)
    {
        var identities = byIdentity.ConvertAll(group => group.Key.ToByteArray());
        var known = await db.Calls.IgnoreQueryFilters()
            .Where(call => call.ConnectionId == connectionId && identities.Contains(call.Identity))
            .Select(call => new { call.Id, call.Identity })
            .ToDictionaryAsync(call => new Guid(call.Identity), call => call.Id, cancel);

        var fresh = byIdentity.FindAll(group => !known.ContainsKey(group.Key));
        var nextId = fresh.Count == 0 ? 0 : await db.DrawAsync(Counter.Calls, fresh.Count, cancel) - fresh.Count;
        var rows = new List<CallRows>(fresh.Count);
        var versions = new List<CallVersion>();
        foreach (var group in fresh)
        {
            var first = group.First().Arrival;
            var row = CallMerger.Fold([.. group.Select(item => (item.Draft.Element!, item.Arrival.Envelope))], first.Connection, first.Delivery.ReceivedAt);
            row.SetId(++nextId);
            row.Call.Identity = group.Key.ToByteArray();
            row.Call.CallTaskId = group.LastOrDefault(item => item.Arrival.Envelope.TaskId is not null, group.Last()).Arrival.Task.Id;
            row.Call.Versions = group.Count();
            row.Call.StagedBy = stagedBy;
            rows.Add(row);
            rollups.Add(row);
            versions.AddRange(group.Select(item => VersionOf(item, row.Call.Id)));
            foreach (var (arrival, _) in group)
            {
                arrival.Touch(row.Call);
            }
        }

        var changed = byIdentity.FindAll(group => known.ContainsKey(group.Key));
        versions.AddRange(changed.SelectMany(group => group.Select(item => VersionOf(item, known[group.Key]))));

        await bulk.InsertAsync(db, rows.ConvertAll(row => row.Call), cancel);
        await bulk.InsertAsync(db, rows.ConvertAll(row => row.Detail), cancel);
        await bulk.InsertAsync(db, rows.SelectMany(row => row.Attempts).ToList(), cancel);
        await bulk.InsertAsync(db, rows.SelectMany(row => row.Answers).ToList(), cancel);
        await bulk.InsertAsync(db, versions, cancel);

        // Merged once, at the end: one body may name the same call any number of times.
        foreach (var group in changed)
        {
            Grown[known[group.Key]] = [.. Grown.GetValueOrDefault(known[group.Key], []).Union(group.Select(item => item.Arrival))];
        }
    }

    private static CallVersion VersionOf((Arrival Arrival, CallDraft Draft) item, long callId) =>
        new() { DeliveryId = item.Arrival.Delivery.Id, Ordinal = item.Draft.Ordinal, CallId = callId, Original = item.Draft.Original };

    private async Task QuarantineAsync(IEnumerable<(Arrival Arrival, CallDraft Draft)> chunk, CancellationToken cancel)
    {
        var refused = new List<QuarantinedElement>();
        foreach (var (arrival, draft) in chunk.Where(item => item.Draft.Refusal is not null))
        {
            arrival.Refused++;
            refused.Add(new QuarantinedElement { DeliveryId = arrival.Delivery.Id, Ordinal = draft.Ordinal, Position = draft.Position, Reason = KeptSentences.Write(CallDraft.AtPlace, draft.Ordinal, draft.Refusal) });
        }

        await bulk.InsertAsync(db, refused, cancel);
    }
}
