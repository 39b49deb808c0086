using System.Globalization;
using System.Net.Mail;

namespace AiRudder.Dashboard.Accounts;

/// <summary>What the configuration says about people and tokens.</summary>
public sealed class AccountSettings
{
    /// <summary>Shortest API token: 16 characters of base64url are 96 bits.</summary>
    public const int ShortestToken = 16;

    private static readonly TimeSpan ShortestIdle = TimeSpan.FromMinutes(1);

    public FirstAdministratorSettings? FirstAdministrator { get; private init; }

    public IReadOnlyList<ApiTokenSettings> ApiTokens { get; private init; } = [];

    /// <summary><c>Sessions:Idle</c>: a session ends after this long without anything its person did.</summary>
    public TimeSpan Idle { get; private init; } = TimeSpan.FromMinutes(30);

    /// <summary><c>Sessions:Longest</c>: a session ends this long after sign-in, whatever its person does.</summary>
    public TimeSpan Longest { get; private init; } = TimeSpan.FromHours(12);

    /// <summary><c>SignIn:AttemptsPerMinute</c>: tries of one source address before it is told to wait.</summary>
    public int AttemptsPerMinute { get; private init; } = 20;

    /// <summary><c>Circuits:PerPerson</c>: pages one person may have open at once.</summary>
    public int CircuitsPerPerson { get; private init; } = 5;

    /// <summary><c>Circuits:Most</c>: pages open at once on one node.</summary>
    public int Circuits { get; private init; } = 500;

    /// <summary>Reads what <see cref="Problems"/> found nothing wrong with; a wrong value is read as if it were not there.</summary>
    public static AccountSettings Read(IConfiguration configuration)
    {
        var standard = new AccountSettings();
        return new()
        {
            FirstAdministrator = configuration["FirstAdministrator:Email"] is { Length: > 0 } email && configuration["FirstAdministrator:Password"] is { Length: > 0 } password
                ? new(email, password)
                : null,
            ApiTokens = [.. Tokens(configuration).Where(token => Complaint(token) is null)
                .Select(token => new ApiTokenSettings(token["Name"]!, token["Token"]!, RoleOf(token["Role"])!.Value))],
            Idle = Duration(configuration["Sessions:Idle"]) ?? standard.Idle,
            Longest = Duration(configuration["Sessions:Longest"]) ?? standard.Longest,
            AttemptsPerMinute = Count(configuration["SignIn:AttemptsPerMinute"]) ?? standard.AttemptsPerMinute,
            CircuitsPerPerson = Count(configuration["Circuits:PerPerson"]) ?? standard.CircuitsPerPerson,
            Circuits = Count(configuration["Circuits:Most"]) ?? standard.Circuits,
        };
    }

    /// <summary>One sentence for each unusable setting: its name, what is wrong, what is allowed. Never a secret's value.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        var email = configuration["FirstAdministrator:Email"];
        var password = configuration["FirstAdministrator:Password"];
        if (string.IsNullOrEmpty(email) != string.IsNullOrEmpty(password))
        {
            yield return "FirstAdministrator:Email and FirstAdministrator:Password belong together: set both, or neither to be given a one-time link.";
        }
        else if (!string.IsNullOrEmpty(email) && !string.IsNullOrEmpty(password))
        {
            if (!IsEmail(email))
                yield return "FirstAdministrator:Email is not an e-mail address: write it like name@example.com.";

            foreach (var problem in PasswordRules.Problems(password, email))
                yield return $"FirstAdministrator:Password cannot be used: {problem}";
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in Tokens(configuration))
        {
            if (Complaint(token) is { } complaint)
                yield return complaint;
            else if (!seen.Add(token["Token"]!))
                yield return $"{token.Path}:Token is the same as another entry's: each API token needs a value of its own.";
        }

        foreach (var key in new[] { "Sessions:Idle", "Sessions:Longest" })
        {
            if (!string.IsNullOrEmpty(configuration[key]) && Duration(configuration[key]) is null)
                yield return $"{key} is not a duration of at least one minute: write it like 00:30:00.";
        }

        foreach (var key in new[] { "SignIn:AttemptsPerMinute", "Circuits:PerPerson", "Circuits:Most" })
        {
            if (!string.IsNullOrEmpty(configuration[key]) && Count(configuration[key]) is null)
                yield return $"{key} is not a whole number of at least 1.";
        }
    }

    public static bool IsEmail(string text) =>
        text.Length <= 256 && MailAddress.TryCreate(text, out var address) && address.Address == text;

    private static IEnumerable<IConfigurationSection> Tokens(IConfiguration configuration) => configuration.GetSection("ApiTokens").GetChildren();

    private static string? Complaint(IConfigurationSection token)
    {
        if (string.IsNullOrWhiteSpace(token["Name"]))
            return $"{token.Path}:Name is missing: every API token needs a name, so that it can be told apart.";

        if (token["Token"] is not { Length: >= ShortestToken } value)
            return $"{token.Path}:Token is too short: at least {ShortestToken} random characters are needed.";

        if (value.Any(letter => letter is <= ' ' or > '~'))
            return $"{token.Path}:Token holds a character that a header cannot carry: use letters, digits and - . _ ~ + / =.";

        return RoleOf(token["Role"]) is null
            ? $"{token.Path}:Role is not a role: use one of {string.Join(", ", Enum.GetNames<Role>())}."
            : null;
    }

    private static Role? RoleOf(string? text) =>
        Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(role => string.Equals(role.ToString(), text, StringComparison.OrdinalIgnoreCase));

    private static TimeSpan? Duration(string? text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && duration >= ShortestIdle ? duration : null;

    private static int? Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;
}

public sealed record FirstAdministratorSettings(string Email, string Password);

public sealed record ApiTokenSettings(string Name, string Token, Role Role);
