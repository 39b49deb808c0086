using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Novelties;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>The tables of what the feed knows of itself: when it received, what was missing, what was new.</summary>
internal static class FeedTables
{
    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<Delivery>(delivery =>
        {
            // Counting the deliveries of a connection in a time must not touch their rows.
            delivery.HasIndex(row => new { row.ConnectionId, row.ReceivedAt });

            // Of what is there by the million, the few with a bad call among good ones.
            delivery.HasIndex(row => new { row.QuarantinedCalls, row.Id }).HasFilter("[QuarantinedCalls] > 0");
        });
        builder.Entity<ReceivingSpan>(span =>
        {
            span.Property(row => row.Node).HasMaxLength(200);
            span.HasIndex(row => new { row.Node, row.Id });
            span.HasIndex(row => row.Until);
        });
        builder.Entity<ReceivingGap>(gap =>
        {
            gap.Property(row => row.SettledBy).HasMaxLength(256);
            gap.Property(row => row.Note).HasMaxLength(ReceivingNotes.Longest);
        });
        builder.Entity<SchemaNovelty>(novelty =>
        {
            novelty.Property(row => row.Path).HasMaxLength(SchemaNovelty.LongestPath);
            novelty.Property(row => row.JsonKind).HasMaxLength(16);
            novelty.Property(row => row.Value).HasMaxLength(SchemaNovelty.LongestValue);
            novelty.Property(row => row.ExpectedBy).HasMaxLength(256);
            novelty.HasIndex(row => new { row.ConnectionId, row.Path, row.JsonKind, row.Value }).IsUnique();
        });
    }
}
