using System.Globalization;
using System.Text;

namespace AiRudder.Dashboard.Calls;

/// <summary>Text from outside made safe to look at: what would act on its surroundings is shown as a sign of itself.</summary>
public static class VisibleText
{
    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text) || !text.Any(Acts))
        {
            return text ?? "";
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var sign in text)
        {
            _ = !Acts(sign) ? shown.Append(sign)
                : sign < ' ' ? shown.Append((char)('\u2400' + sign))
                : shown.Append(CultureInfo.InvariantCulture, $"⟨U+{(int)sign:X4}⟩");
        }

        return shown.ToString();
    }

    /// <summary>Control characters except line breaks and tabs, and signs that turn the direction of what follows or cannot be seen.</summary>
    private static bool Acts(char sign) =>
        (char.IsControl(sign) && sign is not ('\n' or '\r' or '\t')) ||
        sign is '\u061c' or '\u200b' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u2069') or '\ufeff';

    /// <summary>Seconds as people read them: 1:02, or 1:02:03.</summary>
    public static string Clock(double seconds)
    {
        var whole = TimeSpan.FromSeconds(Math.Floor(Math.Max(0, seconds)));
        return whole.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)whole.TotalHours}:{whole.Minutes:00}:{whole.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole.Minutes}:{whole.Seconds:00}");
    }

    public static string Clock(int? seconds) => seconds is { } known ? Clock((double)known) : "–";
}
