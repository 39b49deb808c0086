namespace AiRudder.Dashboard.Intentions;

/// <summary>
/// Meanings robots of a kind often give to their letters. A suggestion an administrator looks at and adopts for one robot: letters are
/// not comparable between robots, so that nothing here is ever assumed.
/// </summary>
public sealed record StarterSet(string Name, IReadOnlyList<StarterLabel> Labels)
{
    private const Meaning Right = Meaning.HumanAnswered | Meaning.RightParty;

    public static readonly IReadOnlyList<StarterSet> All =
    [
        new(Noted("Collection"),
        [
            new("A", Noted("Promises to pay"), 2, Right | Meaning.Promise),
            new("B", Noted("Already paid"), 7, Right | Meaning.AlreadyPaid),
            new("C", Noted("Asks for more time"), 3, Right | Meaning.CallBack),
            new("D", Noted("Disputes the debt"), 1, Right | Meaning.Dispute),
            new("E", Noted("Refuses"), 5, Right | Meaning.Refusal),
            new("F", Noted("No response"), 6, Meaning.NoResponse),
            new("G", Noted("Wrong number"), 4, Meaning.HumanAnswered | Meaning.WrongParty),
        ]),
        new(Noted("Telemarketing"),
        [
            new("A", Noted("Interested"), 2, Right | Meaning.Conversion),
            new("B", Noted("Wants details"), 1, Right),
            new("C", Noted("Call back"), 3, Right | Meaning.CallBack),
            new("D", Noted("Not interested"), 5, Right | Meaning.Refusal),
            new("E", Noted("Has it already"), 7, Right),
            new("F", Noted("No response"), 6, Meaning.NoResponse),
            new("G", Noted("Wrong number"), 4, Meaning.HumanAnswered | Meaning.WrongParty),
        ]),
        new(Noted("Info check"),
        [
            new("A", Noted("Verified"), 2, Right),
            new("B", Noted("Data differs"), 4, Right),
            new("C", Noted("Denies the application"), 5, Right | Meaning.Dispute),
            new("D", Noted("Wants a person"), 1, Right),
            new("E", Noted("Call later"), 3, Right | Meaning.CallBack),
            new("F", Noted("No response"), 6, Meaning.NoResponse),
            new("G", Noted("Wrong number"), 7, Meaning.HumanAnswered | Meaning.WrongParty),
        ]),
    ];

    /// <summary>Rows of the label table for one robot, in the reader's words: only labels it has really given.</summary>
    public IReadOnlyList<LabelMeaning> For(int connectionId, string? robot, IReadOnlyCollection<string> seen) =>
    [
        .. Labels.Where(label => seen.Contains(label.Label)).Select(label => new LabelMeaning
        {
            ConnectionId = connectionId, RobotHash = robot, Label = label.Label, Words = T(label.Words), Color = label.Color, Meanings = label.Meanings,
        }),
    ];
}

/// <summary>A suggestion for one letter.</summary>
public sealed record StarterLabel(string Label, string Words, int Color, Meaning Meanings);
