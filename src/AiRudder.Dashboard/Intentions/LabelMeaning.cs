namespace AiRudder.Dashboard.Intentions;

/// <summary>Business classes an administrator can give to a label; one label may have several.</summary>
[Flags]
public enum Meaning
{
    None = 0,
    HumanAnswered = 1 << 0,
    RightParty = 1 << 1,
    WrongParty = 1 << 2,
    Promise = 1 << 3,
    Refusal = 1 << 4,
    Dispute = 1 << 5,
    AlreadyPaid = 1 << 6,
    CallBack = 1 << 7,
    Conversion = 1 << 8,
    NoResponse = 1 << 9,
    Machine = 1 << 10,
    Technical = 1 << 11,
}

/// <summary>What one label of one robot means, and from when. Letters are not comparable between robots.</summary>
public sealed class LabelMeaning
{
    public int Id { get; set; }

    public int ConnectionId { get; set; }

    /// <summary>The robot, or null for every robot of the connection that has no row of its own.</summary>
    public string? RobotHash { get; set; }

    public required string Label { get; set; }

    /// <summary>Words shown beside the letter.</summary>
    public required string Words { get; set; }

    /// <summary>Number of the palette colour, 1 to 7.</summary>
    public int Color { get; set; }

    public Meaning Meanings { get; set; }

    public DateTimeOffset ValidFrom { get; set; }
}
