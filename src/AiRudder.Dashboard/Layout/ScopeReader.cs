using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Layout;

/// <summary>Makes a <see cref="PageScope"/> of an address and the clock.</summary>
public sealed class ScopeReader(IDbContextFactory<DashboardDb> contexts, TimeProvider time)
{
    public async Task<IReadOnlyList<Connection>> ConnectionsAsync(CancellationToken cancel = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Connections.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancel);
    }

    public PageScope Read(string address, IReadOnlyList<Connection> connections)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query)
            .Where(pair => pair.Key.ToUpperInvariant() is "FROM" or "TO" or "CONNECTION" or "MEANINGSNOW");
        var (filter, errors) = CallFilter.Parse(query);
        var problem = string.Join(" ", errors);
        var chosen = connections.FirstOrDefault(row => string.Equals(row.Name, filter.Connection, StringComparison.OrdinalIgnoreCase));
        if (filter.Connection is { } name && chosen is null)
        {
            problem = T("There is no connection '{0}': all are shown. {1}", name, problem).TrimEnd();
        }

        var days = new LocalDays((chosen ?? (connections.Count > 0 ? connections[0] : null))?.TimeZone ?? "UTC");
        var today = days.DayOf(time.GetUtcNow());
        var from = filter.From ?? filter.To ?? today;
        var to = filter.To ?? (from > today ? from : today);
        return new PageScope
        {
            Connections = connections,
            Chosen = chosen,
            From = errors.Count > 0 ? today : from,
            To = errors.Count > 0 ? today : to,
            Today = today,
            MeaningsNow = filter.MeaningsNow == true,
            Problem = problem.Length > 0 ? problem : null,
        };
    }
}
