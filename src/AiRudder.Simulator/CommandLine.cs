using System.Globalization;

namespace AiRudder.Simulator;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CommandLine
{
    public const string Help = """
        Posts AIRUDDER webhook traffic to any address, and serves the recordings its calls link to.

        usage: AiRudder.Simulator --url URL [options]

        Traffic
          --url URL                   where to post, token included
          --seed N                    the same seed at the same start makes the same bytes (1)
          --country ID,PH             out of ID, PH, MX, VN, IN, BR (all)
          --zone Asia/Jakarta         zone of the local times in the bodies (the first country's)
          --rate N                    answered calls per minute (20)
          --count N                   stop after N calls
          --duration 00:05:00         stop live traffic after that time; 0 for history only
          --history-days N            first post the calls of the last N days
          --history-calls-per-day N   finished numbers per day of history, answered or not (400)
          --retry-factor N            retry N times faster than each minute (1)
          --duplicates 0.02           share of bodies posted twice

        Recordings
          --recordings-port N         port on 127.0.0.1, 0 for any (5090)
          --no-recordings             calls without recording links

        Instead of traffic
          --batch N                   one aggregated body with N unanswered numbers
          --sample FILE               the exact bytes of a file
          --copies N                  with --batch or --sample: post it N times (1)
          --hostile                   a catalogue of misbehaving bodies; prints name, bytes, status

        Anything
          --record DIR                write each different body to a file; without --url nothing is posted
          --help                      this text

        Exit code: 0 fine, 1 something was dropped after five retries, 2 options or files unusable.
        """;

    private static readonly Uri Nowhere = new("http://nowhere.invalid/");

    public required TrafficOptions Traffic { get; init; }

    /// <summary>False when bodies are only recorded.</summary>
    public bool Posts { get; private init; }

    public TimeSpan? Duration { get; private init; }

    public int RecordingsPort { get; private init; } = 5090;

    public bool ServesRecordings { get; private init; } = true;

    public int? Batch { get; private init; }

    public int Copies { get; private init; } = 1;

    public string? Sample { get; private init; }

    public bool Hostile { get; private init; }

    public string? Record { get; private init; }

    private TimeZoneInfo? ZoneAskedFor { get; init; }

    /// <exception cref="FormatException">Says in one sentence what is wrong.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine { Traffic = new TrafficOptions { Webhook = Nowhere } };
        for (var at = 0; at < arguments.Count; at++)
        {
            var equals = arguments[at].IndexOf('=', StringComparison.Ordinal);
            var option = equals < 0 ? arguments[at] : arguments[at][..equals];
            var inline = equals < 0 ? null : arguments[at][(equals + 1)..];

            string Value() => inline ?? (++at < arguments.Count ? arguments[at] : throw new FormatException($"{option} needs a value."));

            var traffic = line.Traffic;
            line = option switch
            {
                "--url" => line with { Posts = true, Traffic = traffic with { Webhook = Address(Value()) } },
                "--seed" => line with { Traffic = traffic with { Seed = Whole(option, Value(), int.MinValue) } },
                "--country" => line with { Traffic = traffic with { Countries = Countries(Value()) } },
                "--rate" => line with { Traffic = traffic with { CallsPerMinute = Positive(option, Value()) } },
                "--count" => line with { Traffic = traffic with { MaxCalls = Whole(option, Value(), 1) } },
                "--duration" => line with { Duration = Time(option, Value()) },
                "--history-days" => line with { Traffic = traffic with { History = TimeSpan.FromDays(Whole(option, Value(), 0)) } },
                "--history-calls-per-day" => line with { Traffic = traffic with { HistoryCallsPerDay = Whole(option, Value(), 0) } },
                "--retry-factor" => line with { Traffic = traffic with { RetryFactor = Positive(option, Value()) } },
                "--duplicates" => line with { Traffic = traffic with { DuplicateShare = Share(option, Value()) } },
                "--recordings-port" => line with { RecordingsPort = Whole(option, Value(), 0, 65535) },
                "--batch" => line with { Batch = Whole(option, Value(), 1) },
                "--copies" => line with { Copies = Whole(option, Value(), 1) },
                "--sample" => line with { Sample = Value() },
                "--record" => line with { Record = Value() },
                "--hostile" => line with { Hostile = true },
                "--zone" => line with { ZoneAskedFor = Zone(Value()) },
                "--no-recordings" => line with { ServesRecordings = false },
                _ => throw new FormatException($"Unknown option '{option}'; --help lists them all."),
            };
        }

        return line.Checked();
    }

    private CommandLine Checked()
    {
        if (!Posts && (Record is null || Hostile))
        {
            throw new FormatException("--url is missing: the address to post to, or --record DIR to write bodies only.");
        }

        if (Sample is not null && !File.Exists(Sample))
        {
            throw new FormatException($"--sample: there is no file '{Sample}'.");
        }

        var country = Traffic.Countries?[0] ?? ScriptLibrary.Countries[0].Iso;
        return this with
        {
            ServesRecordings = ServesRecordings && Sample is null && Batch is null,
            Traffic = Traffic with { Zone = ZoneAskedFor ?? Zone(ScriptLibrary.Countries.First(known => known.Iso == country).Zone) },
        };
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FormatException($"--url: '{text}' is not an http or https address.");

    private static string[] Countries(string text)
    {
        string[] codes = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(code => code.ToUpperInvariant())];
        var known = ScriptLibrary.Countries.Select(country => country.Iso).ToList();
        return codes.Length > 0 && codes.All(known.Contains)
            ? codes
            : throw new FormatException($"--country: '{text}' must be out of {string.Join(", ", known)}.");
    }

    private static TimeZoneInfo Zone(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : throw new FormatException($"--zone: no zone is called '{id}'.");

    private static int Whole(string option, string text, int least, int most = int.MaxValue) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{option}: '{text}' is not a whole number from {least} to {most}.");

    private static double Positive(string option, string text) =>
        Number(text) is { } number && number > 0 && double.IsFinite(number)
            ? number
            : throw new FormatException($"{option}: '{text}' is not a number above 0.");

    private static double Share(string option, string text) =>
        Number(text) is { } share and >= 0 and <= 1
            ? share
            : throw new FormatException($"{option}: '{text}' is not a share from 0 to 1.");

    private static TimeSpan Time(string option, string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero
            ? time
            : throw new FormatException($"{option}: '{text}' is not a time such as 00:05:00.");

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
