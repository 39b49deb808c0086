namespace AiRudder.Dashboard.Accounts;

/// <summary>Which kind of caller a path belongs to, and so how it is answered.</summary>
public static class Paths
{
    /// <summary>Programs: errors are problem details, and nobody is sent to the sign-in page.</summary>
    public static bool IsApi(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/hubs") || path.StartsWithSegments("/openapi");

    /// <summary>The sender and monitors: their endpoints say everything themselves.</summary>
    public static bool IsDoor(PathString path) => path.StartsWithSegments("/webhooks") || path.StartsWithSegments("/health");

    /// <summary>Long connections of an open page.</summary>
    public static bool IsCircuit(PathString path) => path.StartsWithSegments("/_blazor") || path.StartsWithSegments("/hubs");

    /// <summary>Everything a person looks at.</summary>
    public static bool IsPage(PathString path) => !IsApi(path) && !IsDoor(path) && !path.StartsWithSegments("/_blazor");

    /// <summary>Keeps a way back inside this site; anything else leads to the first page.</summary>
    public static string LocalOrHome(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";
}
