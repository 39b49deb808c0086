using AiRudder.Dashboard.Webhooks.Watch;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>The alerts' part of the model.</summary>
internal static class AlertTables
{
    private const int LongestPerson = 256;

    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<AlertRule>(rule =>
        {
            rule.Property(row => row.Name).HasMaxLength(100);
            rule.Property(row => row.Task).HasMaxLength(AlertRule.LongestText);
            rule.Property(row => row.Robot).HasMaxLength(AlertRule.LongestText);
            rule.Property(row => row.Figure).HasMaxLength(64);
            rule.Property(row => row.Label).HasMaxLength(AlertRule.LongestText);
            rule.Property(row => row.Word).HasMaxLength(AlertRule.LongestText);
            rule.Property(row => row.WebhookUrl).HasMaxLength(AlertRule.LongestAddress);
            rule.Property(row => row.WebhookSecret).HasMaxLength(1000);
            rule.Property(row => row.MailTo).HasMaxLength(AlertRule.LongestAddress);
            rule.Property(row => row.ChangedBy).HasMaxLength(LongestPerson);
            rule.HasData(
                Feed(1, FeedAlarms.Storing, Noted("Deliveries cannot be stored")),
                Feed(2, FeedAlarms.Quarantine, Noted("Deliveries that cannot be understood")),
                Feed(3, FeedAlarms.Disk, Noted("Disk nearly full")),
                Feed(4, FeedAlarms.RetiredToken, Noted("Retired webhook address used")),
                BuiltIn(5, AlertKind.Line, null, Noted("Caller number is answered less than the others"), 0.6, 50, 30));
        });
        builder.Entity<Alert>(alert =>
        {
            alert.Property(row => row.Name).HasMaxLength(100);
            alert.Property(row => row.Words).HasMaxLength(Alert.LongestWords);
            alert.Property(row => row.AcknowledgedBy).HasMaxLength(LongestPerson);
            alert.Property(row => row.ResolvedBy).HasMaxLength(LongestPerson);
            alert.HasIndex(row => new { row.State, row.Id });
            alert.HasIndex(row => new { row.RuleId, row.ConnectionId, row.Subject, row.Id });
        });
        builder.Entity<AlertCall>(call =>
        {
            call.HasKey(row => new { row.RuleId, row.CallId });
            call.HasIndex(row => row.AlertId);
        });
        builder.Entity<AlertWatch>(watch =>
        {
            watch.HasKey(row => new { row.RuleId, row.ConnectionId, row.Subject });
            watch.Property(row => row.Finding).HasMaxLength(Alert.LongestWords);
        });
        builder.Entity<AlertDesk>(desk =>
        {
            desk.Property(row => row.Id).ValueGeneratedNever();
            desk.Property(row => row.Holder).HasMaxLength(200);
            desk.HasData(new AlertDesk { Id = AlertDesk.Only, Until = DateTimeOffset.UnixEpoch });
        });
        builder.Entity<AlertSending>(sending =>
        {
            sending.Property(row => row.Failure).HasMaxLength(AlertSending.LongestFailure);
            sending.HasIndex(row => row.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
            sending.HasIndex(row => row.AlertId);
        });
    }

    private static AlertRule Feed(int id, string alarm, string name) => BuiltIn(id, AlertKind.Feed, alarm, name, 0, 0, 0);

    private static AlertRule BuiltIn(int id, AlertKind kind, string? figure, string name, double threshold, long least, int hold) => new()
    {
        Id = id, Kind = kind, Figure = figure, Name = name, Threshold = threshold, LeastN = least, HoldMinutes = hold, BuiltIn = true, ChangedAt = DateTimeOffset.UnixEpoch, ChangedBy = "",
    };
}
