using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Figures about reviews: samples, label accuracy, agreement of two reviewers.</summary>
public sealed class ReviewFigures(IDbContextFactory<DashboardDb> contexts)
{
    /// <summary>Pairs looked at for agreement; beyond it the newest count.</summary>
    private const int MostPairs = 5_000;

    public async Task<IReadOnlyList<ReviewSample>> SamplesAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ReviewSamples.AsNoTracking().OrderByDescending(row => row.Id).Take(200).ToListAsync(cancel);
    }

    /// <summary>A sample with what has been seen of it so far; null when there is none with this id.</summary>
    public async Task<SampleResult?> SampleAsync(int id, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await db.ReviewSamples.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancel) is not { } sample)
        {
            return null;
        }

        var strata = await db.SampleStrata.AsNoTracking().Where(row => row.SampleId == id).OrderBy(row => row.Ordinal)
            .Select(row => new { row.Ordinal, row.Key, row.FrameSize, row.Wanted, row.Drawn }).ToListAsync(cancel);
        var seen = (await Seen(db, id).ToListAsync(cancel)).ToLookup(row => row.Stratum);
        var people = await Reviewers.NamesAsync(db, cancel);
        var lines = strata.ConvertAll(row => new StratumLine(
            StratumKey.FromJson(row.Key),
            row.Wanted,
            row.Drawn,
            new StratumSeen(row.FrameSize, [.. seen[row.Ordinal].Select(it => it.Score).OfType<double>()], seen[row.Ordinal].Count(), seen[row.Ordinal].Count(it => it.Defect))));
        return new SampleResult(sample, Reviewers.Name(people, sample.CreatedBy), lines, SampleEstimate.Of([.. lines.Where(line => line.Seen.FrameSize > 0 && line.Wanted > 0).Select(line => line.Seen)]));
    }

    /// <summary>The first review of each call that was drawn: of a pair the first half counts, so that no call counts twice.</summary>
    public static IQueryable<SeenCall> Seen(DashboardDb db, int sampleId) =>
        from drawn in db.SampleCalls.AsNoTracking()
        where drawn.SampleId == sampleId
        join place in db.ReviewItems on new { drawn.CallId, Slot = 1 } equals new { place.CallId, place.Slot }
        join review in db.Reviews on place.ReviewId equals review.Id
        where review.SubmittedAt != null
        select new SeenCall { CallId = drawn.CallId, Stratum = drawn.Stratum, Score = review.Score, Defect = review.Defect };

    /// <summary>The robot's label against the reviewer's, per robot: labels of different robots do not compare.</summary>
    /// <param name="filter">Which calls.</param>
    /// <param name="randomOnly">Only calls that were drawn at random.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task<IReadOnlyList<LabelConfusionMatrix>> ConfusionAsync(CallFilter filter, bool randomOnly, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var connections = await db.Connections.AsNoTracking().ToListAsync(cancel);
        var cells = await Judged(db, filter.Apply(db, connections), randomOnly)
            .GroupBy(row => new { row.ConnectionId, row.Robot, row.RobotLabel, row.ReviewLabel })
            .Select(group => new { group.Key.ConnectionId, group.Key.Robot, group.Key.RobotLabel, group.Key.ReviewLabel, Count = group.Count() })
            .ToListAsync(cancel);
        return [.. cells.GroupBy(cell => (cell.ConnectionId, cell.Robot))
            .Select(robot => new LabelConfusionMatrix(
                robot.Key.ConnectionId, connections.Find(row => row.Id == robot.Key.ConnectionId)!.Name, robot.Key.Robot,
                robot.ToDictionary(cell => new LabelCell(cell.RobotLabel, cell.ReviewLabel), cell => cell.Count)))
            .OrderByDescending(matrix => matrix.Judged)];
    }

    /// <summary>Labels judged, one row per call; of a pair the first half.</summary>
    public static IQueryable<JudgedLabel> Judged(DashboardDb db, IQueryable<Call> calls, bool randomOnly) =>
        from review in db.Reviews.AsNoTracking()
        where review.SubmittedAt != null && review.LabelVerdict != LabelVerdict.None && !db.Reviews.Any(other =>
            other.CallId == review.CallId && other.SubmittedAt != null && other.LabelVerdict != LabelVerdict.None && other.Id < review.Id)
        join call in calls on review.CallId equals call.Id
        where !randomOnly || db.SampleCalls.Any(drawn => drawn.CallId == review.CallId)
        select new JudgedLabel { ConnectionId = call.ConnectionId, Robot = call.RobotHash, RobotLabel = review.RobotLabel, ReviewLabel = review.ReviewLabel };

    /// <summary>How far the two halves of pairs agree, when both are in.</summary>
    public async Task<AgreementReport> AgreementAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var pairs = await Pairs(db).OrderByDescending(pair => pair.CallId).Take(MostPairs).ToListAsync(cancel);
        var ids = pairs.SelectMany(pair => new[] { pair.First, pair.Second }).ToList();
        var answers = new Dictionary<(long Review, int Item), int?>();
        foreach (var chunk in ids.Chunk(500))
        {
            foreach (var answer in await db.ReviewAnswers.AsNoTracking().Where(row => chunk.Contains(row.ReviewId)).ToListAsync(cancel))
            {
                answers[(answer.ReviewId, answer.ItemId)] = answer.Points;
            }
        }

        var itemIds = answers.Keys.Select(key => key.Item).Distinct().ToList();
        var items = await db.ScorecardItems.AsNoTracking().Where(item => itemIds.Contains(item.Id)).OrderBy(item => item.VersionId).ThenBy(item => item.Ordinal).ToListAsync(cancel);
        var perItem = items.ConvertAll(item => new ItemAgreement(item, Agreement.Of([
            .. pairs.Where(pair => answers.ContainsKey((pair.First, item.Id)) && answers.ContainsKey((pair.Second, item.Id)))
                .Select(pair => (Word(answers[(pair.First, item.Id)]), Word(answers[(pair.Second, item.Id)])))])));
        return new AgreementReport(
            pairs.ConvertAll(pair => pair.CallId),
            Agreement.Of([.. pairs.Select(pair => (Word(pair.FirstDefect), Word(pair.SecondDefect)))]),
            Agreement.Of([.. pairs.Where(pair => pair.FirstVerdict != LabelVerdict.None && pair.SecondVerdict != LabelVerdict.None).Select(pair => (pair.FirstLabel ?? "", pair.SecondLabel ?? ""))]),
            [.. perItem.Where(item => item.Agreement.Pairs > 0)]);

        static string Word(object? value) => value?.ToString() ?? "does not apply";
    }

    public static IQueryable<ReviewPair> Pairs(DashboardDb db) =>
        from one in db.ReviewItems.AsNoTracking()
        where one.Slot == 1
        join two in db.ReviewItems on new { one.CallId, Slot = 2 } equals new { two.CallId, two.Slot }
        join first in db.Reviews on one.ReviewId equals first.Id
        join second in db.Reviews on two.ReviewId equals second.Id
        where first.SubmittedAt != null && second.SubmittedAt != null
        select new ReviewPair
        {
            CallId = one.CallId, First = first.Id, Second = second.Id, FirstDefect = first.Defect, SecondDefect = second.Defect,
            FirstVerdict = first.LabelVerdict, SecondVerdict = second.LabelVerdict, FirstLabel = first.ReviewLabel, SecondLabel = second.ReviewLabel,
        };
}

