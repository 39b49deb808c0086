using System.Globalization;

namespace AiRudder.Dashboard.Recordings;

/// <summary>From where, and how much of it, recordings are fetched.</summary>
public sealed class RecordingOptions
{
    public const string Section = "Recordings";

    private const string RetentionSetting = "Retention:Audio";

    private static readonly TimeSpan LongestRetention = TimeSpan.FromDays(3650);

    /// <summary>Exact host names. A list in the configuration takes the place of this one.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = ["api.airudder.com"];

    /// <summary>Permits http, other ports and addresses that are not public for hosts on the list; an entry may then carry a port.</summary>
    public bool AllowInsecureDevelopmentHosts { get; set; }

    /// <summary>Fetch every recording into our own store while its link lives.</summary>
    public bool Keep { get; set; } = true;

    /// <summary>The program that decodes sound for waveforms, by name or path; empty leaves them to the browsers.</summary>
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary><c>Retention:Audio</c>: how long a kept sound stays after it was fetched.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    public long MaxBytes { get; set; } = 200L * 1024 * 1024;

    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>For one answer as a whole; a player that stops reading asks again for the rest.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(10);

    public static RecordingOptions Read(IConfiguration configuration)
    {
        var options = new RecordingOptions();
        Apply(configuration, options);
        return options;
    }

    public static void Apply(IConfiguration configuration, RecordingOptions options)
    {
        var section = configuration.GetSection(Section);

        // The binder adds a list to the defaults instead of taking their place.
        var hosts = section.GetSection(nameof(AllowedHosts)).GetChildren().Select(entry => entry.Value?.Trim() ?? "").ToList();
        options.AllowedHosts = [];
        section.Bind(options);
        options.AllowedHosts = hosts.Count > 0 ? hosts : new RecordingOptions().AllowedHosts;
        options.Retention = configuration.GetValue(RetentionSetting, new RecordingOptions().Retention);
    }

    /// <summary>One sentence for each setting that cannot be used.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var insecure = section[nameof(AllowInsecureDevelopmentHosts)];
        if (insecure is { Length: > 0 } && !bool.TryParse(insecure, out _))
        {
            yield return $"Recordings:AllowInsecureDevelopmentHosts is '{insecure}': it must be true or false.";
        }

        var ports = bool.TryParse(insecure, out var allowed) && allowed;
        foreach (var host in section.GetSection(nameof(AllowedHosts)).GetChildren().Select(entry => entry.Value?.Trim() ?? ""))
        {
            if (!IsHost(host, ports))
            {
                yield return $"Recordings:AllowedHosts has '{host}': it must be a host name such as api.airudder.com, without scheme, path{(ports ? "" : ", port")} or wildcard.";
            }
        }

        if (section[nameof(MaxBytes)] is { Length: > 0 } bytes && !(long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            yield return $"Recordings:MaxBytes is '{bytes}': it must be a whole number of bytes above 0.";
        }

        foreach (var name in new[] { nameof(FirstByteTimeout), nameof(TotalTimeout) })
        {
            if (section[name] is { Length: > 0 } text &&
                !(TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero && span <= TimeSpan.FromHours(24)))
            {
                yield return $"Recordings:{name} is '{text}': it must be a time such as 00:00:10, above zero and at most a day.";
            }
        }

        foreach (var problem in KeepingProblems(configuration))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> KeepingProblems(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section[nameof(Keep)] is { Length: > 0 } keep && !bool.TryParse(keep, out _))
        {
            yield return $"Recordings:Keep is '{keep}': it must be true or false.";
        }

        if (section[nameof(Ffmpeg)] is { Length: > 0 } ffmpeg && (Path.IsPathRooted(ffmpeg) ? !File.Exists(ffmpeg) : ffmpeg != Path.GetFileName(ffmpeg)))
        {
            yield return $"Recordings:Ffmpeg is '{ffmpeg}': it must be a program's name such as ffmpeg, the full path of a file that exists, or empty.";
        }

        if (configuration[RetentionSetting] is { Length: > 0 } text &&
            !(TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.FromHours(1) && span <= LongestRetention))
        {
            yield return $"{RetentionSetting} is '{text}': it must be days, such as 30, or a time such as 30.00:00:00, from an hour to ten years.";
        }
    }

    internal static bool IsHost(string entry, bool ports) =>
        entry.Length > 0 && !entry.Contains('@', StringComparison.Ordinal) &&
        Uri.TryCreate($"https://{entry}/", UriKind.Absolute, out var uri) &&
        uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.HostNameType != UriHostNameType.Unknown &&
        (ports ? true : uri.Host.Equals(entry, StringComparison.OrdinalIgnoreCase));
}
