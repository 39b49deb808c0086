using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.CallTasks;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Exports;
using AiRudder.Dashboard.Intentions;
using AiRudder.Dashboard.Live;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Reviews;
using AiRudder.Dashboard.Webhooks;
using AiRudder.Dashboard.Webhooks.Gaps;
using AiRudder.Dashboard.Webhooks.Novelties;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Storage;

/// <summary>
/// The one model. Each provider has a small context of its own with its own migrations; everybody else asks the factory for a
/// <see cref="DashboardDb"/> per operation.
/// </summary>
public abstract class DashboardDb(DbContextOptions options) : IdentityUserContext<Account>(options)
{
    public DbSet<Connection> Connections => Set<Connection>();

    public DbSet<ConnectionToken> ConnectionTokens => Set<ConnectionToken>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<DeliveryBody> DeliveryBodies => Set<DeliveryBody>();

    public DbSet<DeliveryCopy> DeliveryCopies => Set<DeliveryCopy>();

    public DbSet<QuarantinedElement> QuarantinedElements => Set<QuarantinedElement>();

    public DbSet<ReceivingSpan> ReceivingSpans => Set<ReceivingSpan>();

    public DbSet<ReceivingGap> ReceivingGaps => Set<ReceivingGap>();

    public DbSet<SchemaNovelty> SchemaNovelties => Set<SchemaNovelty>();

    public DbSet<Landing> Landings => Set<Landing>();

    public DbSet<CallTask> CallTasks => Set<CallTask>();

    public DbSet<Call> Calls => Set<Call>();

    public DbSet<CallDetail> CallDetails => Set<CallDetail>();

    public DbSet<Attempt> Attempts => Set<Attempt>();

    public DbSet<Answer> Answers => Set<Answer>();

    public DbSet<CallVersion> CallVersions => Set<CallVersion>();

    public DbSet<Recording> Recordings => Set<Recording>();

    public DbSet<Waveform> Waveforms => Set<Waveform>();

    public DbSet<LabelMeaning> LabelMeanings => Set<LabelMeaning>();

    public DbSet<Scorecard> Scorecards => Set<Scorecard>();

    public DbSet<ScorecardVersion> ScorecardVersions => Set<ScorecardVersion>();

    public DbSet<ScorecardItem> ScorecardItems => Set<ScorecardItem>();

    public DbSet<Review> Reviews => Set<Review>();

    public DbSet<ReviewAnswer> ReviewAnswers => Set<ReviewAnswer>();

    public DbSet<ReviewEdit> ReviewEdits => Set<ReviewEdit>();

    public DbSet<ReviewItem> ReviewItems => Set<ReviewItem>();

    public DbSet<ReviewSample> ReviewSamples => Set<ReviewSample>();

    public DbSet<SampleStratum> SampleStrata => Set<SampleStratum>();

    public DbSet<SampleCall> SampleCalls => Set<SampleCall>();

    public DbSet<QueueRule> QueueRules => Set<QueueRule>();

    public DbSet<RuleMatch> RuleMatches => Set<RuleMatch>();

    public DbSet<CallNote> CallNotes => Set<CallNote>();

    public DbSet<NoteMention> NoteMentions => Set<NoteMention>();

    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<CallListChoice> CallListChoices => Set<CallListChoice>();

    public DbSet<ExportJob> ExportJobs => Set<ExportJob>();

    public DbSet<DataKey> DataKeys => Set<DataKey>();

    public DbSet<Counter> Counters => Set<Counter>();

    /// <summary>Search in what was said, as this provider does it.</summary>
    public abstract ITranscriptSearch Transcripts { get; }

    /// <summary>Draws numbers inside the open transaction; answers the last one drawn.</summary>
    public async Task<long> DrawAsync(string counter, int count, CancellationToken cancel)
    {
        await Counters.Where(row => row.Name == counter).ExecuteUpdateAsync(row => row.SetProperty(it => it.Value, it => it.Value + count), cancel);
        return await Counters.Where(row => row.Name == counter).Select(row => row.Value).SingleAsync(cancel);
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        builder.Entity<Account>().Property(account => account.Role).HasConversion<string>().HasMaxLength(32);
        builder.Entity<DataKey>().Property(key => key.Name).HasMaxLength(200);
        builder.Entity<Counter>(counter =>
        {
            counter.HasKey(row => row.Name);
            counter.Property(row => row.Name).HasMaxLength(32);
            counter.HasData(new Counter { Name = Counter.Calls }, new Counter { Name = Counter.Landings }, new Counter { Name = Counter.HealthChecks });
        });

        builder.Entity<Connection>(connection =>
        {
            connection.Property(row => row.Name).HasMaxLength(200);
            connection.HasIndex(row => row.Name).IsUnique();
            connection.Property(row => row.TimeZone).HasMaxLength(100);
            connection.Property(row => row.Country).HasMaxLength(2);
            connection.HasMany(row => row.Tokens).WithOne().HasForeignKey(token => token.ConnectionId);
        });
        builder.Entity<ConnectionToken>(token =>
        {
            token.Property(row => row.Hash).HasMaxLength(32).IsFixedLength();
            token.HasIndex(row => row.Hash).IsUnique();
        });

        ConfigureDeliveries(builder);
        ConfigureCalls(builder);
        RollupTables.Configure(builder);
        RecordingTables.Configure(builder);
        PersonPreference.Configure(builder);
        FeedTables.Configure(builder);
        ReviewTables.Configure(builder);
        CallListTables.Configure(builder);
        ExportJob.Configure(builder);
        AlertTables.Configure(builder);
        AuditEntry.Configure(builder);
    }

