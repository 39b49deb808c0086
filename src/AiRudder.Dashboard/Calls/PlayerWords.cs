using System.Globalization;

namespace AiRudder.Dashboard.Calls;

/// <summary>What the player says in the browser, in the reader's language; player.js and sound.js call the words by their names here.</summary>
public static class PlayerWords
{
    public static object Now => new
    {
        point = CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator,
        play = T("Play"),
        pause = T("Pause"),
        skipped = T("Pauses are skipped"),
        unskipped = T("Pauses are played"),
        speed = T("{0}× speed"),
        position = T("{0} of {1}"),
        offset = T("offset {0} s for this robot"),
        offsetKept = T("Offset {0} seconds, kept for this robot"),
        offsetNotKept = T("Not kept: the call names no robot"),
        from = T("From {0} to …"),
        begins = T("Part begins at {0}"),
        loop = T("Loop"),
        repeating = T("Repeating {0}–{1}"),
        repeats = T("Repeats from {0} to {1}"),
        on = T("Plays on"),
        copied = T("Link copied"),
        address = T("The link is in the address bar"),
        unplayable = T("The browser cannot play this kind of sound."),
        unfetched = T("The recording could not be fetched ({0})"),
        unreached = T("The recording could not be fetched: no connection to this server."),
    };
}
