using System.Globalization;

namespace AiRudder.Dashboard.Languages;

/// <summary>
/// The language and the formats of who reads a page, remembered for what happens to the page by itself: whoever tells it of news runs with the
/// culture of the server.
/// </summary>
public sealed class Reader
{
    private readonly CultureInfo formats = CultureInfo.CurrentCulture;
    private readonly CultureInfo words = CultureInfo.CurrentUICulture;

    /// <summary>Does it as if the reader had asked for it.</summary>
    public async Task RunAsync(Func<Task> work)
    {
        // Flows into what is awaited here, and not back to the caller.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (formats, words);
        await work();
    }
}
