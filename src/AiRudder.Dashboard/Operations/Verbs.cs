using AiRudder.Dashboard.Storage;

namespace AiRudder.Dashboard.Operations;

/// <summary>What an operator does from the command line instead of starting the server.</summary>
public static class Verbs
{
    private const int Failed = 1;

    /// <summary>The verbs that are known; anything else that is no option is a mistake worth a sentence.</summary>
    public static readonly IReadOnlyList<string> All = ["migrate", "doctor"];

    /// <summary>The verb among the arguments: the first one, when it is no option.</summary>
    public static string? Of(string[] args) => args.Length > 0 && !args[0].StartsWith('-') && !args[0].Contains('=', StringComparison.Ordinal) ? args[0] : null;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string verb, WebApplication app)
    {
        switch (verb)
        {
            case "migrate":
                await app.PrepareStorageAsync();
                Console.WriteLine("The schema is up to date.");
                return 0;
            case "doctor":
                return await Doctor.RunAsync(app.Services, Console.Out) ? 0 : Failed;
            default:
                await Console.Error.WriteLineAsync($"'{verb}' is no verb; known are {string.Join(", ", All)}. Without a verb the server starts.");
                return SettingsCheck.ExitCode;
        }
    }
}
