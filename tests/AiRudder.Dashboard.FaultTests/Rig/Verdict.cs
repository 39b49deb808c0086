namespace AiRudder.Dashboard.FaultTests.Rig;

/// <summary>What one fault showed: a line of the table and the sentences below it.</summary>
internal sealed class Verdict
{
    private readonly List<string> notes = [];

    public int Attempted { get; private set; }

    public int Acknowledged { get; private set; }

    public int Present { get; private set; }

    public int Lost { get; private set; }

    public int Doubled { get; private set; }

    public int Unexpected { get; private set; }

    public string? SkippedBecause { get; private set; }

    public bool IsGood => SkippedBecause is not null || (Lost == 0 && Doubled == 0 && Unexpected == 0);

    public string Word => SkippedBecause is not null ? "skipped" : IsGood ? "good" : "BAD";

    public IReadOnlyList<string> Notes => notes;

    public void Count(Ledger ledger)
    {
        Attempted += ledger.Attempted;
        Acknowledged += ledger.Acknowledged.Count;
        foreach (var group in ledger.Complaints.GroupBy(complaint => complaint))
        {
            Wrong(group.Key, group.Count());
        }
    }

    public void Count(int present, int lost, int doubled)
    {
        Present += present;
        Lost += lost;
        Doubled += doubled;
    }

    /// <summary>For a rig that must see loss: the loss it saw is what was wanted.</summary>
    public void LossWasWanted()
    {
        if (Lost == 0)
        {
            Wrong("nothing was lost, so the rig cannot see loss");
        }

        Note($"{Lost} lost, as they had to be: the rig sees loss");
        Lost = 0;
    }

    public void Wrong(string what, int times = 1)
    {
        Unexpected += times;
        notes.Add(times == 1 ? $"! {what}" : $"! {what} ({times} times)");
    }

    public void Demand(bool condition, string otherwise)
    {
        if (!condition)
        {
            Wrong(otherwise);
        }
    }

    public void Note(string what) => notes.Add(what);

    public void Skip(string reason) => SkippedBecause = reason;
}
