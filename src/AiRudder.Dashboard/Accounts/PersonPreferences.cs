using System.Security.Claims;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Accounts;

/// <summary>Reads and writes a person's preferences. Programs with a token have none.</summary>
public sealed class PersonPreferences(IDbContextFactory<DashboardDb> contexts)
{
    /// <summary>Values by name, of those that begin like this.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(ClaimsPrincipal person, string prefix, CancellationToken cancel)
    {
        if (AccountId(person) is not { } id)
        {
            return new Dictionary<string, string>();
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await Of(db, id, prefix).ToDictionaryAsync(row => row.Name, row => row.Value, cancel);
    }

    public static IQueryable<PersonPreference> Of(DashboardDb db, string accountId, string prefix) =>
        db.Set<PersonPreference>().AsNoTracking().Where(row => row.AccountId == accountId && row.Name.StartsWith(prefix));

    public async Task WriteAsync(ClaimsPrincipal person, string name, string value, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, PersonPreference.NameLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, PersonPreference.ValueLength);
        if (AccountId(person) is not { } id)
        {
            return;
        }

        await using var db = await contexts.CreateDbContextAsync(cancel);
        if (await UpdateAsync(db, id, name, value, cancel))
        {
            return;
        }

        try
        {
            db.Add(new PersonPreference { AccountId = id, Name = name, Value = value });
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            // Another page of the same person was first; the later wish counts.
            await UpdateAsync(db, id, name, value, cancel);
        }
    }

    private static async Task<bool> UpdateAsync(DashboardDb db, string id, string name, string value, CancellationToken cancel) =>
        await db.Set<PersonPreference>().Where(row => row.AccountId == id && row.Name == name).ExecuteUpdateAsync(row => row.SetProperty(it => it.Value, value), cancel) > 0;

    private static string? AccountId(ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier) is { Length: <= 200 } id ? id : null;
}
