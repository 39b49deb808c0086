using System.Runtime.InteropServices;
using AiRudder.Dashboard.Accounts.Audit;
using AiRudder.Dashboard.Metrics.Rollups;
using AiRudder.Dashboard.Storage;
using AiRudder.Dashboard.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AiRudder.Dashboard.Operations;

/// <summary>What an operator does from the command line instead of starting the server.</summary>
public static class Verbs
{
    /// <summary>The exit code of a command that could not do what was asked.</summary>
    public const int Failed = 1;

    private const string Backup = "backup";
    private const string Restore = "restore";
    private const string Force = "--force";
    private const string FilesOnly = "--files-only";

    /// <summary>The verbs that are known; anything else that is no option is a mistake worth a sentence.</summary>
    public static readonly IReadOnlyList<string> All = ["migrate", Backup, Restore, "doctor", "recompute", "verify-audit"];

    /// <summary>The verb among the arguments: the first one, when it is no option.</summary>
    public static string? Of(string[] args) => args.Length > 0 && !args[0].StartsWith('-') && !args[0].Contains('=', StringComparison.Ordinal) ? args[0] : null;

    /// <summary>The arguments that are settings. A path that begins with a slash would be taken for the name of one, and its neighbour for the value.</summary>
    public static string[] SettingsOf(string[] args) => Of(args) is Backup or Restore ? [.. args.Skip(FileOf(args) is null ? 1 : 2).Where(arg => arg is not (Force or FilesOnly))] : args;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string verb, WebApplication app, string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await RunAsync(verb, app, args, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was changed.");
        }
        catch (Exception error) when (error is OperationException or DataDirectoryException)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }
        catch (Exception error) when (verb is Backup or Restore && error is IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            await Console.Error.WriteLineAsync($"'{verb}' failed: {error.Message.ReplaceLineEndings(" ")}");
        }

        return Failed;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> RunAsync(string verb, WebApplication app, string[] args, CancellationToken cancel)
    {
        var services = app.Services;
        switch (verb)
        {
            case "migrate":
                await app.PrepareStorageAsync();
                Console.WriteLine("The schema is up to date.");
                return 0;
            case "doctor":
                return await Doctor.RunAsync(services, Console.Out, cancel) ? 0 : Failed;
            case "recompute":
                await app.PrepareStorageAsync();
                return await RecomputeVerb.RunAsync(services, Console.Out, cancel) ? 0 : Failed;
            case "verify-audit":
                return await VerifyAuditAsync(services, cancel) ? 0 : Failed;
            case Backup or Restore when FileOf(args) is null:
                await Console.Error.WriteLineAsync($"'{verb}' needs the name of a file, such as: {verb} /backups/dashboard.zip");
                return SettingsCheck.ExitCode;
            case Backup:
                return await BackUpAsync(services, args, cancel) ? 0 : Failed;
            case Restore:
                await new Operations.Restore(
                    services.GetRequiredService<IOptions<StorageOptions>>(), services.GetRequiredService<DataDirectory>(), services.GetRequiredService<IDbContextFactory<DashboardDb>>(),
                    services.GetRequiredService<TimeProvider>(), Console.Out).ReadAsync(FileOf(args)!, args.Contains(Force), cancel);
                return 0;
            default:
                await Console.Error.WriteLineAsync($"'{verb}' is no verb; known are {string.Join(", ", All)}. Without a verb the server starts.");
                return SettingsCheck.ExitCode;
        }
    }

    private static async Task<bool> VerifyAuditAsync(IServiceProvider services, CancellationToken cancel)
    {
        var (entries, last, problem) = await services.GetRequiredService<AuditLog>().VerifyAsync(cancel);
        Console.WriteLine(problem is null
            ? entries == 0 ? "The audit log is empty." : $"{entries} entries, each sealing the one before it; the last seal is {last}. Keep it elsewhere: a later check must find it again."
            : $"The audit log is not as it was written: {problem}. {entries} entries before that are whole.");
        return problem is null;
    }

    /// <summary>On SQL Server the database is not in the file: who runs this every night must not take it for a whole backup unless he says that he knows.</summary>
    private static async Task<bool> BackUpAsync(IServiceProvider services, string[] args, CancellationToken cancel)
    {
        var storage = services.GetRequiredService<IOptions<StorageOptions>>();
        var whole = await new Operations.Backup(storage, services.GetRequiredService<DataDirectory>(), services.GetRequiredService<IInboxStore>(), services.GetRequiredService<TimeProvider>(), Console.Out)
            .WriteAsync(FileOf(args)!, args.Contains(Force), cancel);
        if (storage.Value.Provider == StorageProvider.SqlServer && !args.Contains(FilesOnly))
        {
            await Console.Error.WriteLineAsync($"The files are backed up, the database is not: that is SQL Server's BACKUP DATABASE. With {FilesOnly} this is no failure.");
            return false;
        }

        return whole;
    }

    private static string? FileOf(string[] args) => args.Length > 1 && !args[1].StartsWith('-') ? args[1] : null;
}
