namespace AiRudder.Dashboard.Accounts;

/// <summary>One data-protection key, so that every node reads the others' cookies.</summary>
public sealed class DataKey
{
    public int Id { get; set; }

    public required string Name { get; set; }

    public required string Xml { get; set; }
}
