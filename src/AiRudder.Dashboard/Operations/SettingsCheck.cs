using System.Data.Common;
using System.Globalization;
using AiRudder.Dashboard.Accounts;
using AiRudder.Dashboard.Alerts;
using AiRudder.Dashboard.Connections;
using AiRudder.Dashboard.Recordings;
using AiRudder.Dashboard.Storage;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace AiRudder.Dashboard.Operations;

/// <summary>Looks at every setting before anything starts, and says all that is wrong at once.</summary>
public static class SettingsCheck
{
    /// <summary>The exit code for settings that cannot be used.</summary>
    public const int ExitCode = 2;

    /// <summary>One sentence for each wrong setting: its name, what is wrong, what is allowed.</summary>
    public static IReadOnlyList<string> Problems(IConfiguration configuration) =>
    [
        .. Words<StorageProvider>(configuration, "Storage:Provider"),
        .. Words<NodeRole>(configuration, "Role"),
        .. Number(configuration, "Webhooks:MaxBodyBytes", 1, int.MaxValue),
        .. Number(configuration, "Webhooks:MaxUploadBytes", 1, long.MaxValue),
        .. Duration(configuration, "Webhooks:QuietAlarm", TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
        .. Number(configuration, "Webhooks:QueueLength", 1, 1_000_000),
        .. Duration(configuration, "Webhooks:StoreTimeout", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(55)),
        .. Duration(configuration, "Live:PollInterval", TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)),
        .. Truth(configuration, "Webhooks:AllowPlainHttp"),
        .. RecordingOptions.Problems(configuration),
        .. OutwardOptions.Problems(configuration),
        .. Database(configuration),
        .. ConnectionSettings.Problems(configuration),
        .. Proxies.Problems(configuration),
        .. AccountSettings.Problems(configuration),
    ];

    private static IEnumerable<string> Database(IConfiguration configuration)
    {
        var server = string.Equals(configuration["Storage:Provider"], nameof(StorageProvider.SqlServer), StringComparison.OrdinalIgnoreCase);
        var text = configuration.GetConnectionString("Dashboard");
        if (string.IsNullOrWhiteSpace(text))
        {
            if (server)
            {
                yield return "ConnectionStrings:Dashboard is missing; with Storage:Provider SqlServer it needs a SQL Server connection string.";
            }

            yield break;
        }

        // Never repeated: it may hold a password.
        if (!IsReadable(server ? new SqlConnectionStringBuilder() : new SqliteConnectionStringBuilder(), text))
        {
            yield return server
                ? "ConnectionStrings:Dashboard cannot be read; with Storage:Provider SqlServer it needs a SQL Server connection string."
                : "ConnectionStrings:Dashboard cannot be read; with Storage:Provider Sqlite it is written like 'Data Source=/path/dashboard.db', or left out.";
        }
    }

    private static bool IsReadable(DbConnectionStringBuilder builder, string text)
    {
        try
        {
            builder.ConnectionString = text;
            return true;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Words<TEnum>(IConfiguration configuration, string name)
        where TEnum : struct, Enum
    {
        if (configuration[name] is { Length: > 0 } text && (!Enum.TryParse<TEnum>(text, ignoreCase: true, out var word) || !Enum.IsDefined(word) || !char.IsAsciiLetter(text[0])))
        {
            yield return $"{name} '{text}' is not known; allowed are {string.Join(", ", Enum.GetNames<TEnum>())}.";
        }
    }

    private static IEnumerable<string> Number(IConfiguration configuration, string name, long least, long most)
    {
        if (configuration[name] is { Length: > 0 } text &&
            !(long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most))
        {
            yield return $"{name} '{text}' is not usable; allowed is a whole number from {least} to {most}.";
        }
    }

    private static IEnumerable<string> Duration(IConfiguration configuration, string name, TimeSpan least, TimeSpan most)
    {
        if (configuration[name] is { Length: > 0 } text &&
            !(TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && duration >= least && duration <= most))
        {
            yield return $"{name} '{text}' is not usable; allowed is a duration written hh:mm:ss from {least} to {most}.";
        }
    }

    private static IEnumerable<string> Truth(IConfiguration configuration, string name)
    {
        if (configuration[name] is { Length: > 0 } text && !bool.TryParse(text, out _))
        {
            yield return $"{name} '{text}' is not usable; allowed are true and false.";
        }
    }
}
