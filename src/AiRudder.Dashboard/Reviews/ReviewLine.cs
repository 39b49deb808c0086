using System.Globalization;
using System.Text.Json.Serialization;
using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Reviews;

/// <summary>A review as lists, files and the API show it. Names are those of the API.</summary>
public sealed record ReviewLine
{
    public required string Id { get; init; }

    /// <summary>Our id of the call.</summary>
    public required string Call { get; init; }

    /// <summary>AIRUDDER's id of the call.</summary>
    public string? CallId { get; init; }

    public string? Callee { get; init; }

    public required string Connection { get; init; }

    public string? Task { get; init; }

    public string? TaskName { get; init; }

    public string? Robot { get; init; }

    /// <summary>The robot's label when it was judged.</summary>
    public string? Label { get; init; }

    /// <summary><c>None</c>, <c>Agrees</c> or <c>Differs</c>.</summary>
    public required string LabelVerdict { get; init; }

    public string? ReviewLabel { get; init; }

    /// <summary>0 to 100; null when no item applied.</summary>
    public double? Score { get; init; }

    public bool FatalFailed { get; init; }

    public bool Defect { get; init; }

    public required string Scorecard { get; init; }

    /// <summary>Number of the scorecard's version.</summary>
    public int Version { get; init; }

    public required string Reviewer { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public int Edits { get; init; }

    /// <summary>How the call came into the queue; null when it was reviewed without.</summary>
    public string? Source { get; init; }

    /// <summary>1, or 2 for the second of two reviewers; null when it was reviewed without the queue.</summary>
    public int? Slot { get; init; }

    public string? Comment { get; init; }

    public IReadOnlyList<ReviewedItem> Items { get; init; } = [];

    [JsonIgnore]
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>The connection's zone.</summary>
    public required string TimeZone { get; init; }

    internal static ReviewLine Of(Review review, CallLine call, string reviewer, ScorecardVersion version, string card, ReviewItem? place, IReadOnlyList<ReviewedItem> items, string? comment) => new()
    {
        Id = review.Id.ToString(CultureInfo.InvariantCulture),
        Call = call.Id,
        CallId = call.CallId,
        Callee = call.Callee,
        Connection = call.Connection,
        Task = call.Task,
        TaskName = call.TaskName,
        Robot = call.Robot,
        Label = review.RobotLabel,
        LabelVerdict = review.LabelVerdict.ToString(),
        ReviewLabel = review.ReviewLabel,
        Score = review.Score is { } score ? Math.Round(score, 2) : null,
        FatalFailed = review.FatalFailed,
        Defect = review.Defect,
        Scorecard = card,
        Version = version.Number,
        Reviewer = reviewer,
        SubmittedAt = review.SubmittedAt!.Value,
        Edits = review.Edits,
        Source = place?.Source.ToString(),
        Slot = place?.Slot,
        Comment = comment,
        Items = items,
        OccurredAt = call.OccurredAt,
        TimeZone = call.TimeZone,
    };
}

/// <summary>One item of a review.</summary>
/// <param name="Ordinal">Its place on the form.</param>
/// <param name="Text">The question.</param>
/// <param name="Points">Given; null: does not apply.</param>
/// <param name="MaxPoints">Possible.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Fatal">Whether nothing on it makes the whole score 0.</param>
public sealed record ReviewedItem(int Ordinal, string Text, int? Points, int MaxPoints, int Weight, bool Fatal);
