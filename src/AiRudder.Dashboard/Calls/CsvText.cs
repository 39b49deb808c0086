using System.Buffers;

namespace AiRudder.Dashboard.Calls;

/// <summary>Cells by RFC 4180 that no spreadsheet takes for a formula.</summary>
public static class CsvText
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",;\"\r\n\t");

    /// <summary>One line with its end.</summary>
    public static string Line(params IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    /// <summary>
    /// A cell that a spreadsheet would calculate gets an apostrophe in front. A plus sign followed by digits alone is a phone number: it
    /// can only evaluate to itself, so it stays as it is for those who dial from the file.
    /// </summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        if (!IsPhoneNumber(text) && (Calculates(text[0]) || Calculates(text.AsSpan().TrimStart() is [var first, ..] ? first : ' ')))
        {
            text = "'" + text;
        }

        return text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>The full-width forms count too: spreadsheets of East Asian editions read them as the plain ones.</summary>
    private static bool Calculates(char first) => first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '\0' or '\uff1d' or '\uff0b' or '\uff0d' or '\uff20';

    private static bool IsPhoneNumber(string text) => text is ['+', _, ..] && text.Length <= 20 && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');
}
