using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Metrics;
using AiRudder.Dashboard.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Alerts;

public static class AlertServices
{
    private const int LargestPage = 500;

    public static IServiceCollection AddAlerts(this IServiceCollection services, NodeRole role)
    {
        services.AddSingleton<IOptions<OutwardOptions>>(provider => Options.Create(OutwardOptions.Read(provider.GetRequiredService<IConfiguration>())));
        services.AddSingleton<Outward>();
        services.AddSingleton<AlertClaim>();
        services.AddSingleton<AlertReadings>();
        services.AddSingleton<AlertEvaluation>();
        services.AddSingleton<CallFollower>();
        services.AddSingleton<AlertSender>();
        services.AddSingleton<AlertQueries>();
        services.AddSingleton<AlertRules>();
        services.AddSingleton<RulePreview>();
        if (role.Shows())
        {
            services.AddHostedService<AlertKeeper>();
        }

        return services;
    }

    public static void MapAlerts(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<OutwardOptions>>().Value.Web.AllowInsecureDevelopmentHosts)
        {
            app.Logger.LogInsecureAlerts();
        }

        app.MapGroup("/api/alerts").WithTags("Alerts").RequireAuthorization(nameof(Permission.View)).MapGet("", ListAsync);
    }

    /// <summary><c>state=open</c> (not resolved; the default) or <c>all</c>; newest first, keyset paging by <c>cursor</c>.</summary>
    private static async Task<Results<Ok<AlertList>, ProblemHttpResult>> ListAsync(HttpContext http, AlertQueries alerts, ConnectionDirectory directory)
    {
        var errors = new List<string>();
        var limit = ApiFilter.Number(http.Request, "limit", 1, LargestPage, 100, errors);
        var cursor = http.Request.Query["cursor"].ToString();
        long? before = null;
        if (cursor.Length > 0)
        {
            before = long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
            if (before is null)
            {
                errors.Add($"cursor: '{cursor}' is not one that an answer named.");
            }
        }

        var state = http.Request.Query["state"].ToString();
        if (state is not ("" or "open" or "all"))
        {
            errors.Add($"state: '{state}' is not one of open, all.");
        }

        if (errors.Count > 0)
        {
            return ApiFilter.Refused(errors);
        }

        var page = await alerts.ListAsync(state != "all", before, limit, http.RequestAborted);
        return TypedResults.Ok(new AlertList([.. page.Select(alert => AlertAnswer.Of(alert, directory))], page.Count < limit ? null : page[^1].Id.ToString(CultureInfo.InvariantCulture)));
    }
}

/// <summary>A page of alerts.</summary>
public sealed record AlertList(IReadOnlyList<AlertAnswer> Items, string? Next);

/// <summary>An alert as scripts see it.</summary>
public sealed record AlertAnswer(
    string Id, int RuleId, string Rule, string? Connection, string State, string Words, double? Value, long? N, long Calls, bool Quiet,
    DateTimeOffset OpenedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, DateTimeOffset? ResolvedAt, string? ResolvedBy, string? Note)
{
    public static AlertAnswer Of(Alert alert, ConnectionDirectory directory) => new(
        alert.Id.ToString(CultureInfo.InvariantCulture), alert.RuleId, alert.Name, directory.ById.GetValueOrDefault(alert.ConnectionId)?.Name, AlertWords.Of(alert.State), alert.Words, alert.Value, alert.N, alert.Calls, alert.Quiet,
        alert.OpenedAt, alert.AcknowledgedAt, alert.AcknowledgedBy, alert.ResolvedAt, alert.ResolvedBy, alert.Note);
}

internal static partial class AlertLog
{
    [LoggerMessage(7000, LogLevel.Warning, "Alerts:AllowInsecureDevelopmentHosts is ON: alerts are posted over plain http and to private addresses. Never use this in production.")]
    public static partial void LogInsecureAlerts(this ILogger log);

    [LoggerMessage(7031, LogLevel.Error, "What was asked of an alert rule failed, reference {Reference}")]
    public static partial void LogRuleFailed(this ILogger log, Exception error, string reference);
}
