using System.Text.Encodings.Web;
using System.Text.Json;
using AiRudder.Dashboard.Calls;

namespace AiRudder.Dashboard.Reviews;

/// <summary>What somebody wants to draw.</summary>
public sealed record SamplePlan
{
    public required string Name { get; init; }

    public CallFilter Filter { get; init; } = new();

    public StratifyBy By { get; init; }

    public Allocation Allocation { get; init; }

    public int Wanted { get; init; } = 30;

    public required string Seed { get; init; }

    /// <summary>Leave out calls somebody has reviewed.</summary>
    public bool WithoutReviewed { get; init; } = true;

    /// <summary>Leave out calls that cannot be heard.</summary>
    public bool WithoutRecording { get; init; } = true;

    /// <summary>Leave out shorter calls, seconds.</summary>
    public int? ShortestSeconds { get; init; }

    /// <summary>So many in a hundred of the drawn calls get two reviewers.</summary>
    public int DoublePercent { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Account id; null for anybody.</summary>
    public string? AssignTo { get; init; }

    /// <summary>What is wrong with it, in words; empty when nothing is.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        void Demand(bool fine, string sentence)
        {
            if (!fine)
            {
                problems.Add(sentence);
            }
        }

        Demand(Name.Trim().Length is > 0 and <= 100, T("The name must have 1 to 100 characters."));
        Demand(Wanted is >= 1 and <= 5000, T("Ask for 1 to 5,000 calls."));
        Demand(Seed.Trim().Length is > 0 and <= 100, T("The seed must have 1 to 100 characters."));
        Demand(ShortestSeconds is null or (>= 1 and <= 3600), T("The shortest call must have 1 to 3,600 seconds."));
        Demand(DoublePercent is >= 0 and <= 100, T("The share for two reviewers must be 0 to 100 %."));
        return problems;
    }
}

/// <summary>What a plan would draw from: the frame by stratum, and what was left out on the way.</summary>
public sealed record SampleFrame
{
    public required IReadOnlyList<FrameStratum> Strata { get; init; }

    public long AsOfLanding { get; init; }

    public long AsOfCall { get; init; }

    public int Fitting { get; init; }

    public int ExcludedReviewed { get; init; }

    public int ExcludedWithoutRecording { get; init; }

    public int ExcludedShort { get; init; }

    public int Size => Strata.Sum(stratum => stratum.Ids.Count);

    /// <summary>How many each stratum is to give.</summary>
    public IReadOnlyList<int> Allocate(SamplePlan plan) => Draw.Allocate(plan.Allocation, [.. Strata.Select(stratum => stratum.Ids.Count)], plan.Wanted);
}

/// <param name="Key">Its values, in the order of the flags.</param>
/// <param name="Ids">Its calls, ascending.</param>
public sealed record FrameStratum(StratumKey Key, IReadOnlyList<long> Ids);

/// <summary>The values that calls of one stratum share.</summary>
public sealed record StratumKey(string? Robot, string? Label, string? Hangup, int? Attempts)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string ToJson() => JsonSerializer.Serialize(new[] { Robot, Label, Hangup, Attempts?.ToString(System.Globalization.CultureInfo.InvariantCulture) }, Plain);

    public static StratumKey FromJson(string json)
    {
        var values = JsonSerializer.Deserialize<string?[]>(json)!;
        return new(values[0], values[1], values[2], values[3] is { } attempts ? int.Parse(attempts, System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    /// <summary>For people, for example "A · ByCallee · attempt 2".</summary>
    public string Words(StratifyBy by)
    {
        var parts = new List<string>();
        void Add(StratifyBy flag, string words)
        {
            if (by.HasFlag(flag))
            {
                parts.Add(words);
            }
        }

        Add(StratifyBy.Robot, Robot is { } robot ? T("robot {0}", VisibleText.Of(robot[..Math.Min(8, robot.Length)])) : T("no robot"));
        Add(StratifyBy.Label, Label is null ? T("no label") : T("label {0}", VisibleText.Of(Label)));
        Add(StratifyBy.Hangup, Hangup is null ? T("hang-up unknown") : VisibleText.Of(Hangup));
        Add(StratifyBy.Attempt, Attempts == MostAttempts ? T("attempt {0} or later", MostAttempts) : T("attempt {0}", Attempts));
        return parts.Count == 0 ? T("all calls") : string.Join(" · ", parts);
    }

    /// <summary>Later attempts are one stratum.</summary>
    public const int MostAttempts = 4;
}
