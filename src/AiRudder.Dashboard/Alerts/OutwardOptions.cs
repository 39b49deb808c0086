using System.Globalization;
using System.Net.Mail;
using AiRudder.Dashboard.Recordings;

namespace AiRudder.Dashboard.Alerts;

/// <summary>Where alerts may be sent to, and through which mail server.</summary>
public sealed class OutwardOptions
{
    private const string Hosts = "Alerts:AllowedHosts";

    private const string Insecure = "Alerts:AllowInsecureDevelopmentHosts";

    /// <summary>Guards of the hosts, the same as those of recordings: exact names, https on port 443, public addresses only.</summary>
    public RecordingOptions Web { get; } = new() { AllowedHosts = [] };

    /// <summary>Null: no mail can be sent.</summary>
    public string? Host { get; private set; }

    public int Port { get; private set; } = 587;

    public string? From { get; private set; }

    public string? User { get; private set; }

    public string? Password { get; private set; }

    public bool UseTls { get; private set; } = true;

    public static OutwardOptions Read(IConfiguration configuration)
    {
        var smtp = configuration.GetSection("Smtp");
        var options = new OutwardOptions
        {
            Host = Text(smtp["Host"]), Port = smtp.GetValue("Port", 587), From = Text(smtp["From"]), User = Text(smtp["User"]), Password = Text(smtp["Password"]), UseTls = smtp.GetValue("UseTls", true),
        };
        options.Web.AllowedHosts = [.. configuration.GetSection(Hosts).GetChildren().Select(entry => entry.Value?.Trim() ?? "")];
        options.Web.AllowInsecureDevelopmentHosts = configuration.GetValue(Insecure, false);
        return options;
    }

    /// <summary>One sentence for each setting that cannot be used.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        foreach (var name in new[] { Insecure, "Smtp:UseTls" })
        {
            if (configuration[name] is { Length: > 0 } text && !bool.TryParse(text, out _))
            {
                yield return $"{name} '{text}' is not usable; allowed are true and false.";
            }
        }

        var ports = bool.TryParse(configuration[Insecure], out var insecure) && insecure;
        foreach (var host in configuration.GetSection(Hosts).GetChildren().Select(entry => entry.Value?.Trim() ?? "").Where(host => !RecordingOptions.IsHost(host, ports)))
        {
            yield return $"{Hosts} has '{host}': it must be a host name such as hooks.example.com, without scheme, path{(ports ? "" : ", port")} or wildcard.";
        }

        if (configuration["Smtp:Port"] is { Length: > 0 } port && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536))
        {
            yield return $"Smtp:Port '{port}' is not usable; allowed is a whole number from 1 to 65535.";
        }

        var server = Text(configuration["Smtp:Host"]);
        var from = Text(configuration["Smtp:From"]);
        if (server is not null && Uri.CheckHostName(server) == UriHostNameType.Unknown)
        {
            yield return $"Smtp:Host '{server}' is not usable; it must be the name of a mail server such as mail.example.com.";
        }

        if (server is not null && (from is null || !MailAddress.TryCreate(from, out _)))
        {
            yield return $"Smtp:From '{from}' is not usable; with Smtp:Host it must be a mail address such as dashboard@example.com.";
        }
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
