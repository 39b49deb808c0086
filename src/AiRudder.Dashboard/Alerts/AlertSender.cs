using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>
/// Sends what is due, one message after the other. A try is written down before it is made, so that a message that brings this process
/// down is not tried for ever; a message may arrive twice, with the same id, but never goes missing unsaid.
/// </summary>
public sealed partial class AlertSender(
    IDbContextFactory<DashboardDb> contexts, WriteGate gate, Outward outward, ConnectionDirectory directory, TimeProvider time, ILogger<AlertSender> log)
{
    private const int MostAtOnce = 20;

    /// <summary>Before the second try and those after it; then it is given up.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    public static IQueryable<AlertSending> Due(DashboardDb db, DateTimeOffset now) =>
        db.Set<AlertSending>().AsNoTracking().Where(row => row.DueAt != null && row.DueAt <= now).OrderBy(row => row.DueAt).Take(MostAtOnce);

    /// <summary>Tries what is due.</summary>
    public async Task SendDueAsync(CancellationToken cancel)
    {
        List<AlertSending> due;
        await using (var db = await contexts.CreateDbContextAsync(cancel))
        {
            due = await Due(db, time.GetUtcNow()).ToListAsync(cancel);
        }

        foreach (var sending in due)
        {
            await TryAsync(sending, cancel);
        }
    }

    /// <summary>Sends a test at once.</summary>
    /// <returns>Why it failed; null when it was taken.</returns>
    public async Task<string?> TestAsync(int ruleId, SendingKind kind, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var sending = new AlertSending { RuleId = ruleId, Kind = kind, Event = SendingEvent.Test, CreatedAt = now };
        using (await gate.EnterAsync(cancel))
        {
            await using var db = await contexts.CreateDbContextAsync(cancel);
            db.Add(sending);
            await db.SaveChangesAsync(cancel);
        }

        return await TryAsync(sending, cancel);
    }

    private async Task<string?> TryAsync(AlertSending sending, CancellationToken cancel)
    {
        var next = sending.Event == SendingEvent.Test || sending.Tries >= Pauses.Length ? (DateTimeOffset?)null : time.GetUtcNow() + Pauses[sending.Tries];
        if (!await BeginAsync(sending, next, cancel))
        {
            return Noted("Another node sends it.");
        }

        string? failure = null;
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancel);
            if (await db.Set<AlertRule>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == sending.RuleId, cancel) is { } rule)
            {
                var alert = await db.Set<Alert>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == sending.AlertId, cancel);
                var call = await db.Set<AlertCall>().Where(row => row.AlertId == sending.AlertId).MinAsync(row => (long?)row.CallId, cancel);
                await outward.SendAsync(sending.Kind, rule, OutwardMessage.Of(sending, rule, alert, call, directory), cancel);
            }
            else
            {
                (failure, next) = (Noted("The rule was deleted."), null);
            }
        }
        catch (OutwardException error)
        {
            failure = error.Message;
            LogNotSent(log, sending.Kind, sending.Id, sending.RuleId, failure);
        }

        await EndAsync(sending.Id, failure, next, cancel);
        return failure;
    }

    private async Task<bool> BeginAsync(AlertSending sending, DateTimeOffset? next, CancellationToken cancel)
    {
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Set<AlertSending>().Where(row => row.Id == sending.Id && row.Tries == sending.Tries && row.SentAt == null).ExecuteUpdateAsync(
            row => row.SetProperty(it => it.Tries, it => it.Tries + 1).SetProperty(it => it.DueAt, next).SetProperty(it => it.Failure, Noted("The try was not finished.")), cancel) == 1;
    }

    private async Task EndAsync(long id, string? failure, DateTimeOffset? next, CancellationToken cancel)
    {
        DateTimeOffset? sent = failure is null ? time.GetUtcNow() : null;
        var due = failure is null ? null : next;
        var words = failure is { Length: > AlertSending.LongestFailure } ? failure[..AlertSending.LongestFailure] : failure;
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Set<AlertSending>().Where(row => row.Id == id).ExecuteUpdateAsync(
            row => row.SetProperty(it => it.SentAt, sent).SetProperty(it => it.DueAt, due).SetProperty(it => it.Failure, words), cancel);
    }

    [LoggerMessage(7010, LogLevel.Warning, "{Kind} {Sending} of alert rule {Rule} was not taken: {Reason}")]
    private static partial void LogNotSent(ILogger log, SendingKind kind, long sending, int rule, string reason);
}
