using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>Opens and resolves alerts of some rules within one transaction, with the messages that go with it.</summary>
public sealed class AlertBook
{
    private readonly DashboardDb db;
    private readonly DateTimeOffset now;
    private readonly Func<int, string> zoneOf;
    private readonly Dictionary<(int Rule, int Connection, int Subject), AlertWatch> watches;
    private readonly Dictionary<(int Rule, int Connection, int Subject), Alert> open;

    private AlertBook(DashboardDb db, DateTimeOffset now, Func<int, string> zoneOf, IEnumerable<AlertWatch> watches, IEnumerable<Alert> open)
    {
        (this.db, this.now, this.zoneOf) = (db, now, zoneOf);
        this.watches = watches.ToDictionary(row => (row.RuleId, row.ConnectionId, row.Subject));
        this.open = open.GroupBy(row => (row.RuleId, row.ConnectionId, row.Subject)).ToDictionary(group => group.Key, group => group.Last());
    }

    /// <param name="db">With an open transaction.</param>
    /// <param name="rules">Ids of the rules.</param>
    /// <param name="now">The moment.</param>
    /// <param name="zoneOf">Zone of a connection; of 0 the one that counts when it is about none.</param>
    /// <param name="cancel">Stops the queries.</param>
    public static async Task<AlertBook> ReadAsync(DashboardDb db, List<int> rules, DateTimeOffset now, Func<int, string> zoneOf, CancellationToken cancel) => new(
        db, now, zoneOf, await Watches(db, rules).ToListAsync(cancel), await Unresolved(db, rules).OrderBy(row => row.Id).ToListAsync(cancel));

    public static IQueryable<AlertWatch> Watches(DashboardDb db, List<int> rules) => db.Set<AlertWatch>().Where(row => rules.Contains(row.RuleId));

    public static IQueryable<Alert> Unresolved(DashboardDb db, List<int> rules) => db.Set<Alert>().Where(row => row.State != AlertState.Resolved && rules.Contains(row.RuleId));

    public DateTimeOffset Now => now;

    public AlertWatch Watch(AlertRule rule, int connection, int subject)
    {
        var key = (rule.Id, connection, subject);
        if (!watches.TryGetValue(key, out var watch))
        {
            watches[key] = watch = new AlertWatch { RuleId = rule.Id, ConnectionId = connection, Subject = subject };
            db.Add(watch);
        }

        return watch;
    }

    public Alert? Open(AlertRule rule, int connection, int subject) => open.GetValueOrDefault((rule.Id, connection, subject));

    /// <summary>Takes one evaluation into account.</summary>
    public async Task TakeAsync(AlertRule rule, AlertReading reading, CancellationToken cancel)
    {
        var watch = Watch(rule, reading.ConnectionId, reading.Subject);
        var current = Open(rule, reading.ConnectionId, reading.Subject);
        watch.Finding = Cut(reading.Words);
        switch (AlertSteps.Take(watch, rule, reading.Condition, current is not null, now))
        {
            case AlertMove.Open:
                await OpenAsync(rule, watch, reading, 0, cancel);
                break;
            case AlertMove.Resolve:
                (current!.State, current.ResolvedAt) = (AlertState.Resolved, now);
                open.Remove((rule.Id, reading.ConnectionId, reading.Subject));
                Tell(rule, current, SendingEvent.Resolved);
                break;
            default:
                break;
        }
    }

    public async Task<Alert> OpenAsync(AlertRule rule, AlertWatch watch, AlertReading reading, long calls, CancellationToken cancel)
    {
        var time = new LocalDays(zoneOf(reading.ConnectionId)).ToLocal(now).TimeOfDay;
        var alert = new Alert
        {
            RuleId = rule.Id, ConnectionId = reading.ConnectionId, Subject = reading.Subject, Name = rule.Name, Words = Cut(reading.Words), Value = reading.Value, N = reading.N,
            OpenedAt = now, Quiet = AlertSteps.Within(rule.QuietFrom, rule.QuietTo, time), Sound = rule.Sound, Calls = calls,
        };
        db.Add(alert);
        watch.LastOpenedAt = now;
        await db.SaveChangesAsync(cancel);
        open[(rule.Id, reading.ConnectionId, reading.Subject)] = alert;
        Tell(rule, alert, SendingEvent.Opened);
        return alert;
    }

    private void Tell(AlertRule rule, Alert alert, SendingEvent what)
    {
        if (alert.Quiet)
        {
            return;
        }

        foreach (var kind in Ways(rule))
        {
            db.Add(new AlertSending { AlertId = alert.Id, RuleId = rule.Id, Kind = kind, Event = what, CreatedAt = now, DueAt = now });
        }
    }

    /// <summary>How a rule tells those outside.</summary>
    public static IEnumerable<SendingKind> Ways(AlertRule rule)
    {
        if (rule.WebhookUrl is not null)
        {
            yield return SendingKind.Webhook;
        }

        if (rule.MailTo is not null)
        {
            yield return SendingKind.Mail;
        }
    }

    private static string Cut(string words) => words.Length > Alert.LongestWords ? words[..Alert.LongestWords] : words;
}
