using AiRudder.Dashboard.Languages;

namespace AiRudder.Dashboard.Metrics;

/// <summary>What a figure is about; the glossary's order.</summary>
public enum FigureSection
{
    Volume,
    Reach,
    Outcomes,
    Talk,
    Transfers,
    Quality,
}

/// <summary>
/// What a figure is: its name for scripts, its words for people, and its computation. Tiles, tables, the glossary, the API and alerts all
/// read it from here, so that no two of them can disagree. Its words are kept in English and given in the reader's language.
/// </summary>
public sealed record FigureDefinition
{
    /// <summary>Name in the API, and anchor in the glossary.</summary>
    public required string Name { get; init; }

    /// <summary>Title, with the unit it is counted by where two are possible.</summary>
    public required string Words { get => T(field); init; }

    /// <summary>Title where there is little room.</summary>
    public string Brief { get => field is null ? Words : T(field); init; }

    public required FigureSection Section { get; init; }

    /// <summary>How it is computed, as a person reads it.</summary>
    public required string Formula { get => T(field); init; }

    public required FigureUnit Unit { get; init; }

    /// <summary>What is counted or summed, after a number: "connected attempts".</summary>
    public required string Numerator { get => T(field); init; }

    /// <summary>Out of what, after a number; null for a plain count.</summary>
    public string? Denominator { get => field is null ? null : T(field); init; }

    /// <summary>Provisional while tasks in scope are not complete.</summary>
    public bool MovesWithTasks { get; init; } = true;

    /// <summary>It counts labels by what an administrator said they mean: whatever has no meaning is missing in it.</summary>
    public bool RestsOnMeanings { get; init; }

    /// <summary>When it cannot be known, beside "nothing to divide by"; null when it always can.</summary>
    public string? UnknownWhen { get => field is null ? null : T(field); init; }

    /// <summary>What it must not be taken for.</summary>
    public string? Caution { get => field is null ? null : T(field); init; }

    /// <summary>Numerator and denominator, or the reason why they cannot be known.</summary>
    public required Func<Totals, Parts> Read { get; init; }

    public Figure Compute(Totals totals)
    {
        if (totals.Unknown is { } unknown)
        {
            return new(null, null, null, Unit, false, unknown);
        }

        var (numerator, denominator, reason) = Read(totals);
        var provisional = MovesWithTasks && totals.Incomplete is not null;
        var figure = (numerator, denominator) switch
        {
            _ when reason is not null => new Figure(null, numerator, denominator, Unit, provisional, reason),
            (null, _) => new Figure(null, null, denominator, Unit, provisional, Noted("Not known.")),
            ({ } above, _) when Unit == FigureUnit.Count => new Figure(above, above, null, Unit, provisional, provisional ? totals.Incomplete : null),
            ({ } above, > 0 and { } below) => new Figure((double)above / below, above, below, Unit, provisional, provisional ? totals.Incomplete : null),
            ({ } above, _) => new Figure(null, above, denominator, Unit, provisional, Noted("Nothing to divide by: none in this period.")),
        };
        return RestsOnMeanings ? figure with { Unmapped = new(totals.Unmapped, totals.Calls.Connected) } : figure;
    }
}

/// <summary>Numerator and denominator; or a reason.</summary>
public readonly record struct Parts(long? Numerator, long? Denominator = null, Said? Reason = null);

/// <summary>A definition as scripts see it.</summary>
public sealed record DefinitionAnswer(
    string Name, string Title, string Section, string Formula, string Unit, string Numerator, string? Denominator, bool ProvisionalWithTasks, bool RestsOnMeanings, string? UnknownWhen, string? Caution)
{
    public static DefinitionAnswer Of(FigureDefinition it) =>
        new(it.Name, it.Words, FigureText.Section(it.Section), it.Formula, FigureText.Unit(it.Unit), it.Numerator, it.Denominator, it.MovesWithTasks, it.RestsOnMeanings, it.UnknownWhen, it.Caution);
}
