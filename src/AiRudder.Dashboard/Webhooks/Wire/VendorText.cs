namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>Text from outside on its way into a column.</summary>
public static class VendorText
{
    /// <summary>NUL ends a text in some databases and lone surrogates are lost in UTF-8: both are shown as replaced. The original keeps them.</summary>
    public static string? Safe(string? text)
    {
        if (text is null)
        {
            return null;
        }

        text = text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\ufffd') : text;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text = string.Concat(text.AsSpan(0, i), "\ufffd", text.AsSpan(i + 1));
            }
        }

        return text;
    }
}
