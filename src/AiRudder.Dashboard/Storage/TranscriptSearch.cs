namespace AiRudder.Dashboard.Storage;

/// <summary>
/// Finds calls by what was said. Words are always one phrase, whatever signs they hold. SQLite keeps an index of its own, which
/// follows what lands; SQL Server reads the texts themselves.
/// </summary>
public interface ITranscriptSearch
{
    /// <summary>There is an index, and somebody has to keep it.</summary>
    bool HasIndex { get; }

    /// <summary>The index finds these words without reading calls: not when they are shorter than its pieces.</summary>
    bool IsIndexed(string words);

    /// <summary>Ids of the calls, of those between two ids, in whose transcript or summary the words stand; to be composed with.</summary>
    IQueryable<long> Saying(string words, long first = 0, long last = long.MaxValue);

    /// <summary>Calls whose text changed after they had landed, and which the index has not seen since.</summary>
    Task<IReadOnlyList<long>> ChangedAsync(int most, CancellationToken cancel);

    /// <summary>Puts texts into the index in place of older ones of the same calls, inside the context's open transaction.</summary>
    Task PutAsync(IReadOnlyList<SpokenText> texts, CancellationToken cancel);

    /// <summary>The index has seen the changes of these calls; inside the context's open transaction.</summary>
    Task SettleAsync(IReadOnlyList<long> callIds, CancellationToken cancel);
}

/// <summary>What can be found of one call.</summary>
/// <param name="CallId">Our id.</param>
/// <param name="Said">The turns, one line each.</param>
/// <param name="Summary">The summary.</param>
public sealed record SpokenText(long CallId, string Said, string Summary);

/// <summary>Words as they are searched for.</summary>
public static class SearchedWords
{
    /// <summary>Longer phrases are cut: what follows tells no calls apart any more, and databases limit their patterns.</summary>
    private const int Longest = 1_000;

    /// <summary>One form for letters with marks, no NUL, no broken signs.</summary>
    public static string Of(string words)
    {
        var safe = Webhooks.Wire.VendorText.Safe(words.Trim())!;
        safe = safe.Length > Longest ? safe[..(char.IsHighSurrogate(safe[Longest - 1]) ? Longest - 1 : Longest)] : safe;
        return safe.Normalize();
    }
}
