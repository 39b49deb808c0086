using AiRudder.Dashboard.Intentions;

namespace AiRudder.Dashboard.Operations;

/// <summary>
/// What the letters of the demonstration's robots mean. An administrator would enter these; one letter (H of the
/// collection robot) is left out on purpose, so that the demo shows how a label waits for its meaning.
/// </summary>
public static class DemoLabels
{
    private const Meaning RightParty = Meaning.HumanAnswered | Meaning.RightParty;

    private static readonly (string Robot, (string Label, string Words, int Color, Meaning Meanings)[] Letters)[] Robots =
    [
        ("aa02a4c84e7a044fbaaedb0bda4d5a7d",
        [
            ("A", "Promises to pay", 2, RightParty | Meaning.Promise),
            ("B", "Already paid", 7, RightParty | Meaning.AlreadyPaid),
            ("C", "Asks for more time", 3, RightParty),
            ("D", "Wants a person", 1, RightParty),
            ("E", "Refuses", 5, RightParty | Meaning.Refusal),
            ("F", "Not reached", 6, Meaning.NoResponse),
            ("G", "Wrong number", 4, Meaning.HumanAnswered | Meaning.WrongParty),
        ]),
        ("5b1f0c7e92d84a6fb3e1d07c4a958e21",
        [
            ("A", "Interested", 2, RightParty | Meaning.Conversion),
            ("B", "Wants details", 1, RightParty),
            ("C", "Call back", 3, RightParty | Meaning.CallBack),
            ("D", "Not interested", 5, RightParty | Meaning.Refusal),
            ("E", "Already has it", 7, RightParty),
            ("F", "Do not call", 4, RightParty | Meaning.Refusal),
            ("G", "No response", 6, Meaning.NoResponse),
        ]),
        ("c121600117a2ffe838242322c20d375e",
        [
            ("A", "Verified", 2, RightParty),
            ("B", "Data differs", 4, RightParty),
            ("C", "Did not apply", 5, RightParty | Meaning.Dispute),
            ("D", "Wants a person", 1, RightParty),
            ("E", "Call later", 3, RightParty | Meaning.CallBack),
            ("F", "Not reached", 6, Meaning.NoResponse),
            ("G", "Wrong person", 7, Meaning.HumanAnswered | Meaning.WrongParty),
        ]),
    ];

    public static IEnumerable<LabelMeaning> For(int connectionId) => Robots.SelectMany(robot => robot.Letters.Select(letter => new LabelMeaning
    {
        ConnectionId = connectionId,
        RobotHash = robot.Robot,
        Label = letter.Label,
        Words = letter.Words,
        Color = letter.Color,
        Meanings = letter.Meanings,
        ValidFrom = DateTimeOffset.UnixEpoch,
    }));
}
