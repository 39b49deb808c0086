using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>How JSON is read and written on the wire's side.</summary>
public static class WireJson
{
    /// <summary>Writes every script as itself, so that stored text can be searched and read.</summary>
    public static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        Encoder = new EveryScript(),
    };

    /// <summary>One element deeper than this is quarantined: nothing of the vendor's is deeper than four.</summary>
    public static readonly JsonDocumentOptions Element = new() { MaxDepth = 64 };

    /// <summary>An envelope is kept whatever it holds beside its known fields: what costs no call must not be too deep either.</summary>
    public static readonly JsonDocumentOptions Envelope = new() { MaxDepth = 1_000_000 };

    /// <summary>The content of a JSON string whose escapes include halves of surrogate pairs, kept as they are.</summary>
    public static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\' || i + 1 >= raw.Length)
            {
                text.Append(raw[i]);
                continue;
            }

            var escape = raw[++i];
            if (escape == 'u' && i + 4 <= raw.Length - 1 && ushort.TryParse(raw.Slice(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var unit))
            {
                text.Append((char)unit);
                i += 4;
                continue;
            }

            text.Append(escape switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
        }

        return text.ToString();
    }

    /// <summary>The most relaxed encoder of the framework escapes whatever lies beyond the first 65,536 characters: emoji, and rare signs of names.</summary>
    private sealed class EveryScript : JavaScriptEncoder
    {
        private static readonly JavaScriptEncoder Relaxed = UnsafeRelaxedJsonEscaping;

        public override int MaxOutputCharactersPerInputCharacter => Relaxed.MaxOutputCharactersPerInputCharacter;

        public override bool WillEncode(int unicodeScalar) => unicodeScalar <= char.MaxValue && Relaxed.WillEncode(unicodeScalar);

        public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
        {
            var span = new ReadOnlySpan<char>(text, textLength);
            for (var i = 0; i < span.Length; i++)
            {
                if (char.IsHighSurrogate(span[i]) && i + 1 < span.Length && char.IsLowSurrogate(span[i + 1]))
                {
                    i++;
                }
                else if (char.IsSurrogate(span[i]) || Relaxed.WillEncode(span[i]))
                {
                    return i;
                }
            }

            return -1;
        }

        public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
            Relaxed.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
    }
}
