namespace AiRudder.Dashboard.BrowserTests;

/// <summary>Debian's names for the browser, or what the environment says.</summary>
internal static class Chromium
{
    public static string? Path { get; } = new[]
    {
        Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    }.FirstOrDefault(File.Exists);

    public const string Missing = "no Chromium on this machine: install it (Debian: apt-get install chromium) or name it in CHROMIUM";
}

/// <summary>A test that needs a browser; shown as skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Path is null ? Chromium.Missing : null;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumTheoryAttribute : TheoryAttribute
{
    public ChromiumTheoryAttribute() => Skip = Chromium.Path is null ? Chromium.Missing : null;
}
