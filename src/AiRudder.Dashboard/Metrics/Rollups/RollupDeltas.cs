using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Metrics.Rollups;

/// <summary>
/// What a group of calls changes in the rollups, summed in memory so that each key is written once. Adding needs no database and
/// can be done before the transaction; <see cref="FlushAsync"/> belongs into the transaction that stores the calls.
/// </summary>
public sealed class RollupDeltas
{
    private readonly Dictionary<int, ConnectionDeltas> connections = [];
    private Dictionary<int, RollupState>? states;

    public IReadOnlyDictionary<int, ConnectionDeltas> Connections => connections;

    /// <summary>A number as it is counted: half a hash, so that eight bytes compare alike on every provider; null is no number.</summary>
    public static long? NumberOf(string? callee)
    {
        if (callee is null)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(callee.AsSpan()), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    /// <summary>Quarter hours since 1970, UTC.</summary>
    public static int QuarterOf(DateTimeOffset instant) => (int)Math.Floor(instant.ToUnixTimeMilliseconds() / 900_000.0);

    public static DateTimeOffset StartOf(int quarter) => DateTimeOffset.FromUnixTimeMilliseconds(quarter * 900_000L);

    /// <summary>Reads, inside the open transaction, which stored calls are counted: needed before <see cref="Change"/>.</summary>
    public async Task OpenAsync(DashboardDb db, CancellationToken cancel) =>
        states = await db.Set<RollupState>().AsNoTracking().ToDictionaryAsync(row => row.ConnectionId, cancel);

    /// <summary>A call that was not stored before; its ids of connection and task are set, its own need not be. One that is hidden counts when it is shown.</summary>
    public void Add(Call call, IReadOnlyList<Attempt> attempts, IReadOnlyList<Answer> answers)
    {
        if (call.StagedBy is null)
        {
            Of(call.ConnectionId).Add(call, attempts, answers, 1);
        }
    }

    public void Add(CallRows rows) => Add(rows.Call, rows.Attempts, rows.Answers);

    /// <summary>A stored call as it was; what it became is then added with <see cref="Change"/>, or nothing when it is deleted.</summary>
    public void Remove(Call stored, IReadOnlyList<Attempt> attempts, IReadOnlyList<Answer> answers) => Change(stored, attempts, answers, -1);

    /// <summary>A stored call as it becomes.</summary>
    public void Change(CallRows rows) => Change(rows.Call, rows.Attempts, rows.Answers, 1);

    /// <summary>Adds the calls that a delivery has hidden until now, inside the transaction that shows them.</summary>
    public static async Task ShowAsync(DashboardDb db, IBulkWrite bulk, long deliveryId, CancellationToken cancel)
    {
        const int Chunk = 2_000;
        var deltas = new RollupDeltas();
        await deltas.OpenAsync(db, cancel);
        var after = 0L;
        while (true)
        {
            var calls = await StoredAsync(db, db.Calls.IgnoreQueryFilters().Where(call => call.StagedBy == deliveryId && call.Id > after).OrderBy(call => call.Id).Take(Chunk), cancel);
            foreach (var (call, attempts, answers) in calls)
            {
                call.StagedBy = null;
                deltas.Change(call, attempts, answers, 1);
            }

            if (calls.Count < Chunk)
            {
                break;
            }

            after = calls[^1].Call.Id;
        }

        await deltas.FlushAsync(db, bulk, cancel);
    }

    /// <summary>Stored calls with what belongs to them, in the order of their ids.</summary>
    public static async Task<IReadOnlyList<(Call Call, IReadOnlyList<Attempt> Attempts, IReadOnlyList<Answer> Answers)>> StoredAsync(DashboardDb db, IQueryable<Call> which, CancellationToken cancel)
    {
        var calls = await which.AsNoTracking().ToListAsync(cancel);
        var ids = calls.ConvertAll(call => call.Id);
        var attempts = (await db.Attempts.AsNoTracking().IgnoreQueryFilters().Where(row => EF.Parameter(ids).Contains(row.CallId)).OrderBy(row => row.CallId).ThenBy(row => row.Ordinal).ToListAsync(cancel)).ToLookup(row => row.CallId);
        var answers = (await db.Answers.AsNoTracking().IgnoreQueryFilters().Where(row => EF.Parameter(ids).Contains(row.CallId)).ToListAsync(cancel)).ToLookup(row => row.CallId);
        return [.. calls.OrderBy(call => call.Id).Select(call => (call, (IReadOnlyList<Attempt>)[.. attempts[call.Id]], (IReadOnlyList<Answer>)[.. answers[call.Id]]))];
    }

    /// <summary>Takes over what another has summed.</summary>
    public void Add(RollupDeltas other)
    {
        foreach (var (connection, deltas) in other.connections)
        {
            Of(connection).Add(deltas);
        }
    }

    /// <summary>Writes the sums; once per transaction. Afterwards they begin anew.</summary>
    public async Task FlushAsync(DashboardDb db, IBulkWrite bulk, CancellationToken cancel)
    {
        if (connections.Count == 0)
        {
            return;
        }

        if (states is null)
        {
            await OpenAsync(db, cancel);
        }

        foreach (var (connection, deltas) in connections)
        {
            var state = states!.GetValueOrDefault(connection) ?? await BeginAsync(db, connection, cancel);
            if (state.Phase != RollupPhase.Clearing)
            {
                await new RollupWriter(db, bulk, state).WriteAsync(deltas, cancel);
            }
        }

        connections.Clear();
        states = null;
    }

    private void Change(Call call, IReadOnlyList<Attempt> attempts, IReadOnlyList<Answer> answers, int sign)
    {
        var known = states ?? throw new InvalidOperationException("Stored calls can be changed only after OpenAsync.");
        if (call.StagedBy is null && known.GetValueOrDefault(call.ConnectionId)?.Counts(call.Id) != false)
        {
            Of(call.ConnectionId).Add(call, attempts, answers, sign);
        }
    }

    private ConnectionDeltas Of(int connection)
    {
        if (!connections.TryGetValue(connection, out var deltas))
        {
            connections[connection] = deltas = new();
        }

        return deltas;
    }

    /// <summary>The first calls of a connection.</summary>
    private static async Task<RollupState> BeginAsync(DashboardDb db, int connection, CancellationToken cancel)
    {
        var zone = await db.Connections.Where(row => row.Id == connection).Select(row => row.TimeZone).SingleAsync(cancel);
        var state = new RollupState { ConnectionId = connection, TimeZone = zone, Version = RollupState.CurrentVersion };
        db.Add(state);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return state;
    }
}

/// <summary>The deltas of one connection, at the finest grain.</summary>
public sealed class ConnectionDeltas
{
    public Dictionary<(int Task, int Quarter, LabelKey Label), RollupValues> Sums { get; } = [];

