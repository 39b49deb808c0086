using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace AiRudder.Dashboard.Live.Walls;

/// <summary>What the address of a wall says.</summary>
/// <param name="Tasks">AIRUDDER's ids of the tasks it rotates between, in that order; none for the whole floor and then the tasks that run.</param>
/// <param name="Every">How long each is shown.</param>
public sealed record WallAddress(IReadOnlyList<string> Tasks, TimeSpan Every)
{
    private const int Most = 20;

    /// <summary>Whether an address asks for a wall at all.</summary>
    public static bool Is(string uri)
    {
        var address = new Uri(uri);
        return address.AbsolutePath == "/wall" || (address.AbsolutePath == "/" && QueryHelpers.ParseQuery(address.Query).TryGetValue("wall", out var wall) && wall == "1");
    }

    /// <summary>Reads <c>tasks=id,id</c> and <c>every=seconds</c>; what cannot be read is as if it were not there: nobody is there to be told.</summary>
    public static WallAddress Read(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        var tasks = query.TryGetValue("tasks", out var named) ? named.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(Most).ToList() : [];
        var seconds = query.TryGetValue("every", out var every) && int.TryParse(every, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is >= 5 and <= 3600 ? given : 20;
        return new(tasks, TimeSpan.FromSeconds(seconds));
    }
}
