using System.Security.Claims;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Calls;

/// <summary>Views and choices of the people who look at the list. What is not one's own cannot be changed, whatever is asked.</summary>
public sealed class SavedViews(IDbContextFactory<DashboardDb> contexts, WriteGate gate, TimeProvider time)
{
    /// <summary>More would be a list to search in.</summary>
    private const int MostPerPerson = 50;

    /// <summary>Own views first, then those that others share; each by name.</summary>
    public async Task<IReadOnlyList<SavedView>> ListAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var id = AccountId(person);
        return await Visible(db, id).OrderByDescending(row => row.AccountId == id).ThenBy(row => row.Name).ThenBy(row => row.Id).ToListAsync(cancel);
    }

    public async Task<(CallListChoice Choice, SavedView? Default)> ChoiceAsync(ClaimsPrincipal person, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var id = AccountId(person);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        var choice = await db.CallListChoices.AsNoTracking().SingleOrDefaultAsync(row => row.AccountId == id, cancel) ?? new CallListChoice { AccountId = id };
        var view = choice.DefaultView is { } wanted ? await Visible(db, id).SingleOrDefaultAsync(row => row.Id == wanted, cancel) : null;
        return (choice, view);
    }

    /// <summary>Keeps a view under a name; the same name again replaces one's own.</summary>
    /// <returns>What stands against it, in words; null when it was kept.</returns>
    public async Task<string?> KeepAsync(ClaimsPrincipal person, string name, string query, string? columns, CancellationToken cancel)
    {
        if (Unfit(name) is { } reason)
        {
            return reason;
        }

        if (query.Length > SavedView.QueryLength)
        {
            return T("The filter is longer than {0} characters.", SavedView.QueryLength);
        }

        var (id, trimmed) = (AccountId(person), name.Trim());
        return await WriteAsync(
            async db =>
            {
                var mine = await db.SavedViews.Where(row => row.AccountId == id).ToListAsync(cancel);
                var view = mine.Find(row => row.Name == trimmed);
                if (view is null && mine.Count >= MostPerPerson)
                {
                    return T("You have {0} views; delete one first.", MostPerPerson);
                }

                if (view is null)
                {
                    db.Add(view = new SavedView { AccountId = id, Name = trimmed, Query = query });
                }

                (view.Query, view.Columns, view.ChangedAt) = (query, columns, time.GetUtcNow());
                return null;
            },
            cancel);
    }

    public Task<string?> RenameAsync(ClaimsPrincipal person, int viewId, string name, CancellationToken cancel) => Unfit(name) is { } reason
        ? Task.FromResult<string?>(reason)
        : ChangeAsync(person, viewId, view => view.Name = name.Trim(), cancel);

    /// <summary>Shows a view to everybody, or to its owner alone.</summary>
    public Task<string?> ShareAsync(ClaimsPrincipal person, int viewId, bool shared, CancellationToken cancel) => Permissions.Allows(person, Permission.ShareViews)
        ? ChangeAsync(person, viewId, view => view.Shared = shared, cancel)
        : Task.FromResult<string?>(T("Your role does not allow this."));

    public Task<string?> DeleteAsync(ClaimsPrincipal person, int viewId, CancellationToken cancel)
    {
        var id = AccountId(person);
        return WriteAsync(
            async db =>
            {
                if (await db.SavedViews.Where(row => row.Id == viewId && row.AccountId == id).ExecuteDeleteAsync(cancel) == 0)
                {
                    return NotYours;
                }

                await db.CallListChoices.Where(row => row.DefaultView == viewId).ExecuteUpdateAsync(row => row.SetProperty(it => it.DefaultView, (int?)null), cancel);
                return null;
            },
            cancel);
    }

    /// <summary>The view the list opens with; null for all calls.</summary>
    public Task<string?> OpenWithAsync(ClaimsPrincipal person, int? viewId, CancellationToken cancel) => ChooseAsync(person, choice => choice.DefaultView = viewId, cancel);

    public Task<string?> ShowColumnsAsync(ClaimsPrincipal person, string? columns, CancellationToken cancel) => ChooseAsync(person, choice => choice.Columns = columns, cancel);

    private static string NotYours => T("Only whoever made a view can change it; it may have been deleted meanwhile.");

    private static IQueryable<SavedView> Visible(DashboardDb db, string id) => db.SavedViews.AsNoTracking().Where(row => row.AccountId == id || row.Shared);

    private static string AccountId(ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier) is { Length: <= 200 } id ? id : "";

    private static string? Unfit(string name) => name.Trim().Length is 0 or > SavedView.NameLength ? T("A name has 1 to {0} characters.", SavedView.NameLength) : null;

    private Task<string?> ChangeAsync(ClaimsPrincipal person, int viewId, Action<SavedView> change, CancellationToken cancel)
    {
        var id = AccountId(person);
        return WriteAsync(
            async db =>
            {
                if (await db.SavedViews.SingleOrDefaultAsync(row => row.Id == viewId && row.AccountId == id, cancel) is not { } view)
                {
                    return NotYours;
                }

                change(view);
                view.ChangedAt = time.GetUtcNow();
                return null;
            },
            cancel);
    }

    private Task<string?> ChooseAsync(ClaimsPrincipal person, Action<CallListChoice> change, CancellationToken cancel)
    {
        var id = AccountId(person);
        return WriteAsync(
            async db =>
            {
                var choice = await db.CallListChoices.SingleOrDefaultAsync(row => row.AccountId == id, cancel);
                if (choice is null)
                {
                    db.Add(choice = new CallListChoice { AccountId = id });
                }

                change(choice);
                return null;
            },
            cancel);
    }

    private async Task<string?> WriteAsync(Func<DashboardDb, Task<string?>> write, CancellationToken cancel)
    {
        await OffCircuit.Go();
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await write(db) is { } refusal)
        {
            return refusal;
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }
}