    public Dictionary<(int Task, long Number), Dictionary<(int Quarter, LabelKey Label), (long Calls, long Connected)>> Numbers { get; } = [];

    public Dictionary<Facet, (long N, long M)> Facets { get; } = [];

    public void Add(Call call, IReadOnlyList<Attempt> attempts, IReadOnlyList<Answer> answers, int sign)
    {
        var (task, quarter) = (call.CallTaskId, RollupDeltas.QuarterOf(call.OccurredAt));
        var label = new LabelKey(call.ConnectionId, call.RobotHash, call.Label);
        SumOf(task, quarter, label).Add(call, sign);
        if (RollupDeltas.NumberOf(call.Callee) is { } number)
        {
            AddNumber(task, number, quarter, label, sign, call.Connected ? sign : 0);
        }

        AddDials(call, attempts, label, sign);
        AddFacet(new(FacetKind.CallerCall, task, quarter, 0, call.CallerNumber), sign, call.Connected ? sign : 0);
        if (!call.Connected)
        {
            return;
        }

        AddFacet(new(FacetKind.Hangup, task, quarter, 0, call.HangupType, call.HangupBy), sign, 0);
        if (call.DurationSeconds is { } duration)
        {
            AddFacet(new(FacetKind.CallerTalk, task, quarter, 0, call.CallerNumber), sign, duration <= Metrics.Sums.ShortSeconds ? sign : 0);
        }

        if (call.LastSaid is { } said)
        {
            AddFacet(new(FacetKind.LastSaid, task, quarter, 0, said, call.HangupType), sign, 0);
        }

        foreach (var answer in InfoCheck.AsEnded(answers))
        {
            AddFacet(new(FacetKind.Question, task, quarter, 0, answer.Question, answer.Status, answer.Answered, answer.Verification), sign, 0);
        }

        if (answers.Count > 0)
        {
            AddFacet(new(FacetKind.BreakOff, task, quarter, 0, answers.OrderBy(answer => answer.Ordinal).LastOrDefault(InfoCheck.IsAnswered)?.Question, call.HangupType), sign, 0);
        }
    }

    public void Add(ConnectionDeltas other)
    {
        foreach (var ((task, quarter, label), values) in other.Sums)
        {
            SumOf(task, quarter, label).Add(values);
        }

        foreach (var ((task, number), rows) in other.Numbers)
        {
            foreach (var ((quarter, label), (calls, connected)) in rows)
            {
                AddNumber(task, number, quarter, label, calls, connected);
            }
        }

        foreach (var (facet, (n, m)) in other.Facets)
        {
            AddFacet(facet, n, m);
        }
    }

    private void AddDials(Call call, IReadOnlyList<Attempt> attempts, LabelKey label, int sign)
    {
        var (rung, connected) = (0, false);
        foreach (var attempt in attempts)
        {
            if (attempt.Repeated)
            {
                continue;
            }

            // A redial of yesterday belongs to yesterday, although its number was finished today.
            var quarter = RollupDeltas.QuarterOf(attempt.StartedAt ?? call.OccurredAt);
            SumOf(call.CallTaskId, quarter, label).Add(attempt, sign);
            AddFacet(new(FacetKind.Ring, call.CallTaskId, quarter, 0, attempt.RingType), sign, attempt.Connected ? sign : 0);
            AddFacet(new(FacetKind.Caller, call.CallTaskId, quarter, 0, attempt.CallerNumber ?? (attempt.Final ? call.CallerNumber : null)), sign, attempt.Connected ? sign : 0);
            AddFacet(new(FacetKind.Rung, call.CallTaskId, quarter, ++rung), sign, attempt.Connected && !connected ? sign : 0);
            connected |= attempt.Connected;
        }
    }

    private RollupValues SumOf(int task, int quarter, LabelKey label)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(Sums, (task, quarter, label), out _);
        return sum ??= new RollupValues();
    }

    private void AddNumber(int task, long number, int quarter, LabelKey label, long calls, long connected)
    {
        ref var rows = ref CollectionsMarshal.GetValueRefOrAddDefault(Numbers, (task, number), out _);
        rows ??= new(1);
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, (quarter, label), out _);
        counts = (counts.Calls + calls, counts.Connected + connected);
    }

    private void AddFacet(Facet facet, long n, long m)
    {
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(Facets, facet, out _);
        counts = (counts.N + n, counts.M + m);
    }

    /// <summary>Key of a facet before its words have numbers; a rung has its number from the beginning.</summary>
    public readonly record struct Facet(FacetKind Kind, int Task, int Quarter, int Rung, string? A = null, string? B = null, string? C = null, string? D = null);
}
