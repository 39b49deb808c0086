using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiRudder.Simulator;

/// <summary>One country's robots and the words they need; a file of the folder Scripts.</summary>
/// <remarks>
/// In every sentence <c>|</c> separates ways to say it, <c>{word}</c> is filled in and <c>{m/f}</c> picks by the
/// callee's gender. See <see cref="Wording"/> for the words.
/// </remarks>
internal sealed record Country
{
    public required string Iso { get; init; }

    public required string Zone { get; init; }

    /// <summary>Callee numbers; each # is a digit.</summary>
    public required string Phone { get; init; }

    public required MoneyStyle Money { get; init; }

    /// <summary>How a date is said, from {day} and {month}.</summary>
    public required string Date { get; init; }

    public required IReadOnlyList<string> Months { get; init; }

    /// <summary>Morning, afternoon, evening.</summary>
    public required IReadOnlyList<string> Greetings { get; init; }

    /// <summary>Ends of task names: morning, afternoon, whole day, night.</summary>
    public required IReadOnlyList<string> Sessions { get; init; }

    /// <summary>Invented people: m or f, a blank, the name.</summary>
    public required IReadOnlyList<string> People { get; init; }

    /// <summary>Words robots fill in.</summary>
    public required IReadOnlyDictionary<string, string> Words { get; init; }

    /// <summary>Sentences that paths call by @name.</summary>
    public required IReadOnlyDictionary<string, string> Lines { get; init; }

    /// <summary>Turns that can come up in the middle of any talk.</summary>
    public required IReadOnlyList<Turn> Detours { get; init; }

    public required IReadOnlyList<Robot> Robots { get; init; }
}

/// <param name="Pattern">How an amount is said, from {0}.</param>
/// <param name="Group">Between groups of digits.</param>
/// <param name="Indian">Groups of two above the thousands (1,25,000).</param>
/// <param name="Cents">Uploaded with two decimals ("3250.00").</param>
internal sealed record MoneyStyle(string Pattern, string Group, bool Indian = false, bool Cents = false);

/// <summary>A robot: what its letters mean is its own affair.</summary>
internal sealed record Robot
{
    public required string Hash { get; init; }

    /// <summary>The group's hash, when a group of robots shares the task.</summary>
    public string? Group { get; init; }

    public required string Task { get; init; }

    public required string Line { get; init; }

    /// <summary>The number shown to callees; each # is a digit.</summary>
    public required string Caller { get; init; }

    /// <summary>Lowest, highest and step of the amount it talks about.</summary>
    public required IReadOnlyList<int> Amount { get; init; }

    /// <summary>Fewest and most days past due; negative when it reminds before.</summary>
    public required IReadOnlyList<int> DaysLate { get; init; }

    public required IReadOnlyDictionary<string, string> Words { get; init; }

    /// <summary>Uploaded with each number.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What each intention letter means here.</summary>
    public required IReadOnlyDictionary<string, string> Letters { get; init; }

    /// <summary>The letter of numbers nobody answered.</summary>
    public required string Unreached { get; init; }

    /// <summary>Filled for Info Check only.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Lines { get; init; }

    public required IReadOnlyList<TalkPath> Paths { get; init; }

    public bool IsInfoCheck => Questions.Count > 0;
}

/// <param name="Name">Q1, Q2 …</param>
/// <param name="Content">Subject, such as NameCheck.</param>
/// <param name="Var">The uploaded value it is compared with, or a hyphen.</param>
internal sealed record Question(string Name, string Content, string Var = "-");

/// <summary>One way a talk can go.</summary>
internal sealed record TalkPath
{
    public required string Name { get; init; }

    public required int Weight { get; init; }

    public required string Letter { get; init; }

    public required string Summary { get; init; }

    public string Emotion { get; init; } = "neutral";

    /// <summary>Who hangs up: callee or robot.</summary>
    public string Ends { get; init; } = "callee";

    /// <summary>success or failed, for paths with a turn marked transfer.</summary>
    public string? Transfer { get; init; }

    public string TransferReason { get; init; } = "";

    public string Slots { get; init; } = "";

    public IReadOnlyList<string> Also { get; init; } = [];

    public IReadOnlyDictionary<string, string> Events { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Entities { get; init; } = new Dictionary<string, string>();

    public required IReadOnlyList<Turn> Turns { get; init; }
}

/// <summary>The robot's sentence, the callee's answer and marks.</summary>
/// <param name="Robot">Empty when the callee (or a machine) speaks first.</param>
/// <param name="Callee">Empty when nobody answers.</param>
/// <param name="Marks">? = left out now and then; transfer = the robot hands over after it; Q2=Yes, Q2=No:value, Q2=- = the answer to a question.</param>
[JsonConverter(typeof(TurnConverter))]
internal sealed record Turn(string Robot, string Callee, IReadOnlyList<string> Marks);

internal sealed class TurnConverter : JsonConverter<Turn>
{
    public override Turn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var parts = JsonSerializer.Deserialize<string[]>(ref reader, options);
        return parts is { Length: 2 or 3 }
            ? new Turn(parts[0], parts[1], parts.Length == 3 ? parts[2].Split(' ') : [])
            : throw new JsonException("A turn is [robot, callee] or [robot, callee, marks].");
    }

    public override void Write(Utf8JsonWriter writer, Turn value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new[] { value.Robot, value.Callee, string.Join(' ', value.Marks) }, options);
}

internal static class ScriptLibrary
{
    // Recordings name a country by its place here, so new ones go to the end.
    private static readonly string[] Files = ["id", "ph", "mx", "vn", "in", "br"];

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<Country> Countries { get; } = [.. Files.Select(Load)];

    private static Country Load(string file)
    {
        using var stream = typeof(ScriptLibrary).Assembly.GetManifestResourceStream($"Scripts/{file}.json")
            ?? throw new InvalidOperationException($"The script {file}.json is not embedded.");
        return JsonSerializer.Deserialize<Country>(stream, Options)!;
    }
}
