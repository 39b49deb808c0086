namespace AiRudder.Dashboard.Intentions;

/// <summary>Business classes in words.</summary>
public static class MeaningWords
{
    public static readonly IReadOnlyList<Meaning> All = [.. Enum.GetValues<Meaning>().Where(meaning => meaning != Meaning.None)];

    public static IReadOnlyList<string> Names(Meaning meanings) => [.. All.Where(meaning => (meanings & meaning) != 0).Select(meaning => meaning.ToString())];

    public static string Of(Meaning meaning) => meaning switch
    {
        Meaning.HumanAnswered => "human answered",
        Meaning.RightParty => "right party",
        Meaning.WrongParty => "wrong party",
        Meaning.Promise => "promise",
        Meaning.Refusal => "refusal",
        Meaning.Dispute => "dispute",
        Meaning.AlreadyPaid => "already paid",
        Meaning.CallBack => "call back",
        Meaning.Conversion => "conversion",
        Meaning.NoResponse => "no response",
        Meaning.Machine => "machine",
        Meaning.Technical => "technical",
        _ => meaning.ToString(),
    };

    public static string List(Meaning meanings) => string.Join(", ", All.Where(meaning => (meanings & meaning) != 0).Select(Of));
}
