using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Exports;

public enum ExportFormat
{
    Csv,
    Xlsx,
}

public enum ExportState
{
    Waiting,
    Running,
    Done,
    Cancelled,
    Failed,
}

/// <summary>A file that somebody asked for: made on the server, whether or not they stay to watch, and kept for a while.</summary>
public sealed class ExportJob
{
    public const int MostIds = 500;

    public int Id { get; set; }

    /// <summary>Whose it is; nobody else gets the file.</summary>
    public required string AccountId { get; set; }

    public ExportFormat Format { get; set; }

    /// <summary>Filter and order of the list as in its address.</summary>
    public required string Query { get; set; }

    /// <summary>Keys of the columns, separated by commas.</summary>
    public required string Columns { get; set; }

    /// <summary>Our ids of the calls that were marked, separated by commas; null for all that fit.</summary>
    public string? Ids { get; set; }

    /// <summary>Numbers in full: whoever asked might reveal them then.</summary>
    public bool Reveal { get; set; }

    /// <summary>Of whoever asked: headings and words of the file are in it.</summary>
    public string Language { get; set; } = "en";

    public ExportState State { get; set; }

    /// <summary>Calls written so far.</summary>
    public int Rows { get; set; }

    /// <summary>There were more than a file may hold.</summary>
    public bool Capped { get; set; }

    /// <summary>Number under which the reason of a failure is in the log.</summary>
    public string? Failure { get; set; }

    /// <summary>Name in the folder of exports; null before there is one and after it was deleted.</summary>
    public string? File { get; set; }

    /// <summary>The node that has the file.</summary>
    public string? Node { get; set; }

    public DateTimeOffset AskedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string Name => $"calls-{AskedAt.UtcDateTime:yyyyMMdd-HHmmss}.{(Format == ExportFormat.Csv ? "csv" : "xlsx")}";

    internal static void Configure(ModelBuilder builder) => builder.Entity<ExportJob>(job =>
    {
        job.Property(row => row.AccountId).HasMaxLength(200);
        job.Property(row => row.Query).HasMaxLength(4_000);
        job.Property(row => row.Columns).HasMaxLength(1_000);
        job.Property(row => row.Language).HasMaxLength(16);
        job.Property(row => row.Failure).HasMaxLength(32);
        job.Property(row => row.File).HasMaxLength(100);
        job.Property(row => row.Node).HasMaxLength(200);
        job.Ignore(row => row.Name);
        job.HasIndex(row => new { row.AccountId, row.AskedAt });
        job.HasIndex(row => new { row.State, row.Id });
    });
}
