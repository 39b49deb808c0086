using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>What the list of calls needs in the store beside the calls.</summary>
internal static class CallListTables
{
    /// <summary>Counter with the last landing whose transcripts are in the index.</summary>
    public const string Indexed = "transcripts";

    /// <summary>Duration with -1 for unknown, so that one index serves the whole order and every place in it is exact.</summary>
    public const string TalkOrder = "TalkOrder";

    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<Call>(call =>
        {
            call.Property<int>(TalkOrder).HasComputedColumnSql("COALESCE(\"DurationSeconds\", -1)", stored: false);
            call.HasIndex(TalkOrder);
            call.HasIndex(row => row.ReceivedAt);
        });
        builder.Entity<Counter>().HasData(new Counter { Name = Indexed });
        builder.Entity<SavedView>(view =>
        {
            view.Property(row => row.AccountId).HasMaxLength(200);
            view.Property(row => row.Name).HasMaxLength(SavedView.NameLength);
            view.Property(row => row.Query).HasMaxLength(SavedView.QueryLength);
            view.Property(row => row.Columns).HasMaxLength(CallListChoice.ColumnsLength);
            view.HasIndex(row => row.AccountId);
            view.HasIndex(row => row.Shared);
        });
        builder.Entity<CallListChoice>(choice =>
        {
            choice.HasKey(row => row.AccountId);
            choice.Property(row => row.AccountId).HasMaxLength(200);
            choice.Property(row => row.Columns).HasMaxLength(CallListChoice.ColumnsLength);
        });
    }
}
