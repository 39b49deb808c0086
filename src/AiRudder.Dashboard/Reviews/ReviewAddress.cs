using System.Globalization;

namespace AiRudder.Dashboard.Reviews;

/// <summary>Addresses of what is reviewed.</summary>
public static class ReviewAddress
{
    /// <summary>A call, opened from its place in the queue.</summary>
    public static string Of(ReviewItem item) => string.Create(CultureInfo.InvariantCulture, $"/calls/{item.CallId}?review={item.Id}");

    /// <summary>The call that comes next: it plays at once.</summary>
    public static string Next(ReviewItem item) => Of(item) + "&play=1";

    /// <summary>The two reviews of a call side by side.</summary>
    public static string OfPair(long callId) => string.Create(CultureInfo.InvariantCulture, $"/reviews/pairs/{callId}");
}
