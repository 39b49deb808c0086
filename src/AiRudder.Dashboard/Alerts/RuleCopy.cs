using System.Globalization;
using System.Text.Json;

namespace AiRudder.Dashboard.Alerts;

/// <summary>A rule while it is written.</summary>
internal static class RuleCopy
{
    public static AlertRule Of(AlertRule rule) => JsonSerializer.Deserialize<AlertRule>(JsonSerializer.Serialize(rule))!;

    /// <summary>Without blanks, and without what its kind does not have.</summary>
    public static AlertRule Tidy(AlertRule rule)
    {
        (rule.Task, rule.Robot, rule.Label, rule.Word, rule.WebhookUrl, rule.MailTo) = (Text(rule.Task), Text(rule.Robot), Text(rule.Label), Text(rule.Word), Text(rule.WebhookUrl), Text(rule.MailTo));
        rule.Figure = rule.Kind is AlertKind.Figure or AlertKind.Feed ? rule.Figure : null;
        if (rule.Kind != AlertKind.Call)
        {
            (rule.Label, rule.Word, rule.Contradiction) = (null, null, false);
        }

        rule.Robot = rule.Kind is AlertKind.Figure or AlertKind.Call ? rule.Robot : null;
        rule.Task = rule.Kind == AlertKind.Feed ? null : rule.Task;
        rule.Below = rule.Kind != AlertKind.Silence && (rule.Kind != AlertKind.Figure || rule.Below);
        return rule;
    }

    public static string Say(PreviewAnswer answer) => answer.Openings.Count switch
    {
        0 when answer.Looks == 0 => T("In the last {0} days it would have said nothing: there were never enough calls.", RulePreview.Days),
        0 => T("Would not have opened in the last {0} days.", RulePreview.Days),
        var count => T(
            count,
            "Would have opened {0} time in the last {1} days, last on {2} UTC.",
            "Would have opened {0} times in the last {1} days, last on {2} UTC.",
            RulePreview.Days,
            answer.Openings[0].UtcDateTime.ToString(T("d MMM HH:mm"), CultureInfo.CurrentCulture)),
    };

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