public sealed record SeenCall
{
    public long CallId { get; init; }

    public int Stratum { get; init; }

    public double? Score { get; init; }

    public bool Defect { get; init; }
}

public sealed record JudgedLabel
{
    public int ConnectionId { get; init; }

    public string? Robot { get; init; }

    public string? RobotLabel { get; init; }

    public string? ReviewLabel { get; init; }
}

public sealed record ReviewPair
{
    public long CallId { get; init; }

    public long First { get; init; }

    public long Second { get; init; }

    public bool FirstDefect { get; init; }

    public bool SecondDefect { get; init; }

    public LabelVerdict FirstVerdict { get; init; }

    public LabelVerdict SecondVerdict { get; init; }

    public string? FirstLabel { get; init; }

    public string? SecondLabel { get; init; }
}

/// <summary>One stratum of a sample on a page.</summary>
public sealed record StratumLine(StratumKey Key, int Wanted, int Drawn, StratumSeen Seen);

/// <summary>A sample and what it says so far.</summary>
public sealed record SampleResult(ReviewSample Sample, string CreatedBy, IReadOnlyList<StratumLine> Strata, SampleEstimate Estimate)
{
    public int Drawn => Strata.Sum(stratum => stratum.Drawn);

    public int Reviewed => Strata.Sum(stratum => stratum.Seen.Reviewed);
}

public readonly record struct LabelCell(string? Robot, string? Reviewer);

/// <summary>How often each label of one robot was judged to be which.</summary>
public sealed record LabelConfusionMatrix(int ConnectionId, string Connection, string? Robot, IReadOnlyDictionary<LabelCell, int> Cells)
{
    public int Judged => Cells.Values.Sum();

    public int Confirmed => Cells.Where(cell => cell.Key.Robot == cell.Key.Reviewer).Sum(cell => cell.Value);

    /// <summary>Labels of both sides; none comes last.</summary>
    public IReadOnlyList<string?> Labels => [.. Cells.Keys.SelectMany(cell => new[] { cell.Robot, cell.Reviewer }).Distinct().OrderBy(label => label is null).ThenBy(label => label, StringComparer.Ordinal)];
}

public sealed record ItemAgreement(ScorecardItem Item, Agreement Agreement);

/// <param name="CallIds">Calls that two people reviewed.</param>
/// <param name="Defects">On whether the call has a defect.</param>
/// <param name="Labels">On the label.</param>
/// <param name="Items">On each item both answered.</param>
public sealed record AgreementReport(IReadOnlyList<long> CallIds, Agreement Defects, Agreement Labels, IReadOnlyList<ItemAgreement> Items);
