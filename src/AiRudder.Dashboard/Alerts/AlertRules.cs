using System.Net.Mail;
using AiRudder.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace AiRudder.Dashboard.Alerts;

/// <summary>The rules, as administrators keep them.</summary>
public sealed class AlertRules(IDbContextFactory<DashboardDb> contexts, WriteGate gate, Outward outward, TimeProvider time)
{
    /// <summary>The one thing wrong that does not keep anybody from a preview.</summary>
    public static string Nameless => T("Give the rule a name of at most 100 letters.");

    public async Task<IReadOnlyList<AlertRule>> ListAsync(CancellationToken cancel)
    {
        await OffCircuit.Go();
        await using var db = await contexts.CreateDbContextAsync(cancel);
        return await db.Set<AlertRule>().AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancel);
    }

    /// <summary>One sentence for each thing that is wrong with a rule.</summary>
    public IReadOnlyList<string> Problems(AlertRule rule)
    {
        var problems = new List<string>();
        void Check(bool good, string otherwise)
        {
            if (!good)
            {
                problems.Add(otherwise);
            }
        }

        Check(rule.Name.Trim().Length is > 0 and <= 100, Nameless);
        Check(rule.HoldMinutes is >= 0 and <= 1440 && rule.PauseMinutes is >= 0 and <= 10080 && rule.LeastN >= 0, T("Minutes and numbers must not be below zero, nor longer than a day (pause: a week)."));
        switch (rule.Kind)
        {
            case AlertKind.Figure:
                Check(rule.Figure is not null && AlertWords.Known(rule.Figure) is not null, T("Choose a figure."));
                Check(rule.Figure is null || FigureWindow.Knows(rule.Figure, rule.Window), T("This figure is known for whole days only: choose today or the last 7 days."));
                Check(rule.Recover is not { } well || (rule.Below ? well >= rule.Threshold : well <= rule.Threshold), T("Well again must lie on the good side of the threshold."));
                break;
            case AlertKind.Silence:
                Check(rule.Threshold is >= 1 and <= 1440, T("Nothing received for 1 to 1,440 minutes."));
                Check(rule.DialDays is > 0 and <= 0b111_1111, T("Choose at least one day of the week."));
                break;
            case AlertKind.Call:
                Check(rule.Label is not null || rule.Word is not null || rule.Contradiction, T("Say what a call must be: a label, a word, or a contradiction."));
                break;
            default:
                break;
        }

        foreach (var minutes in new[] { rule.DialFrom, rule.DialTo, rule.QuietFrom, rule.QuietTo })
        {
            Check(minutes is >= 0 and < 1440, T("Hours are written from 00:00 to 23:59."));
        }

        if (rule.WebhookUrl is { } url)
        {
            Check(url.Length <= AlertRule.LongestAddress, T("The address of the webhook is too long."));
            if (outward.Refuses(url) is { } refusal)
            {
                problems.Add(T(refusal));
            }
        }

        if (rule.MailTo is { } to)
        {
            Check(outward.CanMail, T("No mail server is set: Smtp:Host and Smtp:From."));
            Check(to.Length <= AlertRule.LongestAddress && to.Split(',').All(address => MailAddress.TryCreate(address.Trim(), out _)), T("Mail addresses are separated by commas."));
        }

        return [.. problems.Distinct()];
    }

    /// <summary>Adds a rule (id 0) or changes one.</summary>
    /// <param name="rule">As it shall be.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="newKey">Make a new key for the signatures; a rule that gets its first webhook gets one anyway.</param>
    /// <param name="cancel">Stops the queries.</param>
    /// <returns>What is wrong, or the new key of the signatures, to be shown once.</returns>
    public async Task<(IReadOnlyList<string> Problems, string? Key)> SaveAsync(AlertRule rule, string by, bool newKey, CancellationToken cancel)
    {
        await OffCircuit.Go();
        rule.Name = rule.Name.Trim();
        if (Problems(rule) is { Count: > 0 } problems)
        {
            return (problems, null);
        }

        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var old = rule.Id == 0 ? null : await db.Set<AlertRule>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == rule.Id, cancel);
        if (rule.Id != 0 && old is null)
        {
            return ([T("The rule was deleted meanwhile.")], null);
        }

        string? key = null;
        rule.BuiltIn = old?.BuiltIn ?? false;
        rule.WebhookSecret = rule.WebhookUrl is null ? null : old?.WebhookSecret;
        if (rule.WebhookUrl is not null && (newKey || rule.WebhookSecret is null))
        {
            (key, rule.WebhookSecret) = outward.NewSecret();
        }

        (rule.ChangedAt, rule.ChangedBy) = (time.GetUtcNow(), by);
        if (old is null)
        {
            db.Add(rule);
        }
        else
        {
            db.Update(rule);

            // What was seen under the old rule says nothing about the new one.
            await db.Set<AlertWatch>().Where(row => row.RuleId == rule.Id).ExecuteUpdateAsync(
                row => row.SetProperty(it => it.BeyondSince, (DateTimeOffset?)null).SetProperty(it => it.WellSince, (DateTimeOffset?)null), cancel);
        }

        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return ([], key);
    }

    /// <summary>Deletes a rule that people made; its alerts stay, resolved.</summary>
    public async Task<bool> DeleteAsync(int id, string by, CancellationToken cancel)
    {
        await OffCircuit.Go();
        var now = time.GetUtcNow();
        using var pen = await gate.EnterAsync(cancel);
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Set<AlertRule>().Where(row => row.Id == id && !row.BuiltIn).ExecuteDeleteAsync(cancel) == 0)
        {
            return false;
        }

        await db.Set<AlertWatch>().Where(row => row.RuleId == id).ExecuteDeleteAsync(cancel);
        await db.Set<Alert>().Where(row => row.RuleId == id && row.State != AlertState.Resolved).ExecuteUpdateAsync(
            row => row.SetProperty(it => it.State, AlertState.Resolved).SetProperty(it => it.ResolvedAt, now).SetProperty(it => it.ResolvedBy, by), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }
}
