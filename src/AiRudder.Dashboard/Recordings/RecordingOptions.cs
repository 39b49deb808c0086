using System.Globalization;

namespace AiRudder.Dashboard.Recordings;

/// <summary>From where, and how much of it, recordings are fetched.</summary>
public sealed class RecordingOptions
{
    public const string Section = "Recordings";

    /// <summary>Exact host names. A list in the configuration takes the place of this one.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = ["api.airudder.com"];

    /// <summary>Permits http, other ports and addresses that are not public for hosts on the list; an entry may then carry a port.</summary>
    public bool AllowInsecureDevelopmentHosts { get; set; }

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
    }

    private static bool IsHost(string entry, bool ports) =>
        entry.Length > 0 && !entry.Contains('@', StringComparison.Ordinal) &&
        Uri.TryCreate($"https://{entry}/", UriKind.Absolute, out var uri) &&
        uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.HostNameType != UriHostNameType.Unknown &&
        (ports ? true : uri.Host.Equals(entry, StringComparison.OrdinalIgnoreCase));
}
