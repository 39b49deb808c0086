using AiRudder.Dashboard.Calls;
using AiRudder.Dashboard.Languages;
using AiRudder.Dashboard.Webhooks.Wire;

namespace AiRudder.Dashboard.Webhooks;

/// <summary>Why a delivery or a part of it was not understood, with values, as it is written down beside it.</summary>
public static class DeliveryReasons
{
    public static readonly string Uninterpreted = Noted("Kept as received: no description of '{0}' bodies is read yet.");
    public static readonly string Refused = Noted("{0} of {1} calls could not be read.");
    public static readonly string TriedAgain = Noted("Processing failed {0} times, last with {1}; it will be tried again.");
    public static readonly string GivenUp = Noted("Processing failed {0} times, last with {1}; replay it after an upgrade or repair.");
    public static readonly string TooDeep = Noted("A field beside details is nested deeper than {0} levels.");

    /// <summary>For whoever reads them.</summary>
    public static readonly KeptSentences Kept = new([CallDraft.AtPlace, Uninterpreted, Refused, TriedAgain, GivenUp, TooDeep, BodyDecoder.TooLarge, .. UnreadableBodyException.Sentences, .. CallDraft.Refusals])
    {
        Quoting = [Uninterpreted, Refused, TriedAgain, GivenUp, UnreadableBodyException.NotJson, .. CallDraft.Refusals],
    };
}
