using System.Text.RegularExpressions;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>A note with the names of its people.</summary>
public sealed record NoteView(CallNote Note, string Author, IReadOnlyList<string> Mentions);

/// <summary>Notes of calls. Everybody changes and deletes only their own; anybody who reviews may call one resolved.</summary>
public sealed partial class Notes(IDbContextFactory<DashboardDb> contexts, ReviewQueue queue, WriteGate gate, TimeProvider time)
{
    private const int MostNotes = 500;

    /// <summary>By second; those about the whole call first.</summary>
    public async Task<IReadOnlyList<NoteView>> OfCallAsync(long callId, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await ViewAsync(db, db.CallNotes.Where(note => note.CallId == callId).OrderBy(note => note.Second).ThenBy(note => note.Id), cancel);
    }

    /// <summary>Open notes that name a person, newest first.</summary>
    public async Task<IReadOnlyList<NoteView>> MentioningAsync(string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await ViewAsync(db, Mentioning(db, me).OrderByDescending(note => note.Id), cancel);
    }

    /// <returns>What is wrong; null when the note is there.</returns>
    public async Task<string?> AddAsync(long callId, double? second, string text, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var (mentions, problem) = await ReadAsync(db, text, cancel);
        if (problem is not null)
        {
            return problem;
        }

        using var pen = await gate.EnterAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var note = new CallNote { CallId = callId, Second = second is >= 0 and < 86_400 ? Math.Round(second.Value, 1) : null, Text = text.Trim(), AuthorId = me, WrittenAt = time.GetUtcNow() };
        db.Add(note);
        await db.SaveChangesAsync(cancel);
        db.AddRange(mentions.Select(person => new NoteMention { NoteId = note.Id, AccountId = person }));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        queue.Tell();
        return null;
    }

    /// <returns>What is wrong; null when it is changed.</returns>
    public async Task<string?> ChangeAsync(long id, string text, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var (mentions, problem) = await ReadAsync(db, text, cancel);
        if (problem is not null)
        {
            return problem;
        }

        using var pen = await gate.EnterAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.CallNotes.SingleOrDefaultAsync(row => row.Id == id && row.AuthorId == me, cancel) is not { } note)
        {
            return T("Only its author can change a note.");
        }

        (note.Text, note.EditedAt) = (text.Trim(), time.GetUtcNow());
        await db.NoteMentions.Where(row => row.NoteId == id).ExecuteDeleteAsync(cancel);
        db.AddRange(mentions.Select(person => new NoteMention { NoteId = id, AccountId = person }));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        queue.Tell();
        return null;
    }

    /// <returns>Whether it was mine and is gone.</returns>
    public async Task<bool> DeleteAsync(long id, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var deleted = await db.CallNotes.Where(row => row.Id == id && row.AuthorId == me).ExecuteDeleteAsync(cancel) > 0;
        queue.Tell();
        return deleted;
    }

    public async Task ResolveAsync(long id, bool resolved, string me, CancellationToken cancel)
    {
        await OffCircuit.Go();
        DateTimeOffset? at = resolved ? time.GetUtcNow() : null;
        var by = resolved ? me : null;
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await db.CallNotes.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(it => it.ResolvedAt, at).SetProperty(it => it.ResolvedBy, by), cancel);
        queue.Tell();
    }

    public static IQueryable<CallNote> Mentioning(DashboardDb db, string me) =>
        db.CallNotes.Where(note => note.ResolvedAt == null && db.NoteMentions.Any(mention => mention.NoteId == note.Id && mention.AccountId == me));

    private static async Task<IReadOnlyList<NoteView>> ViewAsync(DashboardDb db, IQueryable<CallNote> notes, CancellationToken cancel)
    {
        var rows = await notes.AsNoTracking().Take(MostNotes).ToListAsync(cancel);
        var ids = rows.ConvertAll(row => row.Id);
        var mentions = (await db.NoteMentions.AsNoTracking().Where(row => ids.Contains(row.NoteId)).ToListAsync(cancel)).ToLookup(row => row.NoteId, row => row.AccountId);
        var people = await Reviewers.NamesAsync(db, cancel);
        return rows.ConvertAll(row => new NoteView(row, Reviewers.Name(people, row.AuthorId), [.. mentions[row.Id].Select(id => Reviewers.Name(people, id))]));
    }

    /// <summary>Whom a text names. A name nobody has, or two have, is an error: the note would reach nobody.</summary>
    private static async Task<(IReadOnlyList<string> People, string? Problem)> ReadAsync(DashboardDb db, string text, CancellationToken cancel)
    {
        if (text.Trim().Length is 0 or > CallNote.LongestText)
        {
            return ([], T("A note has 1 to {0:N0} characters.", CallNote.LongestText));
        }

        var names = Mention().Matches(text).Select(match => match.Groups["name"].Value.TrimEnd('.', '-')).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0)
        {
            return ([], null);
        }

        var people = await Reviewers.NamesAsync(db, cancel);
        var found = new HashSet<string>();
        foreach (var name in names)
        {
            var fitting = people.Where(person => person.Value.Equals(name, StringComparison.OrdinalIgnoreCase) ||
                (!name.Contains('@', StringComparison.Ordinal) && person.Value.StartsWith(name + "@", StringComparison.OrdinalIgnoreCase))).ToList();
            switch (fitting.Count)
            {
                case 0:
                    return ([], T("Nobody here is called @{0}.", name));
                case > 1:
                    return ([], T("Several people are called @{0}: write the whole address, like @{1}.", name, fitting[0].Value));
                default:
                    found.Add(fitting[0].Key);
                    break;
            }
        }

        return ([.. found], null);
    }

    /// <summary>An @ after nothing or a blank, then a name or an e-mail address.</summary>
    [GeneratedRegex("""(?<![^\s(,;])@(?<name>[\p{L}\p{N}._+\-]+(?:@[\p{L}\p{N}.\-]+)?)""")]
    private static partial Regex Mention();
}
