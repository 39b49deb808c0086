using AiRudder.Dashboard.Languages;

namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>What was odd about a field, by its path: written down beside the call.</summary>
public static class ReadingNotes
{
    public static readonly string Twice = Noted("{0} appears twice; the last one counts");
    public static readonly string Fraction = Noted("{0} has a fraction, which is cut off");
    public static readonly string NoNumber = Noted("{0} is not a number in range");
    public static readonly string NoTime = Noted("{0} is not a time");
    public static readonly string OtherKind = Noted("{0} is {1} where {2} is expected");

    public static readonly string AnObject = Noted("an object");
    public static readonly string AnArray = Noted("an array");
    public static readonly string SomeText = Noted("text");
    public static readonly string ANumber = Noted("a number");
    public static readonly string ATruthValue = Noted("a truth value");

    /// <summary>For whoever reads them.</summary>
    public static readonly KeptSentences Kept = new(Twice, Fraction, NoNumber, NoTime, OtherKind);
}
