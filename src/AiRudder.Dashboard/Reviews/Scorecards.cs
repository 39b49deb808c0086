using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>A scorecard with its newest published version and the draft of the next one.</summary>
public sealed record ScorecardLine(Scorecard Card, ScorecardVersion? Published, ScorecardVersion? Draft, IReadOnlyList<ScorecardItem> Items);

/// <summary>Makes and publishes scorecards. A published version is never written to again: changing it begins the next.</summary>
public sealed class Scorecards(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time)
{
    public const int MostItems = 40;

    public async Task<IReadOnlyList<ScorecardLine>> ListAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var cards = await db.Scorecards.AsNoTracking().OrderBy(card => card.Retired).ThenBy(card => card.Name).ToListAsync(cancel);
        var versions = await db.ScorecardVersions.AsNoTracking().OrderByDescending(version => version.Number).ToListAsync(cancel);
        var lines = new List<ScorecardLine>();
        foreach (var card in cards)
        {
            var mine = versions.FindAll(version => version.ScorecardId == card.Id);
            var (published, draft) = (mine.Find(version => version.PublishedAt is not null), mine.Find(version => version.PublishedAt is null));
            lines.Add(new ScorecardLine(card, published, draft, await ItemsAsync(db, (draft ?? published)!.Id, cancel)));
        }

        return lines;
    }

    /// <summary>Saves name, use and items as a draft; the draft of a new scorecard when <paramref name="id"/> is null.</summary>
    /// <returns>The scorecard's id, or what is wrong.</returns>
    public async Task<(int? Id, string? Problem)> SaveDraftAsync(int? id, Scorecard wanted, int? passMark, IReadOnlyList<ScorecardItem> items, CancellationToken cancel)
    {
        await OffCircuit.Go();
        if (Problem(wanted, passMark, items) is { } problem)
        {
            return (null, problem);
        }

        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var card = id is { } known ? await db.Scorecards.SingleAsync(row => row.Id == known, cancel) : new Scorecard { Name = "", CreatedAt = time.GetUtcNow() };
        (card.Name, card.RobotHash, card.InfoCheck) = (wanted.Name.Trim(), string.IsNullOrWhiteSpace(wanted.RobotHash) ? null : wanted.RobotHash.Trim(), wanted.InfoCheck);
        if (id is null)
        {
            db.Add(card);
            await db.SaveChangesAsync(cancel);
        }

        var draft = await db.ScorecardVersions.SingleOrDefaultAsync(row => row.ScorecardId == card.Id && row.PublishedAt == null, cancel);
        if (draft is null)
        {
            var last = await db.ScorecardVersions.Where(row => row.ScorecardId == card.Id).MaxAsync(row => (int?)row.Number, cancel) ?? 0;
            db.Add(draft = new ScorecardVersion { ScorecardId = card.Id, Number = last + 1 });
        }

        await db.SaveChangesAsync(cancel);

        // Held from here on: a draft that is published meanwhile must not change under its reviews.
        if (await db.ScorecardVersions.Where(row => row.Id == draft.Id && row.PublishedAt == null).ExecuteUpdateAsync(row => row.SetProperty(it => it.PassMark, passMark), cancel) == 0)
        {
            return (null, T("Somebody has just published this draft. Load the page again."));
        }

        await db.ScorecardItems.Where(row => row.VersionId == draft.Id).ExecuteDeleteAsync(cancel);
        db.AddRange(items.Select((item, i) => new ScorecardItem
        {
            VersionId = draft.Id,
            Ordinal = i + 1,
            Text = item.Text.Trim(),
            Help = string.IsNullOrWhiteSpace(item.Help) ? null : item.Help.Trim(),
            Weight = item.Weight,
            MaxPoints = item.MaxPoints,
            Fatal = item.Fatal,
            AllowsNotApplicable = item.AllowsNotApplicable,
        }));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (card.Id, null);
    }

    /// <summary>Makes the draft what new reviews are judged by. Reviews already begun keep the version they were begun with.</summary>
    public async Task<bool> PublishAsync(int id, string by, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var now = time.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.ScorecardVersions.Where(row => row.ScorecardId == id && row.PublishedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(it => it.PublishedAt, now).SetProperty(it => it.PublishedBy, by), cancel) > 0;
    }

    public async Task RetireAsync(int id, bool retired, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.Scorecards.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(it => it.Retired, retired), cancel);
    }

    /// <summary>
    /// The version a new review of this call is judged by: of the scorecards in use, one for its robot before one for its kind of call
    /// before one for all; of equals the newest.
    /// </summary>
    public static async Task<ScorecardVersion?> ForCallAsync(DashboardDb db, long callId, CancellationToken cancel)
    {
        if (await db.Calls.Where(call => call.Id == callId)
                .Select(call => new { call.RobotHash, InfoCheck = db.Answers.Any(answer => answer.CallId == call.Id) }).SingleOrDefaultAsync(cancel) is not { } call)
        {
            return null;
        }

        var cards = await db.Scorecards.AsNoTracking().Where(card => !card.Retired && (card.RobotHash == null || card.RobotHash == call.RobotHash)).ToListAsync(cancel);
        var published = await db.ScorecardVersions.AsNoTracking().Where(version => version.PublishedAt != null).OrderBy(version => version.Number).ToListAsync(cancel);
        return cards.Where(card => !card.InfoCheck || call.InfoCheck)
            .OrderByDescending(card => card.RobotHash is not null).ThenByDescending(card => card.InfoCheck).ThenByDescending(card => card.Id)
            .Select(card => published.FindLast(version => version.ScorecardId == card.Id))
            .FirstOrDefault(version => version is not null);
    }

    internal static Task<List<ScorecardItem>> ItemsAsync(DashboardDb db, int versionId, CancellationToken cancel) =>
        db.ScorecardItems.AsNoTracking().Where(item => item.VersionId == versionId).OrderBy(item => item.Ordinal).ToListAsync(cancel);

    private static string? Problem(Scorecard card, int? passMark, IReadOnlyList<ScorecardItem> items) => (card.Name?.Trim().Length, items.Count) switch
    {
        (null or 0 or > 100, _) => T("The name must have 1 to 100 characters."),
        (_, 0) => T("A scorecard needs at least one item."),
        (_, > MostItems) => T("A scorecard has at most {0} items.", MostItems),
        _ when card.RobotHash?.Trim().Length > 100 => T("The robot's hash has at most 100 characters."),
        _ when passMark is < 1 or > 100 => T("The pass mark must be 1 to 100, or empty."),
        _ => items.Select(Problem).FirstOrDefault(problem => problem is not null),
    };

    private static string? Problem(ScorecardItem item) => item switch
    {
        { Text.Length: > 300 } => T("An item's text has at most 300 characters."),
        _ when string.IsNullOrWhiteSpace(item.Text) => T("Every item needs a text."),
        { Help.Length: > 1000 } => T("An item's help has at most 1,000 characters."),
        { Weight: < 1 or > 100 } => T("'{0}': the weight must be 1 to 100.", item.Text),
        { MaxPoints: < 1 or > ScorecardItem.MostPoints } => T("'{0}': the most points must be 1 to {1}.", item.Text, ScorecardItem.MostPoints),
        _ => null,
    };
}
