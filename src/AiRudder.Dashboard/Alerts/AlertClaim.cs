using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>The work on alerts belongs to another node by now.</summary>
public sealed class AlertClaimLostException() : Exception("Another node evaluates the alerts now.");

/// <summary>
/// Lets one node at a time work on alerts: a row in the database says whose turn it is. What is written is written in a transaction that
/// begins with a look at that row, so that a node that fell asleep cannot write over its successor.
/// </summary>
public sealed class AlertClaim(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time)
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly string holder = $"{Environment.MachineName[..Math.Min(100, Environment.MachineName.Length)]}-{Guid.NewGuid():N}";
    private long? takenAt;

    /// <summary>Takes the turn or keeps it.</summary>
    /// <returns>False while another node has it.</returns>
    public async Task<bool> TakeAsync(CancellationToken cancel)
    {
        // By a clock that nobody sets: half a turn before its end it is asked for again.
        if (takenAt is { } mark && time.GetElapsedTime(mark) < Length / 2)
        {
            return true;
        }

        var asked = time.GetTimestamp();
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        takenAt = await RenewAsync(db, free: true, cancel) ? asked : null;
        return takenAt is not null;
    }

    /// <summary>Makes sure, inside the open transaction, that it is still this node's turn.</summary>
    /// <exception cref="AlertClaimLostException">It is not.</exception>
    public async Task HoldAsync(DashboardDb db, CancellationToken cancel)
    {
        if (!await RenewAsync(db, free: false, cancel))
        {
            takenAt = null;
            throw new AlertClaimLostException();
        }
    }

    private async Task<bool> RenewAsync(DashboardDb db, bool free, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var until = now + Length;

        // Further in the future than any turn reaches: a clock was set back.
        var never = now + (2 * Length);
        return await db.Set<AlertDesk>()
            .Where(row => row.Id == AlertDesk.Only && (row.Holder == holder || (free && (row.Until < now || row.Until > never))))
            .ExecuteUpdateAsync(row => row.SetProperty(it => it.Holder, holder).SetProperty(it => it.Until, until), cancel) > 0;
    }
}