    private static void ConfigureDeliveries(ModelBuilder builder)
    {
        builder.Entity<Delivery>(delivery =>
        {
            delivery.Property(row => row.UrlKind).HasMaxLength(32);
            delivery.Property(row => row.Kind).HasMaxLength(32);
            delivery.Property(row => row.Source).HasMaxLength(64);
            delivery.Property(row => row.Sha256).HasMaxLength(32).IsFixedLength();

            // The database decides what is a duplicate.
            delivery.HasIndex(row => new { row.ConnectionId, row.UrlKind, row.Sha256 }).IsUnique();
            delivery.HasIndex(row => new { row.Outcome, row.Id });
            delivery.HasIndex(row => row.ReceivedAt);
            delivery.HasIndex(row => new { row.ConnectionId, row.ReceivedAt });
        });
        builder.Entity<DeliveryBody>(body =>
        {
            body.HasKey(row => row.DeliveryId);
            body.Property(row => row.DeliveryId).ValueGeneratedNever();
            body.Property(row => row.File).HasMaxLength(100);
            body.HasOne<Delivery>().WithOne().HasForeignKey<DeliveryBody>(row => row.DeliveryId);
        });
        builder.Entity<DeliveryCopy>(copy =>
        {
            copy.Property(row => row.Source).HasMaxLength(64);
            copy.HasIndex(row => row.ReceivedAt);
            copy.HasOne<Delivery>().WithMany().HasForeignKey(row => row.DeliveryId);
        });
        builder.Entity<QuarantinedElement>(element =>
        {
            element.HasKey(row => new { row.DeliveryId, row.Ordinal });
            element.HasOne<Delivery>().WithMany().HasForeignKey(row => row.DeliveryId);
        });
        builder.Entity<Landing>(landing =>
        {
            landing.HasKey(row => row.Sequence);
            landing.Property(row => row.Sequence).ValueGeneratedNever();
            landing.HasIndex(row => row.DeliveryId);
            landing.HasIndex(row => new { row.ConnectionId, row.LandedAt });
            landing.HasIndex(row => new { row.CallTaskId, row.LandedAt });
        });
    }

    private static void ConfigureCalls(ModelBuilder builder)
    {
        builder.Entity<CallTask>(task =>
        {
            task.Property(row => row.Identity).HasMaxLength(Identity.Bytes).IsFixedLength();
            task.HasIndex(row => new { row.ConnectionId, row.Identity }).IsUnique();
            task.Property(row => row.ListSizeBy).HasMaxLength(256);
            task.Property(row => row.ListSizeFrom).HasMaxLength(CallTask.ListSizeFromLength);
            task.HasIndex(row => new { row.ConnectionId, row.LastHeardAt });
        });
        builder.Entity<Call>(call =>
        {
            // Ids are drawn from a counter before the insert, so that a whole delivery can be written in bulk.
            call.Property(row => row.Id).ValueGeneratedNever();
            call.Property(row => row.Identity).HasMaxLength(Identity.Bytes).IsFixedLength();
            call.Property(row => row.Callee).HasMaxLength(Call.IndexedLength);
            call.Property(row => row.LastSaid).HasMaxLength(LastSentence.Length);
            call.HasIndex(row => new { row.ConnectionId, row.Identity }).IsUnique();
            call.HasIndex(row => new { row.ConnectionId, row.OccurredAt });
            call.HasIndex(row => row.OccurredAt);
            call.HasIndex(row => new { row.CallTaskId, row.OccurredAt });
            call.HasIndex(row => row.Callee);
            call.HasIndex(row => row.StagedBy).HasFilter("\"StagedBy\" IS NOT NULL");
            call.HasQueryFilter(row => row.StagedBy == null);
            call.HasOne<CallTask>().WithMany().HasForeignKey(row => row.CallTaskId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<CallDetail>(detail =>
        {
            detail.HasKey(row => row.CallId);
            detail.Property(row => row.CallId).ValueGeneratedNever();
            detail.Property(row => row.TimeZone).HasMaxLength(100);
            detail.HasOne<Call>().WithOne().HasForeignKey<CallDetail>(row => row.CallId);
        });
        builder.Entity<Attempt>(attempt =>
        {
            attempt.HasKey(row => new { row.CallId, row.Ordinal });
            attempt.HasIndex(row => row.StartedAt);
            attempt.HasOne<Call>().WithMany().HasForeignKey(row => row.CallId);
        });
        builder.Entity<Answer>(answer =>
        {
            answer.HasKey(row => new { row.CallId, row.Ordinal });
            answer.HasOne<Call>().WithMany().HasForeignKey(row => row.CallId);
        });
        builder.Entity<CallVersion>(version =>
        {
            version.HasKey(row => new { row.DeliveryId, row.Ordinal });
            version.HasIndex(row => row.CallId);
            version.HasOne<Call>().WithMany().HasForeignKey(row => row.CallId);
        });
        Live.Walls.WallLink.Configure(builder);
        builder.Entity<LabelMeaning>(meaning =>
        {
            meaning.Property(row => row.Label).HasMaxLength(100);
            meaning.Property(row => row.RobotHash).HasMaxLength(100);
            meaning.HasIndex(row => new { row.ConnectionId, row.RobotHash, row.Label, row.ValidFrom }).IsUnique();
        });
    }
}

/// <summary>
/// A number that only grows. Drawing from it locks its row until the commit, so that numbers become visible in their own order.
/// </summary>
public sealed class Counter
{
    public const string Calls = "calls";
    public const string Landings = "landings";
    public const string HealthChecks = "health-checks";

    public required string Name { get; set; }

    /// <summary>The last number drawn.</summary>
    public long Value { get; set; }
}
