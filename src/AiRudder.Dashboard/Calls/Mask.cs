namespace AiRudder.Dashboard.Calls;

/// <summary>What of personal data leaves the server without the right to reveal it.</summary>
public static class Mask
{
    private const string Hidden = "•••";

    /// <summary>A number's last three digits; nothing of a number too short to hide in.</summary>
    public static string? Number(string? number) => number switch
    {
        null => null,
        { Length: > 5 } => "•••• " + number[^3..],
        _ => "••••",
    };

    /// <summary>A name or another uploaded value: nothing of it, not even its length.</summary>
    public static string? Value(string? value) => string.IsNullOrEmpty(value) ? value : Hidden;

    /// <summary>Text in which known numbers and names may be spoken: a transcript that greets a person by the uploaded name.</summary>
    public static string? Within(string? text, IReadOnlyList<string> secrets)
    {
        if (string.IsNullOrEmpty(text))
        {
            return text;
        }

        foreach (var secret in secrets)
        {
            text = text.Replace(secret, Hidden, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }
}
