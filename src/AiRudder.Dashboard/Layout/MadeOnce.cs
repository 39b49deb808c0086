using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace AiRudder.Dashboard.Layout;

/// <summary>
/// What pages draw from something that many of them are given: made once for all of one language, and forgotten together with what it was
/// made from.
/// </summary>
public static class MadeOnce
{
    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<(object, string, string), object>> Made = [];

    /// <param name="source">What it is made from; never changed.</param>
    /// <param name="key">What else decides it, beside the reader's language and formats.</param>
    /// <param name="make">Makes it; several pages may at the same time, of which one wins.</param>
    public static T Of<T>(object source, object key, Func<T> make)
        where T : class =>
        (T)Made.GetOrCreateValue(source).GetOrAdd((key, CultureInfo.CurrentUICulture.Name, CultureInfo.CurrentCulture.Name), static (_, make) => make(), make);
}
