namespace AiRudder.Dashboard.Intentions;

/// <summary>Business classes in the reader's words.</summary>
public static class MeaningWords
{
    public static readonly IReadOnlyList<Meaning> All = [.. Enum.GetValues<Meaning>().Where(meaning => meaning != Meaning.None)];

    public static IReadOnlyList<string> Names(Meaning meanings) => [.. All.Where(meaning => (meanings & meaning) != 0).Select(meaning => meaning.ToString())];

    public static string Of(Meaning meaning) => meaning switch
    {
        Meaning.HumanAnswered => T("human answered"),
        Meaning.RightParty => T("right party"),
        Meaning.WrongParty => T("wrong party"),
        Meaning.Promise => T("promise"),
        Meaning.Refusal => T("refusal"),
        Meaning.Dispute => T("dispute"),
        Meaning.AlreadyPaid => T("already paid"),
        Meaning.CallBack => T("call back"),
        Meaning.Conversion => T("conversion"),
        Meaning.NoResponse => T("no response"),
        Meaning.Machine => T("machine"),
        Meaning.Technical => T("technical"),
        _ => meaning.ToString(),
    };

    public static string List(Meaning meanings) => string.Join(", ", All.Where(meaning => (meanings & meaning) != 0).Select(Of));
}
