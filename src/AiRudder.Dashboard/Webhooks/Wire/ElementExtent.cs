namespace AiRudder.Dashboard.Webhooks.Wire;

/// <summary>Finds where one JSON value ends, from bytes that come in pieces. Counts brackets and watches quotes; knows nothing else of JSON.</summary>
internal sealed class ElementExtent
{
    private int depth;
    private bool inText;
    private bool escaped;
    private bool scalar;

    /// <returns>How many bytes of this piece belong to the value; -1 when all do and it goes on.</returns>
    public int Find(ReadOnlySpan<byte> piece)
    {
        for (var i = 0; i < piece.Length; i++)
        {
            var letter = piece[i];
            if (inText)
            {
                if (escaped)
                {
                    escaped = false;
                    continue;
                }

                escaped = letter == '\\';
                inText = letter != '"';
                if (!inText && depth == 0)
                {
                    return i + 1;
                }

                continue;
            }

            switch (letter)
            {
                case (byte)'"':
                    inText = true;
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when scalar || depth == 0:
                    return i;
                case (byte)'}' or (byte)']':
                    if (--depth == 0)
                    {
                        return i + 1;
                    }

                    break;
                case (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' when depth == 0:
                    return i;
                default:
                    // A number, or a word that is none: it ends where something else begins.
                    scalar = depth == 0;
                    break;
            }
        }

        return -1;
    }
}
