using AiRudder.Dashboard.Calls;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Recordings;

/// <summary>What has become of our own copy of a call's sound.</summary>
public enum RecordingState
{
    /// <summary>AIRUDDER named a link; the copy is still to be fetched, now or again.</summary>
    Expected,

    /// <summary>It is being fetched.</summary>
    Fetching,

    /// <summary>Our own copy is here, encrypted.</summary>
    Kept,

    /// <summary>The vendor no longer has it, could not be made to give it, or our own retention has ended.</summary>
    Gone,

    /// <summary>What the link leads to is not fetched: see the reason.</summary>
    Refused,
}

/// <summary>Our own copy of one call's recording and how far it has come. One row per call with a link; the link itself is the call's.</summary>
public sealed class Recording
{
    public const int HostLength = 255;

    /// <summary>Reason of a copy that was deleted because its time was over.</summary>
    public const string Retention = "retention";

    /// <summary>Reason of a wait: our own disk or database refused.</summary>
    public const string Storage = "storage";

    public long CallId { get; set; }

    public int ConnectionId { get; set; }

    public RecordingState State { get; set; }

    /// <summary>A <see cref="RecordingFailure.Reason"/>, <see cref="Retention"/> or <see cref="Storage"/>; null while nothing went wrong.</summary>
    public string? Reason { get; set; }

    /// <summary>Host of the link, for the panel of dead links; empty when the link cannot be read.</summary>
    public required string Host { get; set; }

    /// <summary>SHA-256 of the link that this row is about: another link in a newer version of the call is another try.</summary>
    public required byte[] LinkHash { get; set; }

    /// <summary>End of the call, else its arrival: what the age of a recording is counted from.</summary>
    public DateTimeOffset CallAt { get; set; }

    /// <summary>Tries so far, the running one included.</summary>
    public int Attempts { get; set; }

    /// <summary>When to try (again); while fetching, when another process may take it over. Null when there is nothing to do.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>Seconds from <see cref="CallAt"/> to the end of the last try.</summary>
    public long? AgeSeconds { get; set; }

    /// <summary>Strong validator that the vendor gave for the part that is here: only the same file is continued.</summary>
    public string? Validator { get; set; }

    /// <summary>Name in the folder of recordings.</summary>
    public string? File { get; set; }

    /// <summary>The file's own key, sealed by the data-protection keys. Without it the file is noise.</summary>
    public byte[]? Key { get; set; }

    public string? ContentType { get; set; }

    /// <summary>Length of the sound as received.</summary>
    public long? Bytes { get; set; }

    /// <summary>SHA-256 of the sound as received.</summary>
    public byte[]? Sha256 { get; set; }

    /// <summary>When the copy was complete; its retention runs from here.</summary>
    public DateTimeOffset? FetchedAt { get; set; }

    /// <summary>How long it plays, once it has been decoded.</summary>
    public double? Seconds { get; set; }

    /// <summary>How often the server has tried to draw its waveform.</summary>
    public int DrawAttempts { get; set; }
}

/// <summary>How the tables of this folder look.</summary>
internal static class RecordingTables
{
    /// <summary>The counter that holds the last landing whose recordings are known here.</summary>
    public const string Followed = "recordings";

    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<Storage.Counter>().HasData(new Storage.Counter { Name = Followed });
        builder.Entity<Recording>(recording =>
        {
            recording.HasKey(row => row.CallId);
            recording.Property(row => row.CallId).ValueGeneratedNever();
            recording.Property(row => row.Reason).HasMaxLength(32);
            recording.Property(row => row.Host).HasMaxLength(Recording.HostLength);
            recording.Property(row => row.LinkHash).HasMaxLength(32).IsFixedLength();
            recording.Property(row => row.Validator).HasMaxLength(200);
            recording.Property(row => row.File).HasMaxLength(100);
            recording.Property(row => row.ContentType).HasMaxLength(32);
            recording.Property(row => row.Sha256).HasMaxLength(32).IsFixedLength();
            recording.HasOne<Call>().WithOne().HasForeignKey<Recording>(row => row.CallId);
            recording.HasIndex(row => new { row.State, row.NextAttemptAt });
            recording.HasIndex(row => new { row.State, row.FetchedAt });
            recording.HasIndex(row => row.File);
        });
        builder.Entity<Waveform>(waveform =>
        {
            waveform.HasKey(row => row.CallId);
            waveform.Property(row => row.CallId).ValueGeneratedNever();
            waveform.HasOne<Recording>().WithOne().HasForeignKey<Waveform>(row => row.CallId);
        });
        builder.Entity<RobotNudge>(nudge =>
        {
            nudge.HasKey(row => new { row.ConnectionId, row.RobotHash });
            nudge.Property(row => row.RobotHash).HasMaxLength(RobotNudge.HashLength);
        });
    }
}
