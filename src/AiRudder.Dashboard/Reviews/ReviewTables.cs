using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>
/// The tables of the reviews. Accounts are named by their id without a foreign key: a review outlives its reviewer's account, and on
/// SQL Server the ids of both sides compare by different rules.
/// </summary>
internal static class ReviewTables
{
    /// <summary>Name of the <see cref="Counter"/> that keeps how far the rules have read the landings.</summary>
    public const string RulePosition = "review-rules";

    private const int AccountId = 100;

    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<Counter>().HasData(new Counter { Name = RulePosition });
        Scorecards(builder);
        Reviews(builder);
        Queue(builder);
        Notes(builder);
    }

    private static void Scorecards(ModelBuilder builder)
    {
        builder.Entity<Scorecard>(card =>
        {
            card.Property(row => row.Name).HasMaxLength(100);
            card.Property(row => row.RobotHash).HasMaxLength(100);
        });
        builder.Entity<ScorecardVersion>(version =>
        {
            version.Property(row => row.PublishedBy).HasMaxLength(AccountId);
            version.HasIndex(row => new { row.ScorecardId, row.Number }).IsUnique();
            version.HasOne<Scorecard>().WithMany().HasForeignKey(row => row.ScorecardId);
        });
        builder.Entity<ScorecardItem>(item =>
        {
            item.Property(row => row.Text).HasMaxLength(300);
            item.Property(row => row.Help).HasMaxLength(1000);
            item.HasIndex(row => new { row.VersionId, row.Ordinal });
            item.HasOne<ScorecardVersion>().WithMany().HasForeignKey(row => row.VersionId);
        });
    }

    private static void Reviews(ModelBuilder builder)
    {
        builder.Entity<Review>(review =>
        {
            review.Property(row => row.ReviewerId).HasMaxLength(AccountId);
            review.Property(row => row.LabelVerdict).HasConversion<string>().HasMaxLength(16);
            review.HasIndex(row => new { row.CallId, row.ReviewerId }).IsUnique();
            review.HasIndex(row => row.SubmittedAt);
            review.HasOne<Call>().WithMany().HasForeignKey(row => row.CallId);
            review.HasOne<ScorecardVersion>().WithMany().HasForeignKey(row => row.VersionId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<ReviewAnswer>(answer =>
        {
            answer.HasKey(row => new { row.ReviewId, row.ItemId });
            answer.HasOne<Review>().WithMany().HasForeignKey(row => row.ReviewId);
        });
        builder.Entity<ReviewEdit>(edit =>
        {
            edit.HasIndex(row => row.ReviewId);
            edit.HasOne<Review>().WithMany().HasForeignKey(row => row.ReviewId);
        });
    }

    private static void Queue(ModelBuilder builder)
    {
        builder.Entity<ReviewItem>(item =>
        {
            item.Property(row => row.Source).HasConversion<string>().HasMaxLength(16);
            item.Property(row => row.AssignedTo).HasMaxLength(AccountId);
            item.Property(row => row.ClaimedBy).HasMaxLength(AccountId);
            item.Property(row => row.ClosedBy).HasMaxLength(AccountId);
            item.Property(row => row.CreatedBy).HasMaxLength(AccountId);
            item.Property(row => row.SkipReason).HasMaxLength(300);

            // The database decides that no call waits twice for the same thing.
            item.HasIndex(row => new { row.CallId, row.Slot }).IsUnique();
            item.HasIndex(row => new { row.State, row.DueAt });
            item.HasIndex(row => row.ReviewId);
            item.HasOne<Call>().WithMany().HasForeignKey(row => row.CallId);
        });
        builder.Entity<ReviewSample>(sample =>
        {
            sample.Property(row => row.Name).HasMaxLength(100);
            sample.Property(row => row.Seed).HasMaxLength(100);
            sample.Property(row => row.CreatedBy).HasMaxLength(AccountId);
            sample.Property(row => row.Allocation).HasConversion<string>().HasMaxLength(16);
        });
        builder.Entity<SampleStratum>(stratum =>
        {
            stratum.HasKey(row => new { row.SampleId, row.Ordinal });
            stratum.HasOne<ReviewSample>().WithMany().HasForeignKey(row => row.SampleId);
        });
        builder.Entity<SampleCall>(call =>
        {
            // No foreign key to the call: that a call was drawn stays true when it is erased.
            call.HasKey(row => new { row.SampleId, row.CallId });
            call.HasIndex(row => row.CallId);
            call.HasOne<ReviewSample>().WithMany().HasForeignKey(row => row.SampleId);
        });
        builder.Entity<QueueRule>(rule =>
        {
            rule.Property(row => row.Name).HasMaxLength(100);
            rule.Property(row => row.Kind).HasConversion<string>().HasMaxLength(32);
            rule.Property(row => row.Value).HasMaxLength(200);
            rule.Property(row => row.CreatedBy).HasMaxLength(AccountId);
        });
        builder.Entity<RuleMatch>(match =>
        {
            match.HasKey(row => new { row.RuleId, row.CallId });
            match.Property(row => row.Outcome).HasConversion<string>().HasMaxLength(16);
            match.HasIndex(row => new { row.RuleId, row.At });
            match.HasIndex(row => row.CallId);
            match.HasOne<QueueRule>().WithMany().HasForeignKey(row => row.RuleId);
            match.HasOne<Call>().WithMany().HasForeignKey(row => row.CallId);
        });
    }

    private static void Notes(ModelBuilder builder)
    {
        builder.Entity<CallNote>(note =>
        {
            note.Property(row => row.Text).HasMaxLength(CallNote.LongestText);
            note.Property(row => row.AuthorId).HasMaxLength(AccountId);
            note.Property(row => row.ResolvedBy).HasMaxLength(AccountId);
            note.HasIndex(row => row.CallId);
            note.HasOne<Call>().WithMany().HasForeignKey(row => row.CallId);
        });
        builder.Entity<NoteMention>(mention =>
        {
            mention.HasKey(row => new { row.NoteId, row.AccountId });
            mention.Property(row => row.AccountId).HasMaxLength(AccountId);
            mention.HasIndex(row => row.AccountId);
            mention.HasOne<CallNote>().WithMany().HasForeignKey(row => row.NoteId);
        });
    }
}
