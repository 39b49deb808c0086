using System.Security.Claims;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Reviews;

/// <summary>The people behind the account ids that reviews and notes keep.</summary>
internal static class Reviewers
{
    /// <summary>The account of whoever is signed in.</summary>
    public static string Id(ClaimsPrincipal person) => person.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";

    /// <summary>E-mail addresses by account id. Read apart from other tables: on SQL Server both sides' ids compare by different rules.</summary>
    public static Task<Dictionary<string, string>> NamesAsync(DashboardDb db, CancellationToken cancel) =>
        db.Users.AsNoTracking().Where(account => account.Email != null).ToDictionaryAsync(account => account.Id, account => account.Email!, cancel);

    public static string Name(IReadOnlyDictionary<string, string> people, string? id) => id is null ? "" : people.GetValueOrDefault(id, T("a former account"));
}
